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
        // The portal on one core, beside the server where there is one; and on whatever there is, as it would run.
        var cases = options.Databases.SelectMany(d => new (string Database, int? Core)[] { (d, Machine.OtherCore), (d, null) }).ToList();
        var results = cases.ToDictionary(c => c, _ => new List<HistoryResult>());
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var (database, core) in cases)
                results[(database, core)].Add(await Machine.PlayAsync<HistoryResult>(core, "history", "--database", database, "--postgres", postgres?.ConnectionString ?? "", "--customers", customers.ToString(CultureInfo.InvariantCulture)));
        }

        var process = new Table("from pending to the ledger", "events", "events/s", "to the target", "CPU µs/event", "rewards", "ledger");
        var rebuild = new Table("rebuild", "events", "referrals", "events/s", "to the target", "reading s", "folding s", "CPU µs/event", "differences");
        foreach (var ((database, core), runs) in results)
        {
            var name = core is null ? $"{database}, all cores" : $"{database}, one core";
            var (one, speed) = (runs[0], Median(r => r.Events / r.Seconds));
            process.Add(name, Table.Number(one.Events), Table.Number(speed), Table.Ratio(speed / EventsPerSecond), Table.Number(Median(r => r.CpuSeconds * 1e6 / r.Events)), Table.Number(one.Rewards), one.Hash[..12]);
            var again = Median(r => r.Rebuilt / (r.ReadingSeconds + r.FoldingSeconds));
            rebuild.Add(name, Table.Number(one.Rebuilt), Table.Number(one.Referrals), Table.Number(again), Table.Ratio(again / RebuiltPerSecond),
                Table.Ratio(Median(r => r.ReadingSeconds)), Table.Ratio(Median(r => r.FoldingSeconds)), Table.Number(Median(r => r.RebuildCpuSeconds * 1e6 / r.Rebuilt)), Table.Number(one.Differences));

            double Median(Func<HistoryResult, double> figure) => Table.Median(runs.Select(figure));
        }
        if (options.Command is not "rebuild") process.Print($"Processing a backlog (target {Table.Number(EventsPerSecond)} events/s)");
        if (options.Command is not "process") rebuild.Print($"Rebuilding the ledger (target {Table.Number(RebuiltPerSecond)} events/s and core)");
    }
}
