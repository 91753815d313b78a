namespace Portal.Telemetry;

/// <summary>What a figure is, as Prometheus has it.</summary>
internal enum FigureKind
{
    /// <summary>It only rises.</summary>
    Counter,

    /// <summary>It rises and falls.</summary>
    Gauge,

    /// <summary>Counts by size.</summary>
    Histogram,
}

/// <summary>One figure with one set of labels.</summary>
internal sealed class FigureSeries(KeyValuePair<string, string>[] labels, double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _value;
    private long _seenAt;

    /// <summary>Its labels.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; } = labels;

    /// <summary>Counts so much more.</summary>
    public void Add(double value)
    {
        lock (_gate) _value += value;
    }

    /// <summary>Is so much now.</summary>
    /// <param name="value">How much.</param>
    /// <param name="round">At which look.</param>
    public void Set(double value, long round)
    {
        lock (_gate) (_value, _seenAt) = (value, round);
    }

    /// <summary>Notes one more of this size.</summary>
    public void Note(double value)
    {
        var place = Array.BinarySearch(bounds, value);
        lock (_gate)
        {
            _counts[place < 0 ? ~place : place]++;
            _value += value;
        }
    }

    /// <summary>What it is now, and at which look it was told last.</summary>
    public (double Value, long SeenAt) Read()
    {
        lock (_gate) return (_value, _seenAt);
    }

    /// <summary>The counts of each bucket, and the sum of all that was noted.</summary>
    public (long[] Counts, double Sum) ReadCounts()
    {
        lock (_gate) return ([.. _counts], _value);
    }
}
