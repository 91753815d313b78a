using System.Globalization;
using Portal.Core.Data;
using Portal.Core.Rebuild;
using Quartz;

namespace Portal.Jobs;

/// <summary>Does one rebuild that was asked for. Its progress and its result are in its own row, not in the scheduler's.</summary>
public sealed class RebuildJob(RebuildWork work) : IJob
{
    /// <summary>The job's name.</summary>
    public static readonly JobKey Key = new("rebuild");

    /// <summary>The run's id among the trigger's data.</summary>
    public const string Run = "run";

    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var id = long.Parse(context.MergedJobDataMap.GetString(Run)!, CultureInfo.InvariantCulture);
        var run = await work.RunAsync(id, cancellationToken);
        context.Result = run is null ? JobRunReport.Skipped("Nothing to do.") : JobRunReport.Succeeded($"Rebuild {id} of {run.Environment.Word()}: {run.State.Word()}.");
    }
}

/// <summary>Starts the job when a rebuild is asked for, and after a start takes up what the last stop left.</summary>
internal sealed class RebuildStarter(RebuildDesk desk, ISchedulerFactory schedulers, ILogger<RebuildStarter> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        desk.Asked += Begin;
        await desk.ResumeAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        desk.Asked -= Begin;
        return Task.CompletedTask;
    }

    private void Begin(long id) => _ = Task.Run(async () =>
    {
        try
        {
            var scheduler = await schedulers.GetScheduler();
            await scheduler.TriggerJob(RebuildJob.Key, new JobDataMap { [RebuildJob.Run] = id.ToString(CultureInfo.InvariantCulture) });
        }
        catch (Exception exception)
        {
            logger.RebuildNotStarted(id, exception);
        }
    });
}

internal static partial class RebuildLog
{
    [LoggerMessage(1301, LogLevel.Error, "Rebuild {Id} could not be started; the next start marks it interrupted")]
    public static partial void RebuildNotStarted(this ILogger logger, long id, Exception exception);
}
