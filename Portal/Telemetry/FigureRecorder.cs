namespace Portal.Telemetry;

/// <summary>Takes a sample of the figures now and then. It also keeps fresh what is asked of the database, for a collector that never asks.</summary>
internal sealed class FigureRecorder(FigureBook book, InstanceMeters instance, FigureHistory history, TimeProvider clock, ILogger<FigureRecorder> logger) : BackgroundService
{
    private Totals? _before;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        TelemetryRegistration.ShowZeroes();   // the book is open by now
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FigureHistory.Every, clock);
        try
        {
            do
            {
                try
                {
                    await TakeAsync();
                }
                catch (Exception exception)
                {
                    logger.NoSample(exception);   // the next one comes
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // the portal stops
        }
    }

    /// <summary>Takes one sample now.</summary>
    public async Task TakeAsync()
    {
        var reading = await instance.ReadAsync();
        var (families, round) = book.Look();
        var now = new Totals(clock.GetTimestamp(), families.ToDictionary(f => f.Name), round);
        var seconds = _before is null ? 0 : clock.GetElapsedTime(_before.At, now.At).TotalSeconds;
        history.Add(new FigureSample
        {
            At = reading.At,
            Pending = reading.Pending,
            LagSeconds = reading.Lag.TotalSeconds,
            Circuits = now.Sum("portal_circuits"),
            MemoryBytes = now.Sum("dotnet_process_memory_working_set_bytes"),
            WritesWaiting = now.Sum("portal_database_writes_waiting"),
            DeliveriesPerSecond = Rate(t => t.Deliveries),
            EventsPerSecond = Rate(t => t.Runs),
            Cores = Rate(t => t.ProcessorSeconds),
            RequestsPerSecond = Rate(t => t.Requests.Sizes.Sum()),
            AcknowledgementSeconds = now.Acknowledgements.Since(_before?.Acknowledgements).Quantile(0.95),
            LatencySeconds = now.Latencies.Since(_before?.Latencies).Quantile(0.95),
            ProcessingSeconds = now.Shares.Since(_before?.Shares).Mean,
        });
        _before = now;

        double Rate(Func<Totals, double> of) => seconds <= 0 ? 0 : Math.Max(0, of(now) - of(_before!)) / seconds;
    }

    /// <summary>What the rates are reckoned from.</summary>
    private sealed class Totals
    {
        private readonly Dictionary<string, FigureFamily> _families;
        private readonly long _round;

        public Totals(long at, Dictionary<string, FigureFamily> families, long round)
        {
            (At, _families, _round) = (at, families, round);
            (Deliveries, Runs, ProcessorSeconds) = (Sum("portal_deliveries_total"), Sum("portal_events_total"), Sum("dotnet_process_cpu_time_seconds_total"));
            (Acknowledgements, Latencies) = (Sizes("portal_delivery_acknowledgement_duration_seconds"), Sizes("portal_ledger_latency_seconds"));
            (Shares, Requests) = (Sizes("portal_processing_event_duration_seconds"), Sizes("http_server_request_duration_seconds"));
        }

        public long At { get; }

        public double Deliveries { get; }

        public double Runs { get; }

        public double ProcessorSeconds { get; }

        public SizeCounts Acknowledgements { get; }

        public SizeCounts Latencies { get; }

        public SizeCounts Shares { get; }

        public SizeCounts Requests { get; }

        public double Sum(string name) => _families.TryGetValue(name, out var family) ? family.At(_round).Sum(s => s.Read().Value) : 0;

        private SizeCounts Sizes(string name) => _families.TryGetValue(name, out var family) ? SizeCounts.Of(family) : SizeCounts.None;
    }
}

internal static partial class TelemetryLog
{
    [LoggerMessage(1600, LogLevel.Warning, "The figures of this moment could not be sampled")]
    public static partial void NoSample(this ILogger logger, Exception exception);
}
