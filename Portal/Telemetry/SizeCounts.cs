namespace Portal.Telemetry;

/// <summary>How many were of which size, over all labels of a figure.</summary>
/// <param name="Bounds">The upper ends of the sizes; the last has none.</param>
/// <param name="Sizes">How many of each.</param>
/// <param name="Total">All sizes together.</param>
internal sealed record SizeCounts(double[] Bounds, long[] Sizes, double Total)
{
    /// <summary>Nothing was counted.</summary>
    public static SizeCounts None { get; } = new([], [], 0);

    /// <summary>The average; null where there were none.</summary>
    public double? Mean => Sizes.Sum() is var count and > 0 ? Total / count : null;

    /// <summary>A figure as it is now.</summary>
    public static SizeCounts Of(FigureFamily family)
    {
        var (sizes, total) = (new long[family.Bounds.Length + 1], 0.0);
        foreach (var (counts, sum) in family.At(0).Select(s => s.ReadCounts()))
        {
            for (var i = 0; i < sizes.Length; i++) sizes[i] += counts[i];
            total += sum;
        }
        return new(family.Bounds, sizes, total);
    }

    /// <summary>What came since then.</summary>
    public SizeCounts Since(SizeCounts? before) =>
        before is null || before.Sizes.Length != Sizes.Length ? this : new(Bounds, [.. Sizes.Zip(before.Sizes, (now, then) => now - then)], Total - before.Total);

    /// <summary>The size that so large a part does not exceed, as near as the bounds tell; null where there were none.</summary>
    public double? Quantile(double part)
    {
        var (wanted, upTo) = (Sizes.Sum() * part, 0L);
        if (wanted <= 0) return null;
        for (var i = 0; i < Bounds.Length; i++)
        {
            if (upTo + Sizes[i] >= wanted)
            {
                var lower = i == 0 ? 0 : Bounds[i - 1];
                return lower + ((Bounds[i] - lower) * (wanted - upTo) / Sizes[i]);
            }
            upTo += Sizes[i];
        }
        return Bounds[^1];
    }
}
