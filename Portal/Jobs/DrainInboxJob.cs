using System.Globalization;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Pipeline;
using Quartz;

namespace Portal.Jobs;

/// <summary>
/// Drains the inbox through the pipeline, and folds again what changed otherwise. The inbox's rows are the record of work: this job
/// only says when. While it runs it stays for arrivals, so that a steady stream does not cost a scheduled job per event. One runs in a
/// process at a time; where several portals share a database, each drains what the others have not taken.
/// </summary>
public sealed class DrainInboxJob(EventPipeline pipeline, Refold refold, PortalStore store, IIntake intake, InboxSignal signal, TimeProvider clock, ILogger<DrainInboxJob> logger) : IJob
{
    /// <summary>The job's name.</summary>
    public static readonly JobKey Key = new("drain-inbox");

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(5);

    /// <summary>Arrivals per second above which the drain leaves most of the machine to them.</summary>
    private const double Flood = 400;

    /// <summary>How long the drain pauses in a flood, as a multiple of its last batch: it then takes a tenth of the time.</summary>
    private const int PauseInFlood = 9;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        using var attending = signal.TryAttend();
        if (attending is null)
        {
            context.Result = JobRunReport.Skipped("It is under way already.");
            return;
        }
        try
        {
            await DrainAsync(context, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The portal stops; the inbox keeps what is left.
        }
    }

    private async Task DrainAsync(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        context.Result = JobRunReport.Skipped("Nothing to do.");
        var (cycleAt, cycleFrom) = (started, intake.AcceptedSoFar);
        var (events, refolds) = (0, 0);
        while (clock.GetElapsedTime(started) < LongestRun)
        {
            var batchAt = clock.GetTimestamp();
            var (refolded, processed) = (false, 0);
            try
            {
                refolded = await refold.DrainAsync(cancellationToken);
                processed = await pipeline.DrainAsync(cancellationToken);   // in turn: a long refold must not hold up events
            }
            catch (Exception exception) when (exception is not OperationCanceledException && store.IsUnavailable(exception))
            {
                logger.DatabaseAway(exception.GetType().Name, exception.Message);   // nothing is lost: the events stay pending until it is back
                await Task.Delay(BetweenTries, clock, cancellationToken);
                continue;
            }
            if (refolded || processed > 0)
            {
                (events, refolds) = (events + processed, refolds + (refolded ? 1 : 0));
                context.Result = JobRunReport.Succeeded(Says(events, refolds));
                // Acknowledging comes first: nothing is lost by waiting, while a provider that is kept waiting gives up.
                var arrivals = (intake.AcceptedSoFar - cycleFrom) / Math.Max(clock.GetElapsedTime(cycleAt).TotalSeconds, 0.001);
                (cycleAt, cycleFrom) = (clock.GetTimestamp(), intake.AcceptedSoFar);
                if (arrivals > Flood) await PauseAsync(clock.GetElapsedTime(batchAt) * PauseInFlood, cancellationToken);
                continue;
            }
            if (!await signal.WaitAsync(Linger, cancellationToken)) return;
            (cycleAt, cycleFrom) = (clock.GetTimestamp(), intake.AcceptedSoFar);
        }
    }

    private static string Says(int events, int refolds) => string.Create(CultureInfo.InvariantCulture,
        $"{events:N0} {(events == 1 ? "event" : "events")}{(refolds > 0 ? $", {refolds:N0} {(refolds == 1 ? "batch" : "batches")} folded again" : "")}");

    private Task PauseAsync(TimeSpan pause, CancellationToken ct) => Task.Delay(pause < LongestPause ? pause : LongestPause, clock, ct);
}
