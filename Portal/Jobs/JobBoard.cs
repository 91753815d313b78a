using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Overview;
using Quartz;
using Quartz.Extensibility;

namespace Portal.Jobs;

/// <summary>What an operator may know of the background work, and the one thing to be done about it: start a job now.</summary>
public sealed class JobBoard(ISchedulerFactory schedulers, IExecutionHistoryStore history, OverviewFigures figures, PortalStore store, TimeProvider clock)
{
    /// <summary>The most runs that are shown of a job.</summary>
    public const int MostRuns = 20;

    private static readonly JobRunResult[] Eventful = [JobRunResult.Succeeded, JobRunResult.Failed, JobRunResult.Cancelled];
    private static readonly JobRunResult[] Failures = [JobRunResult.Failed, JobRunResult.Cancelled];

    /// <summary>Every job of <see cref="JobSchedule.All"/> as it stands, and what waits for the drain.</summary>
    /// <param name="withIdleRuns">Whether runs that found nothing to do are listed too.</param>
    /// <param name="ct">Stops the reading.</param>
    public async Task<JobsSnapshot> FindAsync(bool withIdleRuns, CancellationToken ct)
    {
        var scheduler = await schedulers.GetScheduler(ct);
        var inboxes = new List<InboxOf>();
        foreach (var environment in Core.PortalEnvironments.All) inboxes.Add(new InboxOf(environment, await figures.InboxAsync(environment, ct)));
        var jobs = new List<JobStanding>();
        foreach (var entry in JobSchedule.All) jobs.Add(await StandingAsync(scheduler, entry, withIdleRuns, ct));
        return new JobsSnapshot(await scheduler.GetStatus(ct) == SchedulerStatus.Running, inboxes, jobs);
    }

    /// <summary>Starts a job at once, or as soon as its present run ends.</summary>
    /// <returns>False where there is no such job.</returns>
    public async Task<bool> RunNowAsync(string job, Actor actor, CancellationToken ct)
    {
        if (JobSchedule.All.FirstOrDefault(e => e.Key.Name == job) is not { } entry) return false;
        await store.WriteAsync(db => db.Audit(actor, clock.GetUtcNow(), null, "job.started", job), ct);
        var scheduler = await schedulers.GetScheduler(ct);
        await scheduler.TriggerJob(entry.Key, cancellationToken: ct);
        return true;
    }

    private async Task<JobStanding> StandingAsync(IScheduler scheduler, JobEntry entry, bool withIdleRuns, CancellationToken ct)
    {
        var running = await scheduler.QueryFireInstances(new FireInstanceQuery { Job = entry.Key, State = FireInstanceState.Executing, Take = 1 }, ct);
        var trigger = await scheduler.GetTrigger(entry.Trigger, ct);
        var state = await scheduler.GetTriggerState(entry.Trigger, ct);
        var status = await history.GetJobRunStatus(scheduler.SchedulerName, entry.Key, ct);
        return new JobStanding(entry.Key.Name, entry.Title, entry.Why, entry.Every)
        {
            RunningSince = running.Items.Count > 0 ? running.Items[0].FireTimeUtc : null,
            NextAt = trigger?.NextFireTimeUtc,
            IsHalted = trigger is null || state is TriggerState.Error or TriggerState.Paused,
            Last = status is null ? null : new JobRun(status.LastFiredAtUtc, OutcomeOf(status.LastResult), status.LastDuration, IsWoken: false, status.LastSummary,
                status.LastResult == JobRunResult.Failed ? status.LastFailureMessage : null),
            FailuresInARow = status?.ConsecutiveFailures ?? 0,
            Runs = await RunsAsync(scheduler, entry, withIdleRuns ? null : Eventful, ct),
            Failures = await RunsAsync(scheduler, entry, Failures, ct),
        };
    }

    private async Task<IReadOnlyList<JobRun>> RunsAsync(IScheduler scheduler, JobEntry entry, JobRunResult[]? results, CancellationToken ct)
    {
        var query = new ExecutionHistoryQuery { SchedulerName = scheduler.SchedulerName, Job = entry.Key, Take = MostRuns };
        var found = await history.QueryExecutions(results is null ? query : query with { Results = results }, ct);
        return [.. found.Items.Select(e => new JobRun(
            e.FiredAtUtc, OutcomeOf(e.EffectiveResult), e.Duration, e.TriggerName != entry.Trigger.Name, e.Summary, e.ExceptionMessage))];
    }

    internal static JobOutcome OutcomeOf(JobRunResult result) => result switch
    {
        JobRunResult.Succeeded => JobOutcome.Succeeded,
        JobRunResult.Skipped => JobOutcome.Idle,
        JobRunResult.Cancelled => JobOutcome.Stopped,
        _ => JobOutcome.Failed,
    };
}
