using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Products;
using Portal.Hosting;
using Portal.Shared;
using Radzen;

namespace Portal.Pages.AccessKeys;

/// <summary>The product's id and secrets, and the key pairs of the REST API: made, shown once, rolled with an overlap, revoked.</summary>
public sealed partial class AccessKeysPage
{
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    [Inject]
    private ProductRegister Products { get; set; } = null!;

    [Inject]
    private ProductSecrets Secrets { get; set; } = null!;

    [Inject]
    private Core.Access.AccessKeys Keys { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    [Inject]
    private CodeQuestion Code { get; set; } = null!;

    [Inject]
    private CurrentActor Current { get; set; } = null!;

    [Inject]
    private IOptions<PortalOptions> Options { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task<AccessKeysView?> FetchAsync(CancellationToken ct) =>
        new(await Products.GetAsync(Environment, ct), await Secrets.ListAsync(Environment, ct), await Keys.ListAsync(Environment, ct));

    private async Task MakeSecretAsync()
    {
        if (!await MayAdministerAsync()) return;
        var (secret, hadOne) = (ProductSecrets.Make(), View!.HasSecret);
        if (!(await Secrets.RollAsync(Environment, secret, Overlap, Current.Actor, Gone)).TryGet(out _, out var problem))
        {
            Refuse(problem);
            return;
        }
        await ShowAsync("Product secret", $"Put it where your server keeps secrets: it is not shown again.{(hadOne ? " Tokens signed with the one before are accepted for another 24 hours." : "")}", ("Product secret", secret));
    }

    private async Task RevokeSecretAsync(SigningSecretRow secret)
    {
        if (!await IsSureAsync("Tokens signed with it are refused from this moment on. This cannot be undone.", $"Revoke this product secret of {Words.Of(Environment)}?")) return;
        await Secrets.RevokeAsync(Environment, secret.Id, Current.Actor, Gone);
        await ReloadAsync();
    }

    private async Task CreateKeyAsync()
    {
        if (await Dialogs.OpenAsync<NewKeyDialog>($"Create an access key · {Words.Of(Environment)}") is not (string name, string scope) || !await MayAdministerAsync()) return;
        await ShowAsync(await Keys.CreateAsync(Environment, name, scope, Current.Actor, Gone), "");
    }

    private async Task RollKeyAsync(AccessKeyRow key)
    {
        var sure = await Dialogs.Confirm("A new pair with the same name and rights is made. The old one, and the tokens it was given, are accepted for another 24 hours.", $"Roll {key.AccessKeyId}?",
            new ConfirmOptions { OkButtonText = "Roll", CancelButtonText = "Keep it" });
        if (sure is not true || !await MayAdministerAsync()) return;
        await ShowAsync(await Keys.RollAsync(Environment, key.Id, Overlap, Current.Actor, Gone), " The old pair is accepted for another 24 hours.");
    }

    private async Task RevokeKeyAsync(AccessKeyRow key)
    {
        if (!await IsSureAsync("Its tokens are refused from this moment on. This cannot be undone.", $"Revoke {key.AccessKeyId}?")) return;
        await Keys.RevokeAsync(Environment, key.Id, Current.Actor, Gone);
        await ReloadAsync();
    }

    private async Task ShowAsync(Outcome<NewAccessKey> made, string more)
    {
        if (made.TryGet(out var key, out var problem))
            await ShowAsync("Access key", $"Put both where your server keeps secrets: the secret is not shown again.{more}", ("Access key id", key.AccessKeyId), ("Secret access key", key.SecretAccessKey));
        else Refuse(problem);
    }

    private async Task ShowAsync(string title, string says, params List<(string, string)> pairs)
    {
        await Dialogs.OpenAsync<ShownOnceDialog>($"{title} · {Words.Of(Environment)}", new Dictionary<string, object?> { [nameof(ShownOnceDialog.Says)] = says, [nameof(ShownOnceDialog.Pairs)] = pairs });
        await ReloadAsync();
    }

    private void Refuse(Problem problem) => Notifications.Notify(NotificationSeverity.Error, "Not possible", problem.Detail);

    private async Task<bool> IsSureAsync(string consequence, string question) =>
        await Dialogs.Confirm(consequence, question, new ConfirmOptions { OkButtonText = "Revoke", CancelButtonText = "Keep it" }) is true && await MayAdministerAsync();

    /// <summary>Asked at the moment of doing it; secrets of Production ask for a fresh code of whoever has a second factor.</summary>
    private async Task<bool> MayAdministerAsync() =>
        await MayAsync(Policies.Administer) && (!Environment.IsLive() || await Code.PassAsync((await Authentication).User, Gone));
}
