using Portal.Core.Visits;

namespace Portal.Visits;

/// <summary>Writes the gathered views every second, and once more when the portal stops.</summary>
internal sealed class TallyWriter(LinkTally tally, TimeProvider clock, ILogger<TallyWriter> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await WriteAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // the portal stops
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        try
        {
            await tally.FlushAsync(ct);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            logger.ViewsNotWritten(exception.Message);
        }
    }
}

internal static partial class VisitsLog
{
    [LoggerMessage(1951, LogLevel.Warning, "The views of links could not be written; they are written the next time: {Message}")]
    public static partial void ViewsNotWritten(this ILogger logger, string message);
}
