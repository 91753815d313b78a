using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Inbox;
using Xunit;

namespace Portal.Tests.Faults;

/// <summary>The disk is full, read-only, locked or slow, or the server is away: 503 with <c>Retry-After</c>, nothing acknowledged is lost, and it mends by itself.</summary>
public sealed class StorageFaultTests : IAsyncDisposable
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private readonly HashSet<string> _acknowledged = [];
    private PortalHost _host = new();
    private int _number;

    [Theory]
    [InlineData("PRAGMA max_page_count=1", "PRAGMA max_page_count=4294967294")]   // SQLITE_FULL, as on a disk without room
    [InlineData("PRAGMA query_only=1", "PRAGMA query_only=0")]                    // SQLITE_READONLY, as on one that was mounted so
    [Trait("Database", "Sqlite")]
    public async Task A_disk_that_takes_nothing_is_answered_with_503_and_forgotten_when_it_takes_again(string breaks, string mends)
    {
        var client = await StartAsync();
        var writer = await SqliteFaults.WriterOfAsync(_host.Store);
        writer.Run(breaks);
        for (var i = 0; i < 20; i++) await AssertPutOffAsync(client);
        writer.Run(mends);
        await AssertMendedAsync(client);
    }

    [Fact]
    [Trait("Database", "Sqlite")]
    public async Task A_database_that_another_program_locks_is_waited_for()
    {
        var client = await StartAsync();
        using (var other = new SqliteConnection($"Data Source={_host.Database.Path};Pooling=False"))
        {
            other.Open();
            using var locking = other.BeginTransaction();
            using var command = other.CreateCommand();
            (command.CommandText, command.Transaction) = ("UPDATE campaigns SET name = name", locking);
            command.ExecuteNonQuery();
            var waiting = PostAsync(client);
            Assert.False(waiting.IsCompleted);
            locking.Rollback();
            Assert.Equal(HttpStatusCode.OK, await waiting);
        }
        await AssertMendedAsync(client);
    }

    [Fact]
    [Trait("Database", "Postgres")]
    public async Task A_server_that_is_away_is_answered_with_503_at_once_and_used_again_when_it_is_back()
    {
        using var cable = new Cable();
        await _host.DisposeAsync();
        _host = new PortalHost { DatabasePort = cable.Port };
        var client = await StartAsync();
        cable.PullOut();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++) await AssertPutOffAsync(client);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"20 answers took {watch.Elapsed}");   // a limit on hanging, not on speed
        await ReadyTurnsAsync(client, HttpStatusCode.ServiceUnavailable);
        using (var alive = await client.GetAsync("/healthz/live")) Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        cable.PutBack();
        await AssertMendedAsync(client);
        await ReadyTurnsAsync(client, HttpStatusCode.OK);
    }

    [Fact]
    [Trait("Database", "Postgres")]
    public async Task A_slow_server_makes_everything_slower_and_nothing_wrong()
    {
        using var cable = new Cable();
        await _host.DisposeAsync();
        _host = new PortalHost { DatabasePort = cable.Port };
        var client = await StartAsync();
        cable.Delay = TimeSpan.FromMilliseconds(40);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => PostAsync(client))), status => Assert.Equal(HttpStatusCode.OK, status));
        cable.Delay = TimeSpan.Zero;
        await AssertMendedAsync(client);
    }

    [Fact]
    [Trait("Database", "Postgres")]
    public async Task A_table_that_somebody_locks_is_waited_for()
    {
        var client = await StartAsync();
        using (var other = _host.Database.Connect())
        {
            using var locking = other.BeginTransaction();
            using var command = other.CreateCommand();
            (command.CommandText, command.Transaction) = ("LOCK TABLE events IN ACCESS EXCLUSIVE MODE", locking);
            command.ExecuteNonQuery();
            var waiting = PostAsync(client);
            Assert.False(waiting.IsCompleted);
            locking.Rollback();
            Assert.Equal(HttpStatusCode.OK, await waiting);
        }
        await AssertMendedAsync(client);
    }

    [Fact]
    public async Task The_scheduler_s_store_may_be_lost_and_the_inbox_goes_on()
    {
        await using (var first = new PortalHost { DataDirectory = _host.DataDirectory }.KeepDirectory())
        {
            var sender = first.CreateVisitor();
            using var answer = await sender.PostStripeAsync(StripeSamples.Customer(eventId: "evt_before"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            _acknowledged.Add("evt_before");
        }
        if (TestDatabase.Server is null) foreach (var file in Directory.GetFiles(_host.DataDirectory, "scheduler.db*")) File.Delete(file);
        else _host.Database.Execute(_host.Database.Query("SELECT 'DROP TABLE ' || tablename || ' CASCADE' FROM pg_tables WHERE tablename LIKE 'qrtz_%'"));
        await AssertMendedAsync(await StartAsync());
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<HttpClient> StartAsync()
    {
        var client = await _host.CreateApiClientAsync(Sandbox);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(client));
        return client;
    }

    private async Task<HttpStatusCode> PostAsync(HttpClient client)
    {
        var id = $"evt_{Interlocked.Increment(ref _number)}";
        using var answer = await client.PostStripeAsync(StripeSamples.Customer(eventId: id));
        if (answer.StatusCode == HttpStatusCode.OK) lock (_acknowledged) _acknowledged.Add(id);
        return answer.StatusCode;
    }

    private static async Task ReadyTurnsAsync(HttpClient client, HttpStatusCode status)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            using var ready = await client.GetAsync("/healthz/ready");
            if (ready.StatusCode == status) return;
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), $"It stays {ready.StatusCode}.");
        }
    }

    private static async Task AssertPutOffAsync(HttpClient client)
    {
        using var answer = await client.PostStripeAsync(StripeSamples.Customer(name: new string('x', 200_000), eventId: "evt_refused"));   // needs room of its own
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.DoesNotContain("   at ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>It takes deliveries again, all that was acknowledged is there once, and all of it is processed.</summary>
    private async Task AssertMendedAsync(HttpClient client)
    {
        var patience = Stopwatch.StartNew();
        while (await PostAsync(client) != HttpStatusCode.OK) Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), "It did not mend.");
        await client.UntilAsync("inbox", inbox => inbox.Number("pending") == 0);
        await using var db = _host.Store.OpenRead();
        var stored = await db.Events.GroupBy(e => e.ProviderEventId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count);
        Assert.All(_acknowledged, id => Assert.Equal(1, stored.GetValueOrDefault(id)));
        Assert.False(await db.Events.AnyAsync(e => e.State == EventState.Pending || e.State == EventState.Failed));
    }
}
