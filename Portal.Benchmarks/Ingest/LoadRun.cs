using System.Diagnostics;

namespace Portal.Benchmarks.Ingest;

/// <summary>What a load met with.</summary>
/// <param name="Requests">Sent and measured.</param>
/// <param name="PerSecond">Answered.</param>
/// <param name="P50">Milliseconds to the answer.</param>
/// <param name="P99">Of 99 in a hundred.</param>
/// <param name="Max">Of the slowest.</param>
/// <param name="Failed">Answers that were no 2xx.</param>
/// <param name="ServerMicroseconds">CPU time of the serving process for each request.</param>
internal sealed record LoadResult(int Requests, double PerSecond, double P50, double P99, double Max, int Failed, double ServerMicroseconds);

/// <summary>
/// Sends signed requests over so many connections. Without a rate each connection sends its next request when it has its answer; with one,
/// requests are due at fixed moments and their time counts from there, waiting for a connection included.
/// </summary>
internal static class LoadRun
{
    public static int Run(Options options)
    {
        var port = options.Number("port", 0);
        var (count, rate) = (options.Number("count", 10_000), options.Number("rate", 0));
        var make = new SignedRequests(options.Text("path", "/"), options.Text("secret", ""));
        var warm = make.Invoices(options.Number("warm", 2_000));
        var requests = rate > 0 ? make.History(count) : new SignedRequests(options.Text("path", "/"), options.Text("secret", "")).Invoices(count);
        var connections = Enumerable.Range(0, options.Number("connections", 32)).Select(_ => new KeepAliveConnection(port)).ToArray();
        using var server = Process.GetProcessById(options.Number("pid", 0));

        if (rate == 0) Drive(connections, warm, 0, new long[warm.Length], new int[warm.Length]);
        GC.Collect();
        var (times, statuses) = (new long[requests.Length], new int[requests.Length]);
        var (cpu, started) = (Machine.CpuOf(server), Stopwatch.GetTimestamp());
        Drive(connections, requests, rate, times, statuses);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var microseconds = (Machine.CpuOf(server) - cpu).TotalMicroseconds / requests.Length;
        foreach (var connection in connections) connection.Dispose();
        var sorted = times.Order().Select(t => t * 1000.0 / Stopwatch.Frequency).ToList();
        return Machine.Result(new LoadResult(requests.Length, requests.Length / seconds, Table.Quantile(sorted, 0.5), Table.Quantile(sorted, 0.99), sorted[^1],
            statuses.Count(s => s is < 200 or > 299), microseconds));
    }

    /// <summary>A thread for each connection; each takes the next request until none is left.</summary>
    private static void Drive(KeepAliveConnection[] connections, byte[][] requests, int rate, long[] times, int[] statuses)
    {
        var next = -1;
        var origin = Stopwatch.GetTimestamp();
        var threads = connections.Select(connection => new Thread(() =>
        {
            int i;
            while ((i = Interlocked.Increment(ref next)) < requests.Length)
            {
                var due = rate > 0 ? WaitUntil(origin + (i * Stopwatch.Frequency / rate)) : Stopwatch.GetTimestamp();
                statuses[i] = connection.Send(requests[i]);
                times[i] = Stopwatch.GetTimestamp() - due;
            }
        }, maxStackSize: 256 * 1024)).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
    }

    private static long WaitUntil(long due)
    {
        for (long left; (left = due - Stopwatch.GetTimestamp()) > 0;) Thread.Sleep(TimeSpan.FromTicks(Math.Max(1, left * TimeSpan.TicksPerSecond / Stopwatch.Frequency)));
        return due;
    }
}
