using System.Collections.Concurrent;
using System.Net;
using Xunit;

namespace Portal.Tests.Faults;

/// <summary>The portal is killed, stopped and starved while it acknowledges: what it acknowledged is there, and rewarded once.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task Whatever_was_acknowledged_survives_being_killed_and_is_rewarded_once()
    {
        await using var portal = new PortalProcess();
        var acknowledged = new ConcurrentBag<string>();
        var number = 0;
        await StartAsync(portal);
        for (var kill = 1; kill <= 3; kill++)
        {
            var senders = await SendAsync(portal, acknowledged, () => Interlocked.Increment(ref number));
            await portal.KillAsync();
            await Task.WhenAll(senders);
            await portal.StartAsync();
        }

        await AssertKeptAsync(portal, acknowledged);
    }

    [Fact]
    public async Task A_portal_that_is_asked_to_stop_ends_well_and_loses_nothing()
    {
        await using var portal = new PortalProcess();
        var acknowledged = new ConcurrentBag<string>();
        var number = 0;
        await StartAsync(portal);
        var senders = await SendAsync(portal, acknowledged, () => Interlocked.Increment(ref number));

        Assert.Equal(0, await portal.StopAsync(TimeSpan.FromSeconds(40)));
        await Task.WhenAll(senders);

        await portal.StartAsync();
        await AssertKeptAsync(portal, acknowledged);
    }

    [Fact]
    public async Task With_little_memory_it_puts_off_what_it_cannot_take_and_lives()
    {
        await using var portal = new PortalProcess { Environment = { ["DOTNET_GCHeapHardLimit"] = "0xC000000" } };   // 192 MiB
        await StartAsync(portal);
        using var client = new HttpClient { BaseAddress = portal.Address };
        var stored = new ConcurrentBag<string>();
        var answers = new ConcurrentBag<HttpStatusCode>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (n, ct) =>
        {
            var id = $"evt_large_{n}";
            using var answer = await client.PostStripeAsync(StripeSamples.Customer(customer: $"cus_l{n}", name: new string('x', 900_000), eventId: id));
            answers.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.OK) stored.Add(id);
        });

        Assert.False(portal.HasExited);
        Assert.All(answers, status => Assert.Contains(status, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.TooManyRequests }));
        Assert.NotEmpty(stored);
        using var api = await portal.ApiClientAsync();
        await api.UntilAsync("inbox", inbox => inbox.Number("pending") == 0);
        Assert.Empty(stored.Except(portal.Database.Query("SELECT provider_event_id FROM events WHERE state = 'processed'")));
    }

    private static async Task StartAsync(PortalProcess portal)
    {
        await portal.StartAsync();
        using var api = await portal.ApiClientAsync();
        await api.SendAsync("referrers", new { productUserId = "ann", ucc = "abcDEF12345" });
        await api.SendAsync("campaigns/default/revisions", """{"effectiveFrom":"2020-01-01T00:00:00Z","rules":[{"kind":"purchase","percent":"20"}]}""");
    }

    /// <summary>Sends from eight sides; returns once enough was acknowledged, while it goes on.</summary>
    private static async Task<List<Task>> SendAsync(PortalProcess portal, ConcurrentBag<string> acknowledged, Func<int> next)
    {
        var before = acknowledged.Count;
        var senders = Enumerable.Range(0, 8).Select(_ => Task.Run(() => portal.SendUntilDeadAsync(acknowledged, next))).ToList();
        while (acknowledged.Count < before + 150) await Task.Delay(5);
        return senders;
    }

    private static async Task AssertKeptAsync(PortalProcess portal, ConcurrentBag<string> acknowledged)
    {
        using (var api = await portal.ApiClientAsync()) await api.UntilAsync("inbox", inbox => inbox.Number("pending") == 0);
        await portal.KillAsync();
        var database = portal.Database;
        var stored = database.Query("SELECT provider_event_id FROM events").ToHashSet();
        Assert.Empty(acknowledged.Except(stored));
        Assert.True(acknowledged.Count >= 150, "too few to prove anything");
        if (TestDatabase.Server is null) Assert.Equal(["ok"], database.Query("PRAGMA integrity_check"));
        // A payment whose customer was not acknowledged before the end may wait for it; everything else is done.
        var known = stored.Where(id => id.StartsWith("evt_came_", StringComparison.Ordinal)).Select(id => id["evt_came_".Length..]).ToHashSet();
        var due = stored.Where(id => id.StartsWith("evt_paid_", StringComparison.Ordinal)).Select(id => id["evt_paid_".Length..]).Where(known.Contains).ToList();
        Assert.Empty(database.Query("SELECT provider_event_id FROM events WHERE state NOT IN ('processed', 'waiting')"));
        var rewards = database.Query("SELECT invoice_id || ' ' || earned FROM rewards");
        Assert.Equal(due.Select(n => $"in_{n} 2000").Order(), rewards.Order());
        Assert.Equal([$"{rewards.Count} {2 * rewards.Count} 0"], database.Query("SELECT (SELECT count(*) FROM ledger_entry_sets) || ' ' || count(*) || ' ' || sum(amount) FROM ledger_entries"));
    }
}
