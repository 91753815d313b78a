namespace Portal.Telemetry;

/// <summary>How this instance was at one moment, and since the moment before.</summary>
internal sealed record FigureSample
{
    public required DateTimeOffset At { get; init; }
    public required double Pending { get; init; }
    public required double LagSeconds { get; init; }
    public required double Circuits { get; init; }
    public required double MemoryBytes { get; init; }
    public required double WritesWaiting { get; init; }
    public double DeliveriesPerSecond { get; init; }
    public double EventsPerSecond { get; init; }
    public double RequestsPerSecond { get; init; }
    public double Cores { get; init; }

    /// <summary>Null where there were none.</summary>
    public double? AcknowledgementSeconds { get; init; }

    /// <inheritdoc cref="AcknowledgementSeconds" />
    public double? LatencySeconds { get; init; }

    /// <inheritdoc cref="AcknowledgementSeconds" />
    public double? ProcessingSeconds { get; init; }
}

/// <summary>The last hour of this instance, in its memory only: a restart begins anew.</summary>
internal sealed class FigureHistory
{
    /// <summary>Time between two samples.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private const int Most = 240;

    private readonly Lock _gate = new();
    private readonly Queue<FigureSample> _samples = new(Most);

    /// <summary>All samples, oldest first.</summary>
    public IReadOnlyList<FigureSample> Samples
    {
        get
        {
            lock (_gate) return [.. _samples];
        }
    }

    /// <summary>Adds one; the oldest goes once an hour is full.</summary>
    public void Add(FigureSample sample)
    {
        lock (_gate)
        {
            if (_samples.Count == Most) _samples.Dequeue();
            _samples.Enqueue(sample);
        }
    }
}
