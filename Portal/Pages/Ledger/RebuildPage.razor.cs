using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Rebuild;
using Portal.Shared;
using Radzen;

namespace Portal.Pages.Ledger;

/// <summary>What the page shows.</summary>
/// <param name="UnderWay">The run that is under way, if there is one.</param>
/// <param name="Shown">The run whose result is shown.</param>
/// <param name="Report">Its result.</param>
/// <param name="Runs">The runs, newest first.</param>
public sealed record RebuildView(RebuildRun? UnderWay, RebuildRun? Shown, RebuildReport? Report, Page<RebuildRun> Runs);

/// <summary>Proves that the ledger is what the stored events make it, or shows where it is not.</summary>
public sealed partial class RebuildPage
{
    private const int RunsShown = 20;
    private bool _isBusy;

    [Inject]
    private RebuildDesk Desk { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    [Inject]
    private CurrentActor Current { get; set; } = null!;

    [SupplyParameterFromQuery]
    private long? Run { get; set; }

    [SupplyParameterFromQuery]
    private long? Before { get; set; }

    [SupplyParameterFromQuery]
    private long? After { get; set; }

    /// <inheritdoc />
    protected override async Task<RebuildView?> FetchAsync(CancellationToken ct)
    {
        var newest = await Desk.ListAsync(Environment, null, PageDirection.Older, RunsShown, ct);
        var runs = (Before ?? After) is { } cursor ? await Desk.ListAsync(Environment, cursor, Before is null ? PageDirection.Newer : PageDirection.Older, RunsShown, ct) : newest;
        var shown = Run is { } id ? await Desk.FindAsync(Environment, id, ct) : newest.Items.FirstOrDefault(r => !r.IsUnderWay);
        if (Run is not null && shown is null) return null;
        return new RebuildView(newest.Items.FirstOrDefault(r => r.IsUnderWay), shown is { IsUnderWay: true } ? null : shown, shown?.Report(), runs);
    }

    private async Task ApplyAsync()
    {
        var sure = await Dialogs.Confirm(
            "Everything is recomputed once more; what differs then is posted to the ledger with this rebuild as its cause. Entries are never taken away: the difference is posted on top.",
            $"Apply the differences to {Words.Of(Environment)}?", new ConfirmOptions { OkButtonText = "Apply them", CancelButtonText = "Leave it as it is" });
        if (sure is true) await StartAsync(apply: true);
    }

    private async Task StartAsync(bool apply)
    {
        if (!await MayAsync(apply ? Policies.ManageMoney : Policies.Operate)) return;
        _isBusy = true;
        var started = await Desk.StartAsync(Environment, apply, Current.Actor, Gone);
        _isBusy = false;
        if (!started.TryGet(out _, out var problem)) Notifications.Notify(NotificationSeverity.Error, "Not started", problem.Detail);
        else if (Run is not null || Before is not null || After is not null) Navigation.NavigateTo(PortalUrls.Rebuild(Environment));
        else await ReloadAsync();
    }

    private async Task CancelAsync(RebuildRun run)
    {
        if (!await MayAsync(Policies.Operate)) return;
        if (!(await Desk.CancelAsync(Environment, run.Id, Current.Actor, Gone)).TryGet(out _, out var problem)) Notifications.Notify(NotificationSeverity.Error, "Not stopped", problem.Detail);
        await ReloadAsync();
    }

    private string Step(string cursor, PageDirection direction) => PortalUrls.Rebuild(Environment, Run, long.Parse(cursor, CultureInfo.InvariantCulture), direction);

    private static Tone ToneOf(RebuildRun run, RebuildReport? report) => run.State switch
    {
        RebuildState.Running or RebuildState.Applying => Tone.Busy,
        RebuildState.Done => report?.DifferencesInAll == 0 ? Tone.Good : run.Apply ? Tone.Warn : Tone.Bad,
        RebuildState.Failed => Tone.Bad,
        _ => Tone.Quiet,
    };

    private static string Says(RebuildRun run, RebuildReport? report) => run.State switch
    {
        RebuildState.Running => "Recomputing",
        RebuildState.Applying => "Posting",
        RebuildState.Cancelled => "Stopped",
        RebuildState.Interrupted => "Interrupted by a restart",
        RebuildState.Failed => "Failed",
        _ => (report?.DifferencesInAll ?? 0) == 0 ? "No difference" : Words.Plural(report!.DifferencesInAll, "difference", "differences") + (run.Apply ? ", applied" : ""),
    };
}
