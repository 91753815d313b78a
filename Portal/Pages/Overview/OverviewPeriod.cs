namespace Portal.Pages.Overview;

/// <summary>A period that the figures can be over.</summary>
/// <param name="Word">In the URL.</param>
/// <param name="Name">On the page.</param>
/// <param name="Days">How many days, today included; null for all time.</param>
internal sealed record OverviewPeriod(string? Word, string Name, int? Days)
{
    public static readonly IReadOnlyList<OverviewPeriod> All =
        [new("7", "7 days", 7), new(null, "30 days", 30), new("90", "90 days", 90), new("all", "All time", null)];

    /// <summary>The period of a URL; what it does not know is 30 days.</summary>
    public static OverviewPeriod Of(string? word) => All.FirstOrDefault(p => p.Word == word) ?? All[1];
}
