using Portal.Telemetry;
using Xunit;

namespace Portal.Tests.Telemetry;

[Trait("Database", "Without")]
public sealed class PrometheusTextTests
{
    [Theory]
    [InlineData("portal.deliveries", "{delivery}", "Counter", "portal_deliveries_total")]
    [InlineData("portal.ledger.latency", "s", "Histogram", "portal_ledger_latency_seconds")]
    [InlineData("dotnet.process.cpu.time", "s", "Counter", "dotnet_process_cpu_time_seconds_total")]
    [InlineData("portal.disk.free", "By", "Gauge", "portal_disk_free_bytes")]
    [InlineData("some.part", "1", "Gauge", "some_part_ratio")]
    public void Names_end_in_their_unit(string instrument, string unit, string kind, string name) =>
        Assert.Equal(name, PrometheusText.NameOf(instrument, unit, Enum.Parse<FigureKind>(kind)));

    [Fact]
    public void What_would_break_a_line_is_escaped()
    {
        var family = new FigureFamily("a_total", FigureKind.Counter, "back\\slash\nand line", isObserved: false, null);
        family.Of([new("route", "a\"b\\c\nd")])!.Add(2);

        Assert.Equal("# HELP a_total back\\\\slash\\nand line\n# TYPE a_total counter\na_total{route=\"a\\\"b\\\\c\\nd\"} 2\n", PrometheusText.Write([family], 0));
    }

    [Fact]
    public void A_histogram_counts_upwards_and_ends_with_everything()
    {
        var family = new FigureFamily("h_seconds", FigureKind.Histogram, "h", isObserved: false, [0.1, 1]);
        foreach (var size in new[] { 0.05, 0.1, 0.5, 7 }) family.Of([new("portal.kind", "x")])!.Note(size);

        Assert.Equal(
            """
            # HELP h_seconds h
            # TYPE h_seconds histogram
            h_seconds_bucket{portal_kind="x",le="0.1"} 2
            h_seconds_bucket{portal_kind="x",le="1"} 3
            h_seconds_bucket{portal_kind="x",le="+Inf"} 4
            h_seconds_sum{portal_kind="x"} 7.65
            h_seconds_count{portal_kind="x"} 4

            """.ReplaceLineEndings("\n"),
            PrometheusText.Write([family], 0));
    }

    [Fact]
    public void What_was_not_told_at_the_last_look_is_not_shown()
    {
        var family = new FigureFamily("g", FigureKind.Gauge, "g", isObserved: true, null);
        family.Of([new("env", "gone")])!.Set(1, round: 1);
        family.Of([new("env", "here")])!.Set(2, round: 2);

        Assert.DoesNotContain("gone", PrometheusText.Write([family], 2), StringComparison.Ordinal);
        Assert.Contains("g{env=\"here\"} 2\n", PrometheusText.Write([family], 2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_takes_any_value_does_not_fill_the_memory()
    {
        var family = new FigureFamily("c_total", FigureKind.Counter, "c", isObserved: false, null);
        for (var i = 0; i < 20_000; i++) family.Of([new("route", i)])?.Add(1);

        Assert.InRange(family.At(0).Count, 1, 1_000);
    }

    [Fact]
    public void Counting_makes_nothing_for_the_collector_to_collect()
    {
        var family = new FigureFamily("h", FigureKind.Histogram, "h", isObserved: false, null);
        KeyValuePair<string, object?>[] tags = [new("portal.environment", "sandbox"), new("portal.source", "stripe"), new("portal.outcome", "accepted")];
        family.Of(tags)!.Note(0.01);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) family.Of(tags)!.Note(0.01);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_size_that_most_do_not_exceed_lies_between_the_bounds_of_its_bucket()
    {
        var counts = new SizeCounts([0.1, 1, 10], [90, 0, 10, 0], 60);

        Assert.Equal((0.6, 0.05, 5.5), (counts.Mean!.Value, Math.Round(counts.Quantile(0.45)!.Value, 6), Math.Round(counts.Quantile(0.95)!.Value, 6)));
        Assert.Null(counts.Since(counts).Quantile(0.95));
    }
}
