using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Xunit;

namespace Portal.Tests.Hosting;

/// <summary>What is too large, too deep, too slow or from elsewhere: refused, while others are served.</summary>
public sealed class HostileTrafficTests : IAsyncLifetime
{
    private const int Sockets = 200;

    private readonly PortalHost _host = new();
    private Uri _address = new("http://localhost");

    [Fact]
    public async Task Two_hundred_slow_sockets_keep_nobody_waiting_and_are_cut_off()
    {
        var slow = new List<TcpClient>();
        try
        {
            for (var i = 0; i < Sockets; i++)
            {
                var socket = new TcpClient();
                await socket.ConnectAsync(_address.Host, _address.Port);
                slow.Add(socket);
                // half of them never end their headers, half never send the body that they announce
                await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"POST /webhooks/sandbox/stripe HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n{(i % 2 == 0 ? "X-Slow: " : "\r\n{")}"));
            }

            Assert.InRange(await SlowestOfAsync(100), 0, 2_000);

            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var ends = await Task.WhenAll(slow.Select(s => EndAsync(s, patience.Token)));
            Assert.All(ends, end => Assert.True(end is "" || end.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), end));
        }
        finally
        {
            foreach (var socket in slow) socket.Dispose();
        }
    }

    [Fact]
    public async Task What_is_too_large_or_too_deep_is_refused_and_leaves_no_memory_behind()
    {
        var client = _host.CreateVisitor();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var answers = new List<(string What, int Status)>();
        foreach (var (what, body, encoding) in Bombs())
        {
            foreach (var path in (string[])["/webhooks/sandbox/stripe", "/api/sandbox/token"])
            {
                using var content = new ByteArrayContent(body);
                content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
                if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
                try
                {
                    using var answer = await client.PostAsync(path, content);
                    answers.Add(($"{what} {path}", (int)answer.StatusCode));
                }
                catch (HttpRequestException)   // cut off while it was still sending
                {
                    answers.Add(($"{what} {path}", 413));
                }
            }
            if (body.Length >= 1024 * 1024) continue;
            using var signed = await client.PostStripeAsync(Encoding.Latin1.GetString(body));
            answers.Add(($"{what}, signed", (int)signed.StatusCode));
        }

        Assert.All(answers, a => Assert.True(a.Status is 400 or 404 or 413 or 415 || (a.Status == 200 && a.What == "a long array, signed"), $"{a}"));   // kept: it is signed, and JSON
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 200L * 1024 * 1024);
        Assert.InRange(await SlowestOfAsync(20), 0, 2_000);
    }

    [Fact]
    public async Task Who_asks_too_often_gets_a_page_that_says_so()
    {
        await using var host = new PortalHost();
        var client = await host.CreateSignedInClientAsync(PortalRole.Viewer);
        HttpResponseMessage? refused = null;
        for (var i = 0; i < 65 && refused is null; i++)
        {
            var answer = await client.GetAsync("/sandbox/ledger.csv");
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) refused = answer;
        }

        Assert.NotNull(refused);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("Too many attempts</h1>", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.77")]
    [InlineData("Forwarded", "for=203.0.113.77")]
    [InlineData("X-Real-IP", "203.0.113.77")]
    public async Task Nobody_but_a_configured_proxy_says_where_somebody_comes_from(string header, string value)
    {
        var client = _host.CreateVisitor();
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        await _host.SignInAsync(client, PortalHost.AdminEmail, "wrong wrong wrong");

        await using var db = _host.Store.OpenRead();
        Assert.DoesNotContain("203.0.113.77", await db.AuditLog.Select(a => a.RemoteAddress).ToListAsync());
    }

    public Task InitializeAsync()
    {
        _address = _host.Listen();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private static IEnumerable<(string What, byte[] Body, string? Encoding)> Bombs()
    {
        yield return ("64 MiB", new byte[64 * 1024 * 1024], null);
        yield return ("100,000 deep", Encoding.ASCII.GetBytes(new string('[', 100_000) + new string(']', 100_000)), null);
        yield return ("deep objects", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 20_000)) + "1" + new string('}', 20_000)), null);
        yield return ("a long array", Encoding.ASCII.GetBytes("[" + string.Join(',', Enumerable.Repeat("1", 500_000)) + "]"), null);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 500; i++) gzip.Write(zeros);
        }
        yield return ("half a gigabyte in gzip", packed.ToArray(), "gzip");
    }

    /// <summary>The slowest of some honest requests, in milliseconds.</summary>
    private async Task<double> SlowestOfAsync(int requests)
    {
        var client = _host.CreateVisitor();
        var slowest = 0.0;
        for (var i = 0; i < requests; i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await client.GetAsync("/healthz/ready");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            slowest = Math.Max(slowest, watch.Elapsed.TotalMilliseconds);
        }
        return slowest;
    }

    /// <summary>What the server said at last; nothing where it hung up.</summary>
    private static async Task<string> EndAsync(TcpClient client, CancellationToken ct)
    {
        try
        {
            using var said = new MemoryStream();
            await client.GetStream().CopyToAsync(said, ct);
            return Encoding.ASCII.GetString(said.ToArray());
        }
        catch (IOException)
        {
            return "";
        }
    }
}
