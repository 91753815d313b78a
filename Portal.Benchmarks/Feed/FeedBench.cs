using System.Globalization;
using Portal.Benchmarks.Databases;

namespace Portal.Benchmarks.Feed;

/// <summary>The feed over millions of events, on each database.</summary>
internal static class FeedBench
{
    public static async Task RunAsync(Options options, PostgresServer? postgres)
    {
        var rows = options.Number("rows", options.Quick ? 100_000 : 5_000_000);
        foreach (var database in options.Databases)
        {
            List<string> part = ["feed-part", "--database", database, "--postgres", postgres?.ConnectionString ?? "", "--rows", rows.ToString(CultureInfo.InvariantCulture)];
            if (options.Quick) part.Add("--quick");
            Print(database, await Machine.PlayAsync<FeedResult>(Machine.OtherCore, part));
        }
    }

    private static void Print(string database, FeedResult result)
    {
        var slowest = result.Times.OrderByDescending(t => t.P99).ToList();
        var missed = slowest.Where(t => t.P99 > FeedRun.MostMilliseconds).ToList();
        var single = result.Times.Where(t => !t.Name.Contains(" + ", StringComparison.Ordinal)).ToList();
        var table = new Table("filter, page", "p50 ms", "p99 ms", "rows", "");
        foreach (var time in single.Concat(slowest.Take(15)).Distinct())
            table.Add(time.Name, Table.Milliseconds(time.P50), Table.Milliseconds(time.P99), Table.Number(time.Rows), time.P99 > FeedRun.MostMilliseconds ? "missed" : "");
        table.Print($"The feed of {Table.Number(result.Rows)} events on {database}, filled in {Table.Number(result.FillSeconds)} s: {Table.Number(result.Times.Count)} questions, {missed.Count} above {FeedRun.MostMilliseconds} ms. "
            + "Each single filter, and the slowest of all");
        foreach (var time in missed.Take(20)) Console.WriteLine($"- {time.Name}: {time.Plan}");
    }
}
