using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Outgoing;
using Xunit;

namespace Portal.Tests.Outgoing;

/// <summary>Whom the portal calls by itself, and what comes of it when nobody answers.</summary>
[Trait("Database", "Without")]
public sealed class OutgoingTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.IPv6Any, 0) { Server = { DualMode = true } };
    private readonly CancellationTokenSource _end = new();
    private readonly List<TcpClient> _silent = [];
    private readonly int _port;
    private int _connections;

    public OutgoingTests()
    {
        _listener.Start();
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    /// <summary>How the listener answers; null not at all.</summary>
    private string? Answer { get; set; } = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    public static TheoryData<string> Hostile { get; } =
    [
        // this machine
        "https://127.0.0.1:{0}/", "https://127.1:{0}/", "https://127.255.255.254:{0}/", "https://2130706433:{0}/", "https://0x7f000001:{0}/", "https://0x7f.0.0.1:{0}/",
        "https://0177.0.0.1:{0}/", "https://017700000001:{0}/", "https://localhost:{0}/", "https://LOCALHOST:{0}/", "https://localhost.:{0}/", "https://0.0.0.0:{0}/",
        "https://0:{0}/", "https://[::1]:{0}/", "https://[::]:{0}/", "https://[0:0:0:0:0:0:0:1]:{0}/",
        // wrapped into version 6
        "https://[::ffff:127.0.0.1]:{0}/", "https://[::ffff:7f00:1]:{0}/", "https://[::127.0.0.1]:{0}/", "https://[64:ff9b::7f00:1]:{0}/", "https://[64:ff9b:1::7f00:1]:{0}/",
        "https://[2002:7f00:1::]:{0}/", "https://[2001:0:7f00:1::]:{0}/",
        // own networks
        "https://10.0.0.1:{0}/", "https://172.16.0.1:{0}/", "https://172.31.255.255:{0}/", "https://192.168.1.1:{0}/", "https://100.64.0.1:{0}/", "https://[fc00::1]:{0}/",
        "https://[fe80::1]:{0}/", "https://198.18.0.1:{0}/",
        // metadata, multicast, broadcast
        "https://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/latest/meta-data/", "https://[::ffff:169.254.169.254]/", "https://224.0.0.1/", "https://255.255.255.255/",
        // other ways
        "http://8.8.8.8:{0}/", "file:///etc/passwd", "https://user:password@example.com:{0}/", "https://changes-its-mind.example:{0}/",
    ];

    [Fact]
    public void There_are_forty() => Assert.Equal(40, Hostile.Count);

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_hostile_address_gets_no_connection(string url)
    {
        using var services = Services();

        var refused = await FailAsync(services, string.Format(System.Globalization.CultureInfo.InvariantCulture, url, _port));

        // A name that this machine's resolver does not know gets no connection either.
        Assert.True(refused is OutgoingException { IsRefused: true } or NotSupportedException || url.Contains("localhost.:", StringComparison.Ordinal), $"{refused}");
        Assert.Equal(0, _connections);
    }

    [Fact]
    public async Task A_redirect_is_handed_back_and_not_followed()
    {
        Answer = "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        using var services = Services($"localhost:{_port}");

        var answer = await Client(services).GetAsync($"http://localhost:{_port}/");

        Assert.Equal((HttpStatusCode.Redirect, 1), (answer.StatusCode, _connections));
    }

    [Fact]
    public async Task An_allowed_host_is_called_at_its_port_and_at_no_other()
    {
        using var services = Services($"localhost:{_port}");

        Assert.Equal("ok", await Client(services).GetStringAsync($"http://localhost:{_port}/"));
        Assert.True(await FailAsync(services, $"http://localhost:{_port + 1}/") is OutgoingException { IsRefused: true });
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("1.1.1.1", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("2001:db8::1", false)]
    [InlineData("203.0.113.9", false)]
    public void Only_what_is_public_is_public(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));

    [Fact]
    public async Task Who_does_not_answer_is_given_up_within_the_time_limit_with_a_sentence()
    {
        Answer = null;
        using var services = Services($"localhost:{_port}");
        var watch = Stopwatch.StartNew();

        var failed = await FailAsync(services, $"http://localhost:{_port}/");

        Assert.IsType<OutgoingException>(failed);
        Assert.Matches(@"^localhost did not answer within \d seconds\.$", failed.Message);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.9, 8);
    }

    [Fact]
    public async Task Who_keeps_failing_is_asked_again_where_that_does_no_harm_and_then_left_alone()
    {
        Answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        using var services = Services($"localhost:{_port}");
        using var once = new StringContent("{}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Client(services).PostAsync($"http://localhost:{_port}/", once)).StatusCode);
        Assert.Equal(1, _connections);   // a POST that does not name itself is sent once
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Client(services).GetAsync($"http://localhost:{_port}/")).StatusCode);
        Assert.Equal(4, _connections);   // once, and two more tries
        _ = await Record.ExceptionAsync(() => Client(services).GetAsync($"http://localhost:{_port}/"));
        var before = _connections;

        var failed = await FailAsync(services, $"http://localhost:{_port}/");

        Assert.Contains("left alone", failed.Message, StringComparison.Ordinal);
        Assert.Equal(before, _connections);
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private static async Task<Exception> FailAsync(IServiceProvider services, string url) =>
        await Record.ExceptionAsync(() => Client(services).GetAsync(url)) ?? throw new InvalidOperationException("It was called.");

    private static HttpClient Client(IServiceProvider services) => services.GetRequiredService<IHttpClientFactory>().CreateClient(OutgoingRegistration.Client);

    private static ServiceProvider Services(params string[] allowed)
    {
        var settings = allowed.Select((host, i) => KeyValuePair.Create<string, string?>($"Outgoing:AllowedHosts:{i}", host))
            .Append(new("Outgoing:TimeoutSeconds", "4")).Append(new("Outgoing:AttemptSeconds", "1"));
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddOutgoing()
            .AddSingleton<OutgoingNames, Rebinding>()
            .BuildServiceProvider();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                Interlocked.Increment(ref _connections);
                _ = ReplyAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task ReplyAsync(TcpClient client)
    {
        if (Answer is null)
        {
            lock (_silent) _silent.Add(client);   // left open, and silent: nobody collects it
            return;
        }
        using (client)
        {
            var stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[4096], _end.Token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer), _end.Token);
        }
    }

    /// <summary>A name that is public when it is asked for the first time and this machine from then on; each look-up is the one that counts.</summary>
    private sealed class Rebinding : OutgoingNames
    {
        private int _asked;

        public override Task<IPAddress[]> FindAsync(string host, CancellationToken ct) => host == "changes-its-mind.example"
            ? Task.FromResult<IPAddress[]>(_asked++ == 0 ? [IPAddress.Parse("8.8.8.8"), IPAddress.Loopback] : [IPAddress.Loopback])
            : base.FindAsync(host, ct);
    }
}
