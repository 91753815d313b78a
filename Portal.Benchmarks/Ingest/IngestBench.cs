using System.Globalization;
using Portal.Benchmarks.Databases;
using Portal.Benchmarks.History;

namespace Portal.Benchmarks.Ingest;

/// <summary>From a signed request to its acknowledgement, against what the same host does without storing and against simpler ways to store.</summary>
internal static class IngestBench
{
    private const int SteadyRate = 200;

    private static readonly int[] Connections = [32, 128];

    public static async Task RunAsync(Options options, PostgresServer? postgres)
    {
        var engine = postgres is null ? null : await SyncEngine.InstallAsync();
        var cases = CasesOf(options, engine);
        var results = new Dictionary<(IngestCase Case, int Connections), List<LoadResult>>();
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var one in cases)
            {
                foreach (var connections in Connections)
                {
                    using var database = BenchDatabase.Make(one.Database, postgres?.ConnectionString ?? "");
                    using var served = one.Mode == "engine" ? await Served.SyncEngineAsync(engine!, database) : await Served.PortalAsync(one.Mode, database);
                    var result = await served.LoadAsync(connections, options.Quick ? 1_000 : one.Count);
                    if (!results.TryGetValue((one, connections), out var list)) results[(one, connections)] = list = [];
                    list.Add(result);
                }
            }
        }
        if (engine is not null) Directory.Delete(engine, recursive: true);

        foreach (var connections in Connections) Print(connections, cases, one => results[(one, connections)]);
        await SteadyAsync(options, postgres);
    }

    private static List<IngestCase> CasesOf(Options options, string? engine)
    {
        List<IngestCase> cases = [new("none", "sqlite", "signature verified, nothing stored (the limit)", 40_000)];
        foreach (var database in options.Databases)
        {
            var name = database == "sqlite" ? "SQLite" : "PostgreSQL";
            cases.Add(new("product", database, $"the portal on {name}", 20_000));
            cases.Add(new("single", database, $"{name}, one insert and commit per request", 8_000));
        }
        if (engine is not null) cases.Add(new("engine", "postgres", $"npm {SyncEngine.Package}", 4_000));
        return cases;
    }

    private static void Print(int connections, List<IngestCase> cases, Func<IngestCase, List<LoadResult>> results)
    {
        var table = new Table("verify, store, acknowledge", "requests/s", "to the limit", "to one insert each", "p50 ms", "p99 ms", "CPU µs/request", "failed");
        var limit = Speed(cases[0]);
        foreach (var one in cases)
        {
            var single = cases.Find(c => c.Mode == "single" && c.Database == one.Database);
            table.Add(one.Name, Table.Number(Speed(one)), Table.Ratio(Speed(one) / limit), one.Mode == "none" || single is null ? "" : Table.Ratio(Speed(one) / Speed(single)),
                Table.Milliseconds(Median(one, r => r.P50)), Table.Milliseconds(Median(one, r => r.P99)), Table.Number(Median(one, r => r.ServerMicroseconds)),
                Table.Number(results(one).Sum(r => r.Failed)));
        }
        table.Print($"Ingest over {connections} connections, 3.1 kB bodies, server and load on a core each (targets: SQLite 0.52 of the limit and 5 × one insert each; PostgreSQL 0.26 and 3 ×)");

        double Speed(IngestCase one) => Median(one, r => r.PerSecond);
        double Median(IngestCase one, Func<LoadResult, double> figure) => Table.Median(results(one).Select(figure));
    }

    /// <summary>A steady stream of a real history: how long until the answer, and until what the event earns is in the ledger.</summary>
    private static async Task SteadyAsync(Options options, PostgresServer? postgres)
    {
        var table = new Table("the portal", "ack p50 ms", "ack p99 ms", "ack max ms", "receipt to ledger p50 ms", "p99 ms", "max ms", "events", "failed");
        var count = options.Quick ? 600 : 6_000;
        foreach (var database in options.Databases)
        {
            using var own = BenchDatabase.Make(database, postgres?.ConnectionString ?? "");
            await HistoryRun.SetUpAsync(own);
            LoadResult result;
            using (var served = await Served.PortalAsync("product", own))
            {
                await served.LoadAsync(8, options.Quick ? 100 : 1_000);   // warm
                await WaitForBooksAsync(own);
                result = await served.LoadAsync(32, count, SteadyRate);
                await WaitForBooksAsync(own);
            }
            var latencies = Latencies(own, count);
            table.Add($"on {(database == "sqlite" ? "SQLite" : "PostgreSQL")}", Table.Milliseconds(result.P50), Table.Milliseconds(result.P99), Table.Milliseconds(result.Max),
                Table.Milliseconds(Table.Quantile(latencies, 0.5)), Table.Milliseconds(Table.Quantile(latencies, 0.99)), Table.Milliseconds(latencies[^1]), Table.Number(latencies.Count), Table.Number(result.Failed));
        }
        table.Print(string.Create(CultureInfo.InvariantCulture, $"A steady {SteadyRate} requests/s of a history, due at fixed moments"));
    }

    private static async Task WaitForBooksAsync(BenchDatabase database)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM (SELECT 1 FROM events WHERE state = 'pending' LIMIT 1) AS pending";
        while (Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) > 0) await Task.Delay(200);
    }

    /// <summary>From receipt to the writing of the first run, of the newest events, sorted.</summary>
    private static List<double> Latencies(BenchDatabase database, int newest)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        var between = database.ConnectionString is null ? "processed_at - received_at" : "extract(epoch FROM processed_at - received_at) * 1000";
        command.CommandText = $"SELECT {between} FROM events WHERE processed_at IS NOT NULL ORDER BY id DESC LIMIT {newest}";
        using var reader = command.ExecuteReader();
        var found = new List<double>();
        while (reader.Read()) found.Add(Convert.ToDouble(reader.GetValue(0), CultureInfo.InvariantCulture));
        found.Sort();
        return found;
    }

    /// <summary>One way to do it.</summary>
    private sealed record IngestCase(string Mode, string Database, string Name, int Count);
}
