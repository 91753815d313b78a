using Portal.Benchmarks;
using Portal.Benchmarks.Databases;
using Portal.Benchmarks.Feed;
using Portal.Benchmarks.History;
using Portal.Benchmarks.Ingest;

Options options;
try
{
    options = Options.Parse(args);
    _ = options.Databases;
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

switch (options.Command)
{
    // Parts that this program plays in a process of its own, on one core.
    case "serve": return await ServedPortal.RunAsync(options);
    case "load": return LoadRun.Run(options);
    case "history": return await HistoryRun.RunAsync(options);
    case "feed-part": return await FeedRun.RunAsync(options);
    case "ingest" or "process" or "rebuild" or "feed" or "all": break;
    default:
        Console.Error.WriteLine(Options.Usage);
        return 2;
}

Console.WriteLine(Machine.Words());
await using var postgres = options.Databases.Contains("postgres") ? await PostgresServer.OfAsync(options.Postgres) : null;
if (options.Command is "ingest" or "all") await IngestBench.RunAsync(options, postgres);
if (options.Command is "process" or "rebuild" or "all") await HistoryBench.RunAsync(options, postgres);
if (options.Command is "feed" or "all") await FeedBench.RunAsync(options, postgres);
Console.WriteLine(Machine.Words());
return 0;
