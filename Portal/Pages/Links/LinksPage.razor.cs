using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Products;
using Portal.Core.Visits;
using Portal.Hosting;
using Portal.Shared;
using Radzen;

namespace Portal.Pages.Links;

/// <summary>Invite links and the attribution script: how often links are opened, where they lead, and what the script is told.</summary>
public sealed partial class LinksPage
{
    private const int Shown = 10;

    [Inject]
    private ProductRegister Products { get; set; } = null!;

    [Inject]
    private LinkSearch Search { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    [Inject]
    private CodeQuestion Code { get; set; } = null!;

    [Inject]
    private CurrentActor Current { get; set; } = null!;

    [Inject]
    private IOptions<PortalOptions> Options { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    private string Origin => new Uri(Options.Value.PublicUrl!).GetLeftPart(UriPartial.Authority);

    private string Tag => $"<script type=\"module\" async src=\"{PortalUrls.AttributionScript(Options.Value.PublicUrl!)}\" data-product-id=\"{View!.Product.ProductId}\"></script>";

    /// <inheritdoc />
    protected override async Task<LinksView?> FetchAsync(CancellationToken ct) => new(
        await Products.GetAsync(Environment, ct), await Search.DaysAsync(Environment, ct), await Search.MostViewedAsync(Environment, Shown, ct));

    /// <inheritdoc />
    protected override Task OnChangedAsync() => ReloadCalmlyAsync(Clock);

    private async Task<Problem?> SaveAsync(int version, Func<ProductSettings, ProductSettings> change)
    {
        if (!await MayAsync(Policies.Administer)) return new Problem("denied", "Your role may not do this any more.");
        if (Environment.IsLive() && !await Code.PassAsync((await Authentication).User, Gone)) return new Problem("denied", "Nothing was changed: a fresh code is needed.");
        if (!(await Products.ChangeAsync(Environment, version, change, Current.Actor, Gone)).TryGet(out _, out var problem)) return problem;
        Notifications.Notify(NotificationSeverity.Success, "Saved", "Links and scripts follow within some seconds.");
        await ReloadAsync();
        StateHasChanged();   // the card waits for what stands now
        return null;
    }
}
