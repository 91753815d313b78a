using Portal.Benchmarks.Databases; namespace Portal.Benchmarks.Feed; internal static class FeedBench { public static Task RunAsync(Options o, PostgresServer? p) => Task.FromResult((o, p)); }
