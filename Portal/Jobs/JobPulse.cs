using Quartz;
using Quartz.Extensibility;

namespace Portal.Jobs;

/// <summary>Whether the background work is alive, in a few cheap questions.</summary>
internal sealed class JobPulse(ISchedulerFactory schedulers, IExecutionHistoryStore history, TimeProvider clock)
{
    /// <summary>Since when there could have been any.</summary>
    public DateTimeOffset StartedAt { get; } = clock.GetUtcNow();

    /// <summary>Whether the scheduler starts jobs.</summary>
    public async Task<bool> IsRunningAsync(CancellationToken ct) => await (await schedulers.GetScheduler(ct)).GetStatus(ct) == SchedulerStatus.Running;

    /// <summary>When the inbox was last swept without breaking, by this instance or another.</summary>
    public async Task<DateTimeOffset?> LastSweepAsync(CancellationToken ct)
    {
        var scheduler = await schedulers.GetScheduler(ct);
        var status = await history.GetJobRunStatus(scheduler.SchedulerName, DrainInboxJob.Key, ct);
        return status is null || status.LastResult == JobRunResult.Failed ? status?.LastSucceededAtUtc : status.LastFiredAtUtc + status.LastDuration;
    }
}
