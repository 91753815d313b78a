using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Ledger;
using Portal.Core.Pipeline;
using Portal.Core.Telemetry;

namespace Portal.Core.Rebuild;

/// <summary>Does what was asked for at the desk: recomputes with progress, keeps the result, and where that was asked, has it posted.</summary>
public sealed class RebuildWork(PortalStore store, RebuildDesk desk, ChangeFeed changes, InboxSignal signal, TimeProvider clock, ILogger<RebuildWork> logger)
{
    private const int SubjectsAtOnce = 100;
    private const int FactsAtOnce = 200;

    private static readonly TimeSpan BetweenNotes = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>Does one run to its end.</summary>
    /// <returns>The run; null where there is nothing to do for it any more.</returns>
    public async Task<RebuildRun?> RunAsync(long id, CancellationToken ct)
    {
        await using var own = await store.TryOwnAsync(NameOf(id), CancellationToken.None);
        if (own is null) return null;   // somebody else is at it
        RebuildRun? run;
        await using (var db = store.OpenRead()) run = await db.RebuildRuns.FirstOrDefaultAsync(r => r.Id == id, CancellationToken.None);   // a stop is to be noted, too
        if (run is not { IsUnderWay: true }) return null;
        using var span = PortalTelemetry.Spans.StartActivity("portal.rebuild");
        span?.SetTag(PortalTelemetry.Environment, run.Environment.Slug());
        using var scope = logger.In(run.Environment);
        try
        {
            if (run.State == RebuildState.Running) await RecomputeAsync(run, ct);
            if (run.State == RebuildState.Applying) await AwaitPostingsAsync(run, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            if (run.State == RebuildState.Applying) throw;   // the postings go on after the next start, and so does this
            run.State = RebuildState.Interrupted;
        }
        catch (OperationCanceledException)
        {
            run.State = RebuildState.Cancelled;
        }
        catch (Exception exception)
        {
            logger.RebuildBroke(id, exception);
            (run.State, run.Error) = (RebuildState.Failed, $"It broke ({exception.GetType().Name}); the portal's log has the details under rebuild {id}.");
        }
        run.EndedAt = clock.GetUtcNow();
        await store.WriteAsync(db => db.Update(run), CancellationToken.None);
        span?.SetTag(PortalTelemetry.Events, run.Events).SetTag(PortalTelemetry.Postings, run.Posted).SetTag(PortalTelemetry.Outcome, run.State.Word());
        desk.Ended(run);
        return run;
    }

    /// <summary>By what whoever does a run owns it.</summary>
    internal static string NameOf(long id) => $"rebuild/{id}";

    private async Task RecomputeAsync(RebuildRun run, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var sinceNote = Stopwatch.StartNew();
        var rebuild = new LedgerRebuild(store, run.Environment);
        var report = await rebuild.RunAsync(async so =>
        {
            (run.Events, run.Referrals, run.Percent) = (so.Events, so.Referrals, so.Percent);
            if (sinceNote.Elapsed < BetweenNotes) return;
            sinceNote.Restart();
            if (await NoteAsync(run, ct)) await stop.CancelAsync();
        }, stop.Token);
        if (await NoteAsync(run, ct)) throw new OperationCanceledException("A person stopped it.");
        run.ReportJson = RebuildRun.Write(report);
        var (corrections, subjects) = rebuild.ToApply;
        if (!run.Apply || report.Differences.Count == 0)
        {
            run.State = RebuildState.Done;
            return;
        }
        foreach (var some in corrections.Facts.Values.Chunk(FactsAtOnce)) await store.WriteAsync(db => SaveFacts(db, some), ct);
        await store.WriteAsync(db =>
        {
            foreach (var some in subjects.Chunk(SubjectsAtOnce))
                db.RefoldRequests.Add(new RefoldRequest { Environment = run.Environment, CauseKind = RefoldRequest.OfRebuild, CauseId = CauseOf(run), Subjects = some.ToJson(), RequestedAt = clock.GetUtcNow() });
            run.State = RebuildState.Applying;
            db.Update(run);
        }, ct);
        signal.Wake();
    }

    /// <summary>Writes the progress.</summary>
    /// <returns>Whether a person asked it to stop.</returns>
    private async Task<bool> NoteAsync(RebuildRun run, CancellationToken ct)
    {
        var (id, events, referrals, percent) = (run.Id, run.Events, run.Referrals, run.Percent);
        run.IsCancelAsked = await store.WriteAsync(db =>
        {
            db.RebuildRuns.Where(r => r.Id == id).ExecuteUpdate(set => set.SetProperty(r => r.Events, events).SetProperty(r => r.Referrals, referrals).SetProperty(r => r.Percent, percent));
            return db.RebuildRuns.Where(r => r.Id == id).Select(r => r.IsCancelAsked).Single();
        }, ct);
        changes.Publish(run.Environment);
        return run.IsCancelAsked;
    }

    /// <summary>Puts facts right that are still as they were found; an event that told one anew meanwhile is right itself.</summary>
    private static void SaveFacts(PortalDb db, IEnumerable<FactCorrection> corrections)
    {
        foreach (var (stored, stands) in corrections)
        {
            var fact = (stored ?? stands)!;
            var now = db.Facts.FirstOrDefault(f => f.Environment == fact.Environment && f.Scope == fact.Scope && f.NaturalKey == fact.NaturalKey);
            if (now?.Data != stored?.Data || now?.EventId != stored?.EventId) continue;
            if (now is not null) db.Remove(now);
            db.SaveChanges();   // the old telling is gone before the right one comes
            if (stands is not null) db.Add(stands);
        }
    }

    /// <summary>The drain folds again what differs, in turn with everything else that it does; this only waits for it.</summary>
    private async Task AwaitPostingsAsync(RebuildRun run, CancellationToken ct)
    {
        var cause = CauseOf(run);
        while (true)
        {
            await using (var db = store.OpenRead())
            {
                if (!await db.RefoldRequests.AnyAsync(r => r.Environment == run.Environment && r.CauseKind == RefoldRequest.OfRebuild && r.CauseId == cause, ct))
                {
                    run.Posted = await db.LedgerEntrySets.CountAsync(s => s.Environment == run.Environment && s.CauseKind == RefoldRequest.OfRebuild && s.CauseId == cause, ct);
                    run.State = RebuildState.Done;
                    return;
                }
            }
            await Task.Delay(BetweenLooks, ct);
        }
    }

    private static string CauseOf(RebuildRun run) => run.Id.ToString(CultureInfo.InvariantCulture);
}

internal static partial class RebuildLog
{
    [LoggerMessage(1120, LogLevel.Error, "Rebuild {Id} broke")]
    public static partial void RebuildBroke(this ILogger logger, long id, Exception exception);
}
