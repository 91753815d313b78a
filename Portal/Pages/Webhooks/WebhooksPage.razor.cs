using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Inbox;
using Portal.Hosting;
using Portal.Shared;
using Radzen;

namespace Portal.Pages.Webhooks;

/// <summary>The endpoint, the secrets that open it, what it refused and why, and how to set it up.</summary>
public sealed partial class WebhooksPage
{
    private const int Shown = 20;

    [Inject]
    private SigningSecrets Secrets { get; set; } = null!;

    [Inject]
    private BasicCredentials Credentials { get; set; } = null!;

    [Inject]
    private DeliverySearch Deliveries { get; set; } = null!;

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

    private string Url => PortalUrls.StripeEndpoint(Options.Value.PublicUrl!, Environment);

    /// <inheritdoc />
    protected override async Task<WebhooksView?> FetchAsync(CancellationToken ct) => new(
        await Secrets.ListAsync(Environment, ct),
        await Credentials.ListAsync(Environment, ct),
        (await Deliveries.FindAsync(new DeliveryQuery { Environment = Environment, Outcome = DeliveryOutcome.Rejected, Limit = Shown }, ct)).Items);

    private Task AddAsync() => AskAsync("Add a signing secret", rolls: false,
        (entry, ct) => Secrets.AddAsync(Environment, entry.Secret, Current.Actor, ct), "The secret is in use from now on.");

    private Task RollAsync() => AskAsync("Roll the signing secret", rolls: true,
        (entry, ct) => Secrets.RollAsync(Environment, entry.Secret, entry.Overlap, Current.Actor, ct), "The new secret is in use; the old one lives until its overlap ends.");

    private async Task AskAsync(string title, bool rolls, Func<SecretEntry, CancellationToken, Task<Outcome<SigningSecretRow>>> save, string done)
    {
        if (!await MayAsync(Policies.Administer) || !await IsConfirmedAsync()) return;
        var saved = await Dialogs.OpenAsync<SecretDialog>($"{title} · {Words.Of(Environment)}", new Dictionary<string, object?>
        {
            [nameof(SecretDialog.Rolls)] = rolls,
            [nameof(SecretDialog.Save)] = (Func<SecretEntry, Task<Problem?>>)(async entry =>
                await MayAsync(Policies.Administer) && await IsConfirmedAsync() ? (await save(entry, Gone)).TryGet(out _, out var problem) ? null : problem : new Problem("denied", "Your role may not do this any more.")),
        });
        if (saved is not true) return;
        Notifications.Notify(NotificationSeverity.Success, "Saved", done);
        await ReloadAsync();
    }

    private async Task RevokeAsync(SigningSecretRow secret)
    {
        var last = View!.Secrets.Count(s => s.IsLiving) == 1;
        var sure = await Dialogs.Confirm(
            $"Deliveries signed with whsec_…{secret.LastFour} are refused from this moment on.{(last ? " It is the only one: nothing will come in until another is added." : "")} This cannot be undone.",
            $"Revoke this secret of {Words.Of(Environment)}?", new ConfirmOptions { OkButtonText = "Revoke", CancelButtonText = "Keep it" });
        if (sure is not true || !await MayAsync(Policies.Administer) || !await IsConfirmedAsync()) return;
        if (await Secrets.RevokeAsync(Environment, secret.Id, Current.Actor, Gone)) Notifications.Notify(NotificationSeverity.Success, "Revoked", $"whsec_…{secret.LastFour} is refused from now on.");
        await ReloadAsync();
    }

    /// <summary>Secrets of Production ask for a fresh code of whoever has a second factor.</summary>
    private async Task<bool> IsConfirmedAsync() => !Environment.IsLive() || await Code.PassAsync((await Authentication).User, Gone);
}
