using System.Collections.Concurrent;
using System.Globalization;

namespace Portal.Telemetry;

/// <summary>A figure with all its labels. The hot path finds its series by the tags as they come, without making anything.</summary>
internal sealed class FigureFamily
{
    /// <summary>More series than this are not kept: a label that takes any value must not fill the memory.</summary>
    private const int MostSeries = 1_000;

    /// <summary>Tags of the framework's figures that say nothing here; what differs only in them is one series.</summary>
    private static readonly string[] Left = ["url.scheme", "network.protocol.name", "network.protocol.version", "error.type", "aspnetcore.request.is_unhandled", "http.request.method_original"];

    private static readonly double[] UsualBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], FigureSeries?> _byTags = new(TagComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], FigureSeries?>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly Dictionary<string, FigureSeries> _byLabels = [];
    private readonly Lock _gate = new();

    public FigureFamily(string name, FigureKind kind, string help, bool isObserved, IReadOnlyList<double>? bounds)
    {
        (Name, Kind, Help, IsObserved) = (name, kind, help, isObserved);
        Bounds = kind == FigureKind.Histogram ? [.. bounds ?? UsualBounds] : [];
        _lookup = _byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    /// <summary>Its name as Prometheus has it.</summary>
    public string Name { get; }

    /// <summary>What it is.</summary>
    public FigureKind Kind { get; }

    /// <summary>What it means.</summary>
    public string Help { get; }

    /// <summary>Whether it is asked for at each look, rather than told when it happens.</summary>
    public bool IsObserved { get; }

    /// <summary>The upper ends of its buckets.</summary>
    public double[] Bounds { get; }

    /// <summary>The series of these tags; null where there are too many.</summary>
    public FigureSeries? Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) => _lookup.TryGetValue(tags, out var known) ? known : Meet(tags.ToArray());

    /// <summary>All series; of what is asked for, those that were told at the last look.</summary>
    public IReadOnlyList<FigureSeries> At(long round)
    {
        lock (_gate) return [.. _byLabels.Values.Where(s => !IsObserved || s.Read().SeenAt >= round)];
    }

    private FigureSeries? Meet(KeyValuePair<string, object?>[] tags)
    {
        lock (_gate)
        {
            if (_byTags.Count >= MostSeries * 4) return null;
            var labels = tags.Where(t => !Left.Contains(t.Key))
                .Select(t => KeyValuePair.Create(PrometheusText.LabelOf(t.Key), Convert.ToString(t.Value, CultureInfo.InvariantCulture) ?? "")).OrderBy(l => l.Key, StringComparer.Ordinal).ToArray();
            var key = string.Join('\n', labels.Select(l => $"{l.Key}={l.Value}"));
            if (!_byLabels.TryGetValue(key, out var series) && _byLabels.Count < MostSeries) _byLabels[key] = series = new FigureSeries(labels, Bounds);
            return _byTags[tags] = series;
        }
    }

    /// <summary>Finds tags without an array of them.</summary>
    private sealed class TagComparer : IEqualityComparer<KeyValuePair<string, object?>[]>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
    {
        public static readonly TagComparer Instance = new();

        public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) => Equals(x.AsSpan(), y!);

        public int GetHashCode(KeyValuePair<string, object?>[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other)
        {
            if (alternate.Length != other.Length) return false;
            for (var i = 0; i < other.Length; i++)
            {
                if (alternate[i].Key != other[i].Key || !Equals(alternate[i].Value, other[i].Value)) return false;
            }
            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = new HashCode();
            foreach (var (key, value) in alternate)
            {
                hash.Add(key);
                hash.Add(value);
            }
            return hash.ToHashCode();
        }

        public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => alternate.ToArray();
    }
}
