using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Benchmarks.Databases;
using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Inbox;

namespace Portal.Benchmarks.Feed;

/// <summary>How long one question takes.</summary>
/// <param name="Name">Its filters and its page.</param>
/// <param name="P50">Milliseconds, of twenty asked (four for a combination of three filters and more).</param>
/// <param name="P99">Of the slowest of them.</param>
/// <param name="Rows">On the page that was found last.</param>
/// <param name="Plan">How the database goes about it, where it took too long.</param>
internal sealed record FeedTime(string Name, double P50, double P99, int Rows, string? Plan);

/// <summary>What one database took for all of them.</summary>
internal sealed record FeedResult(long Rows, double FillSeconds, IReadOnlyList<FeedTime> Times);

/// <summary>Fills one database and asks everything that the feed's filters can ask.</summary>
internal static class FeedRun
{
    public const double MostMilliseconds = 50;

    /// <summary>How often one or two filters are asked; the thousands of combinations of more are asked less often.</summary>
    private const int Asked = 20;

    private const int AskedOfMany = 4;

    public static async Task<int> RunAsync(Options options)
    {
        var rows = options.Number("rows", 5_000_000);
        using var database = BenchDatabase.Make(options.Text("database", "sqlite"), options.Postgres ?? "");
        database.Open(new ChangeFeed(TimeProvider.System));   // makes the tables
        database.Close();
        var started = Stopwatch.GetTimestamp();
        FeedFill.Run(database, rows);
        var fill = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"filled in {fill:F0} s"));
        var (store, _) = database.Open(new ChangeFeed(TimeProvider.System));
        var times = new List<FeedTime>();
        var events = new EventSearch(store);
        foreach (var (name, query) in FeedQuestions.OfEvents(rows, options.Quick))
            await AskAsync(times, name, n => query(n), async q => await events.FindAsync(q, default), (q, cursor) => q with { Cursor = cursor }, rows, q => PlanAsync(store, q));
        var deliveries = new DeliverySearch(store);
        foreach (var outcome in new DeliveryOutcome?[] { null, DeliveryOutcome.Accepted, DeliveryOutcome.Duplicate, DeliveryOutcome.Rejected })
        {
            var query = new DeliveryQuery { Environment = PortalEnvironment.Sandbox, Outcome = outcome };
            await AskAsync(times, $"requests {outcome?.Word() ?? "all"}", _ => query, async q => await deliveries.FindAsync(q, default), (q, cursor) => q with { Cursor = cursor }, rows, _ => Task.FromResult(""));
        }
        return Machine.Result(new FeedResult(rows, fill, times));
    }

    /// <summary>The first page, the one after it, and one in the middle of everything; each after some to warm up.</summary>
    private static async Task AskAsync<TQuery, TRow>(
        List<FeedTime> times, string name, Func<int, TQuery> query, Func<TQuery, Task<Page<TRow>>> find, Func<TQuery, long, TQuery> from, long rows, Func<TQuery, Task<string>> plan)
    {
        var asked = name.Count(c => c == '+') < 2 ? Asked : AskedOfMany;
        var first = await find(query(0));
        await MeasureAsync("first", query);
        if (first.NextCursor is { } next)
        {
            var cursor = long.Parse(next, CultureInfo.InvariantCulture);
            await MeasureAsync("next", n => from(query(n), cursor));
        }
        await MeasureAsync("middle", n => from(query(n), rows / 2));

        async Task MeasureAsync(string page, Func<int, TQuery> ask)
        {
            for (var warm = 0; warm < asked / 4; warm++) await find(ask(warm));
            var (took, found) = (new List<double>(asked), 0);
            for (var n = 0; n < asked; n++)
            {
                var started = Stopwatch.GetTimestamp();
                found = (await find(ask(n))).Items.Count;
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            took.Sort();
            var p99 = Table.Quantile(took, 0.99);
            times.Add(new FeedTime($"{name}, {page}", Table.Quantile(took, 0.5), p99, found, p99 > MostMilliseconds ? await plan(ask(0)) : null));
        }
    }

    private static async Task<string> PlanAsync(PortalStore store, EventQuery query)
    {
        await using var db = store.OpenRead();
        if (await EventSearch.PrepareAsync(db, query, default) is not { } plan) return "nothing can match";
        using var command = EventSearch.Build(db, query, plan, plan.Types[0]).Take(Keyset51).CreateDbCommand();
        var sqlite = db.Database.ProviderName!.Contains("Sqlite", StringComparison.Ordinal);
        command.CommandText = (sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN (ANALYZE, BUFFERS) ") + command.CommandText;
        await db.Database.OpenConnectionAsync();
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(sqlite ? 3 : 0));
        return string.Join("; ", lines);
    }

    private const int Keyset51 = 51;   // a page, and one to see whether there are more
}
