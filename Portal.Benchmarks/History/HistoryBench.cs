using System.Globalization;
using Portal.Benchmarks.Databases;

namespace Portal.Benchmarks.History;

/// <summary>Processing and rebuilding one history, on each database.</summary>
internal static class HistoryBench
{
    private const double EventsPerSecond = 2_000;
    private const double RebuiltPerSecond = 20_000;

    public static async Task RunAsync(Options options, PostgresServer? postgres)
    {
        var customers = options.Number("customers", options.Quick ? 60 : 1_500);
        var results = options.Databases.ToDictionary(d => d, _ => new List<HistoryResult>());
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var database in options.Databases)
                results[database].Add(await Machine.PlayAsync<HistoryResult>(Machine.OtherCore, "history", "--database", database, "--postgres", postgres?.ConnectionString ?? "", "--customers", customers.ToString(CultureInfo.InvariantCulture)));
        }

        var process = new Table("from pending to the ledger", "events", "events/s", "to the target", "CPU µs/event", "rewards", "ledger");
        var rebuild = new Table("rebuild", "events", "referrals", "events/s", "to the target", "reading s", "folding s", "CPU µs/event", "differences");
        foreach (var (database, runs) in results)
        {
            var (one, speed) = (runs[0], Median(r => r.Events / r.Seconds));
            process.Add(database, Table.Number(one.Events), Table.Number(speed), Table.Ratio(speed / EventsPerSecond), Table.Number(Median(r => r.CpuSeconds * 1e6 / r.Events)), Table.Number(one.Rewards), one.Hash[..12]);
            var again = Median(r => r.Rebuilt / (r.ReadingSeconds + r.FoldingSeconds));
            rebuild.Add(database, Table.Number(one.Rebuilt), Table.Number(one.Referrals), Table.Number(again), Table.Ratio(again / RebuiltPerSecond),
                Table.Ratio(Median(r => r.ReadingSeconds)), Table.Ratio(Median(r => r.FoldingSeconds)), Table.Number(Median(r => r.RebuildCpuSeconds * 1e6 / r.Rebuilt)), Table.Number(one.Differences));

            double Median(Func<HistoryResult, double> figure) => Table.Median(runs.Select(figure));
        }
        if (options.Command is not "rebuild") process.Print($"Processing a backlog on one core (target {Table.Number(EventsPerSecond)} events/s)");
        if (options.Command is not "process") rebuild.Print($"Rebuilding the ledger on one core (target {Table.Number(RebuiltPerSecond)} events/s)");
    }
}
