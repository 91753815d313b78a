using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Portal.Core.Telemetry;

namespace Portal.Telemetry;

/// <summary>Listens to the meters and keeps what they tell: for <c>/metrics</c>, and for the System page.</summary>
internal sealed class FigureBook : IDisposable
{
    /// <summary>The meters that are listened to, and which of their figures; all of them for none.</summary>
    private static readonly Dictionary<string, string[]> Meters = new(StringComparer.Ordinal)
    {
        [PortalTelemetry.Name] = [],
        ["Microsoft.AspNetCore.Hosting"] = ["http.server.request.duration", "http.server.active_requests"],
        ["System.Runtime"] =
        [
            "dotnet.process.cpu.time", "dotnet.process.memory.working_set", "dotnet.gc.collections", "dotnet.gc.heap.total_allocated", "dotnet.gc.last_collection.heap.size",
            "dotnet.gc.pause.time", "dotnet.thread_pool.thread.count", "dotnet.thread_pool.queue.length", "dotnet.monitor.lock_contentions", "dotnet.exceptions",
        ],
    };

    /// <summary>The framework calls these counters, though they fall too.</summary>
    private static readonly string[] Falling = ["dotnet.thread_pool.thread.count", "dotnet.thread_pool.queue.length"];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, FigureFamily> _families = new();
    private readonly IMeterFactory _own;
    private readonly Lock _looking = new();
    private long _round;

    /// <summary>Begins to listen. What another portal in this process measures with meters of its own is not ours.</summary>
    public FigureBook(IMeterFactory own)
    {
        _own = own;
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Take((FigureFamily)state!, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Take((FigureFamily)state!, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Take((FigureFamily)state!, value, tags));
        _listener.Start();
    }

    /// <summary>Asks for what is told only when asked, and gives all figures, by name.</summary>
    public (IReadOnlyList<FigureFamily> Families, long Round) Look()
    {
        lock (_looking)
        {
            Interlocked.Increment(ref _round);
            _listener.RecordObservableInstruments();
            return ([.. _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal)], _round);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!Meters.TryGetValue(instrument.Meter.Name, out var wanted) || (wanted.Length > 0 && !wanted.Contains(instrument.Name))) return;
        if (instrument.Meter.Scope is { } scope && !ReferenceEquals(scope, _own)) return;
        var kind = KindOf(instrument);
        var name = PrometheusText.NameOf(instrument.Name, instrument.Unit, kind);
        listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(name, _ =>
            new FigureFamily(name, kind, instrument.Description ?? instrument.Name, instrument.IsObservable, (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries)));
    }

    private void Take(FigureFamily family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (family.Of(tags) is not { } series) return;
        if (family.IsObserved) series.Set(value, Volatile.Read(ref _round));
        else if (family.Kind == FigureKind.Histogram) series.Note(value);
        else series.Add(value);
    }

    private static FigureKind KindOf(Instrument instrument)
    {
        var name = instrument.GetType().Name;
        return Falling.Contains(instrument.Name) ? FigureKind.Gauge
            : name.StartsWith("Histogram", StringComparison.Ordinal) ? FigureKind.Histogram
            : name.StartsWith("Counter", StringComparison.Ordinal) || name.StartsWith("ObservableCounter", StringComparison.Ordinal) ? FigureKind.Counter
            : FigureKind.Gauge;
    }
}
