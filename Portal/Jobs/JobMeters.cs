using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Portal.Core.Data;
using Portal.Core.Telemetry;
using Quartz;

namespace Portal.Jobs;

/// <summary>Counts the runs of all jobs on this instance.</summary>
internal sealed class JobMeters : IJobListener
{
    private const string Job = "portal.job";

    private readonly ConcurrentDictionary<string, DateTimeOffset> _succeeded = new();
    private readonly Counter<long> _runs;
    private readonly Histogram<double> _durations;
    private readonly TimeProvider _clock;

    public JobMeters(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        var meter = meters.Create(PortalTelemetry.Name);
        _runs = meter.CreateCounter<long>("portal.job.runs", "{run}", "Runs of background jobs on this instance, by result.");
        _durations = meter.CreateHistogram<double>("portal.job.duration", "s", "How long the runs of background jobs took.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900] });
        meter.CreateObservableGauge("portal.job.last_success.time", Successes, "s", "When a background job last ended well on this instance, in seconds since 1970.");
        foreach (var entry in JobSchedule.All)
        {
            foreach (var outcome in Enum.GetValues<JobOutcome>()) Count(entry.Key, outcome, 0);
        }
    }

    /// <inheritdoc />
    public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default)
    {
        var job = context.JobDetail.Key;
        var outcome = jobException is not null ? (context.CancellationToken.IsCancellationRequested ? JobOutcome.Stopped : JobOutcome.Failed)
            : context.Result is JobRunReport report ? JobBoard.OutcomeOf(report.Result) : JobOutcome.Succeeded;
        Count(job, outcome, 1);
        _durations.Record(context.JobRunTime.TotalSeconds, new KeyValuePair<string, object?>(Job, job.Name));
        if (outcome is JobOutcome.Succeeded or JobOutcome.Idle) _succeeded[job.Name] = _clock.GetUtcNow();
        return ValueTask.CompletedTask;
    }

    private void Count(JobKey job, JobOutcome outcome, long runs) =>
        _runs.Add(runs, new(Job, job.Name), new KeyValuePair<string, object?>(PortalTelemetry.Outcome, outcome.Word()));

    private IEnumerable<Measurement<long>> Successes() =>
        _succeeded.Select(s => new Measurement<long>(s.Value.ToUnixTimeSeconds(), new KeyValuePair<string, object?>(Job, s.Key)));
}
