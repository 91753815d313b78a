namespace Portal.Benchmarks.Feed; internal static class FeedRun { public static Task<int> RunAsync(Options o) => Task.FromResult(o.Rounds); }
