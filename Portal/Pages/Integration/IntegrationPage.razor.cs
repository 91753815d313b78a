using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Integration;
using Portal.Core.Products;
using Portal.Core.Sources;
using Portal.Shared;
using Radzen;

namespace Portal.Pages.Integration;

/// <summary>The four components, a test run, and whether the product is launched.</summary>
public sealed partial class IntegrationPage
{
    [Inject]
    private IntegrationBoard Board { get; set; } = null!;

    [Inject]
    private TestRun Runs { get; set; } = null!;

    [Inject]
    private ProductRegister Products { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    [Inject]
    private CodeQuestion Code { get; set; } = null!;

    [Inject]
    private CurrentActor Current { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    private ProductSettings Settings => View!.Status.Product.Settings;

    /// <inheritdoc />
    protected override async Task<IntegrationView?> FetchAsync(CancellationToken ct)
    {
        var status = await Board.FindAsync(Environment, ct);
        return new IntegrationView(status, await Runs.FindAsync(Environment, status.Components[2], status.Components[3], ct));
    }

    private Task ChooseAsync(IntegrationComponent component, string? source) => ChangeAsync(
        settings => component == IntegrationComponent.Signups ? settings with { SignupSource = source ?? "" } : settings with { PurchaseSource = source ?? "" },
        "The source is another from now on.");

    private async Task ChangePhaseAsync()
    {
        var isLaunch = Settings.PreLaunch;
        var sure = await Dialogs.Confirm(
            isLaunch ? "Rewards of payments from now on are shown to referrers and can be paid out. What was paid before stays test data." : "Nothing is paid out and referrers see no rewards until you launch. Whatever customers paid up to the launch, everything until today included, stays test data for good: its rewards are never paid out. A launch cannot be undone.",
            isLaunch ? $"Launch {Words.Of(Environment)}?" : $"Put {Words.Of(Environment)} into pre-launch mode?", new ConfirmOptions { OkButtonText = isLaunch ? "Yes, launch" : "Yes, record test data", CancelButtonText = "Leave it" });
        if (sure is not true) return;
        var now = Clock.GetUtcNow();
        await ChangeAsync(settings => settings with { PreLaunch = !isLaunch, LaunchedAt = isLaunch ? now : settings.LaunchedAt }, isLaunch ? "Launched." : "Pre-launch mode is on.");
    }

    private async Task ChangeAsync(Func<ProductSettings, ProductSettings> change, string done)
    {
        if (!await MayAsync(Policies.Administer) || (Environment.IsLive() && !await Code.PassAsync((await Authentication).User, Gone))) return;
        if ((await Products.ChangeAsync(Environment, View!.Status.Product.Version, change, Current.Actor, Gone)).TryGet(out _, out var problem)) Notifications.Notify(NotificationSeverity.Success, "Saved", done);
        else Notifications.Notify(NotificationSeverity.Error, "Not possible", problem.Detail);
        await ReloadAsync();
    }

    private static string Field(TestedEvent tested, FieldCheck? check) => check switch
    {
        null or { Found: null } when !IntegrationBoard.TypesOf(IntegrationComponent.Signups, tested.Event.Source).Contains(tested.Event.Type) => "not needed here",
        null or { Found: null } => "missing",
        { Level: CheckLevel.Ok } => check.Found,
        _ => $"{check.Found} ({check.Label})",
    };
}
