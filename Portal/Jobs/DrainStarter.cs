using Portal.Core.Inbox;
using Portal.Core.Pipeline;
using Quartz;

namespace Portal.Jobs;

/// <summary>Starts the drain when something arrives and nobody attends to it. At most one start is under way at a time.</summary>
internal sealed class DrainStarter(IIntake intake, InboxSignal signal, ISchedulerFactory schedulers, ILogger<DrainStarter> logger) : IHostedService
{
    private int _starting;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        intake.Arrived += signal.Wake;
        signal.Unattended += Begin;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        intake.Arrived -= signal.Wake;
        signal.Unattended -= Begin;
        return Task.CompletedTask;
    }

    private void Begin()
    {
        if (Interlocked.Exchange(ref _starting, 1) == 0) _ = Task.Run(BeginAsync);
    }

    private async Task BeginAsync()
    {
        try
        {
            var scheduler = await schedulers.GetScheduler();
            await scheduler.TriggerJob(DrainInboxJob.Key);
        }
        catch (Exception exception)
        {
            logger.DrainNotStarted(exception);   // the sweep will find the work
        }
        finally
        {
            Volatile.Write(ref _starting, 0);
        }
    }
}

internal static partial class JobLog
{
    [LoggerMessage(1305, LogLevel.Warning, "The inbox waits: the database cannot work just now ({Kind}): {Message}")]
    public static partial void DatabaseAway(this ILogger logger, string kind, string message);

    [LoggerMessage(1300, LogLevel.Warning, "The drain could not be started at once; its next sweep will find the work")]
    public static partial void DrainNotStarted(this ILogger logger, Exception exception);
}
