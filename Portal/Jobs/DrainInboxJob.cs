using Portal.Core.Inbox;
using Portal.Core.Pipeline;
using Quartz;

namespace Portal.Jobs;

/// <summary>
/// Drains the inbox through the pipeline, and folds again what changed otherwise. The inbox's rows are the record of work: this job
/// only says when. While it runs it stays for arrivals, so that a steady stream does not cost a scheduled job per event.
/// </summary>
[DisallowConcurrentExecution]
public sealed class DrainInboxJob(EventPipeline pipeline, Refold refold, IIntake intake, InboxSignal signal, TimeProvider clock) : IJob
{
    /// <summary>The job's name.</summary>
    public static readonly JobKey Key = new("drain-inbox");

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(5);

    /// <summary>Arrivals per second above which the drain leaves most of the machine to them.</summary>
    private const double Flood = 600;

    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        using var attending = signal.Attend();
        var started = clock.GetTimestamp();
        while (clock.GetElapsedTime(started) < LongestRun)
        {
            var (batchAt, acceptedBefore) = (clock.GetTimestamp(), intake.AcceptedSoFar);
            if (await refold.DrainAsync(cancellationToken) || await pipeline.DrainAsync(cancellationToken) > 0)
            {
                await StandBackAsync(clock.GetElapsedTime(batchAt), intake.AcceptedSoFar - acceptedBefore, cancellationToken);
                continue;
            }
            if (!await signal.WaitAsync(Linger, cancellationToken)) return;
        }
    }

    /// <summary>
    /// Acknowledging comes first: in a flood of arrivals the drain takes a fifth of the time, and catches up after it. Nothing is
    /// lost by waiting, while a provider that is kept waiting gives up.
    /// </summary>
    private async Task StandBackAsync(TimeSpan batch, long arrivals, CancellationToken ct)
    {
        if (arrivals / Math.Max(batch.TotalSeconds, 0.001) > Flood) await Task.Delay(batch * 4, clock, ct);
    }
}
