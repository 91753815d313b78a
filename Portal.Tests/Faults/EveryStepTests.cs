using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Faults;

/// <summary>A fault at every single step of storing and of processing: each time all of it stands, or nothing, and afterwards it is as if nothing had been.</summary>
public sealed class EveryStepTests : IDisposable
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private readonly TestClock _clock = new();
    private PortalOnDisk _portal = null!;
    private int _number;

    [Fact]
    [Trait("Database", "Sqlite")]
    public async Task Storing_a_delivery_survives_a_fault_at_every_step_of_the_database()
    {
        _portal = new PortalOnDisk(_clock);
        var faults = await SqliteFaults.WriterOfAsync(_portal.Store);
        await DeliverAsync();   // statements are prepared once
        var broken = 0;
        for (var step = 1; ; step++)
        {
            faults.BreakAt(step, steps: 1);
            var (id, stored) = await TryDeliverAsync();
            if (!faults.HasBroken) break;
            broken++;
            await AssertStoredAsync(id, stored);
        }
        Assert.True(broken > 100, $"{broken} steps are too few to be all");
        await AssertCountsAsync();
    }

    [Fact]
    [Trait("Database", "Sqlite")]
    public async Task Processing_survives_a_fault_at_every_step_of_the_database()
    {
        _portal = new PortalOnDisk(_clock);
        await PrepareAsync();
        var faults = await SqliteFaults.WriterOfAsync(_portal.Store);
        var broken = 0;
        for (var step = 1; ; step += Math.Max(1, step / 60))   // the first ones one by one, then closer than any statement is long
        {
            var n = await DeliverAsync();
            faults.BreakAt(step);
            await ProcessAsync();
            if (!faults.HasBroken) break;
            broken++;
            await AssertAllOrNothingAsync(n);
            await HealAsync();
        }
        Assert.True(broken > 150, $"{broken} steps are too few to be all");
        await AssertEverybodyOnceAsync();
    }

    [Fact]
    [Trait("Database", "Sqlite")]
    public async Task A_commit_that_is_refused_leaves_nothing()
    {
        _portal = new PortalOnDisk(_clock);
        await PrepareAsync();
        var faults = await SqliteFaults.WriterOfAsync(_portal.Store);
        faults.RefuseCommit();
        var (id, stored) = await TryDeliverAsync();
        Assert.False(stored);
        await AssertStoredAsync(id, stored);

        var n = await DeliverAsync();
        faults.RefuseCommit();
        await ProcessAsync();
        await AssertAllOrNothingAsync(n);
        await HealAsync();
        await AssertEverybodyOnceAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Database", "Postgres")]
    public async Task Storing_a_delivery_survives_the_loss_of_the_connection_at_every_step(bool serverHearsIt)
    {
        using var cable = new Cable();
        _portal = new PortalOnDisk(_clock, cable.Port);
        await DeliverAsync();
        var broken = 0;
        for (var step = 1; ; step++)
        {
            cable.CutAt(step, serverHearsIt);
            var (id, stored) = await TryDeliverAsync();
            if (!cable.Mend()) break;
            broken++;
            await AssertStoredAsync(id, stored);
        }
        Assert.True(broken >= 3, $"{broken} steps are too few to be all");
        await AssertCountsAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Database", "Postgres")]
    public async Task Processing_survives_the_loss_of_the_connection_at_every_step(bool serverHearsIt)
    {
        using var cable = new Cable();
        _portal = new PortalOnDisk(_clock, cable.Port);
        await PrepareAsync();
        var broken = 0;
        for (var step = 1; ; step++)
        {
            var n = await DeliverAsync();
            cable.CutAt(step, serverHearsIt);
            await ProcessAsync();
            if (!cable.Mend()) break;
            broken++;
            await AssertAllOrNothingAsync(n);
            await HealAsync();
        }
        Assert.True(broken > 20, $"{broken} steps are too few to be all");
        await AssertEverybodyOnceAsync();
    }

    public void Dispose() => _portal.Dispose();

    private async Task PrepareAsync()
    {
        await _portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await DeliverAsync();
        await _portal.DrainAsync();
    }

    /// <summary>A new customer with a payment.</summary>
    private async Task<int> DeliverAsync()
    {
        var n = ++_number;
        await _portal.DeliverAsync(StripeSamples.Customer(customer: $"cus_{n}", ucc: SmallWorld.Ann, newUserId: $"user-{n}", eventId: $"evt_came_{n}"));
        await _portal.DeliverAsync(StripeSamples.InvoicePaid($"cus_{n}", $"in_{n}", eventId: $"evt_paid_{n}"));
        return n;
    }

    private async Task<(string Id, bool Stored)> TryDeliverAsync()
    {
        var id = $"evt_tried_{++_number}";
        try
        {
            await _portal.DeliverAsync(StripeSamples.Customer(customer: $"cus_{_number}", eventId: id));
            return (id, true);
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            return (id, false);
        }
    }

    /// <summary>What was acknowledged is there once; what was not may be there whole (the answer was lost) or not at all, and comes again.</summary>
    private async Task AssertStoredAsync(string id, bool stored)
    {
        var there = await CountAsync(id);
        if (stored) Assert.Equal((1, 1), there);
        else Assert.True(there is (0, 0) or (1, 1), $"{there.Events} events and {there.Deliveries} payloads of {id}");
        await _portal.DeliverAsync(StripeSamples.Customer(customer: $"cus_{id}", eventId: id));
        Assert.Equal((1, 1), await CountAsync(id));
    }

    private async Task<(int Events, int Deliveries)> CountAsync(string id)
    {
        await using var db = _portal.Store.OpenRead();
        var events = await db.Events.Where(e => e.ProviderEventId == id).Select(e => (long?)e.Id).ToListAsync();
        return (events.Count, await db.Deliveries.CountAsync(d => d.Outcome == DeliveryOutcome.Accepted && events.Contains(d.EventId)));
    }

    /// <summary>The counts of what came, which are part of each transaction, are those of the rows.</summary>
    private async Task AssertCountsAsync()
    {
        await using var db = _portal.Store.OpenRead();
        foreach (var (outcome, name) in new[] { (DeliveryOutcome.Accepted, CountNames.Accepted), (DeliveryOutcome.Duplicate, CountNames.Duplicate) })
            Assert.Equal(await db.Deliveries.CountAsync(d => d.Outcome == outcome), await db.DailyCounts.Where(c => c.Name == name).SumAsync(c => c.Count));
    }

    private async Task ProcessAsync()
    {
        try
        {
            while (await _portal.Pipeline.DrainAsync(default) > 0)
            {
            }
        }
        catch (Exception exception) when (_portal.Store.IsUnavailable(exception))
        {
            // the drain says so and comes again
        }
    }

    private async Task AssertAllOrNothingAsync(int n)
    {
        await using var db = _portal.Store.OpenRead();
        var ids = await db.Events.Where(e => e.ProviderEventId == $"evt_came_{n}" || e.ProviderEventId == $"evt_paid_{n}").Select(e => e.Id).ToListAsync();
        foreach (var id in ids)
        {
            var done = await db.Events.AnyAsync(e => e.Id == id && e.State == EventState.Processed);
            Assert.Equal(done, await db.Facts.AnyAsync(f => f.EventId == id));
            Assert.Equal(done, await db.Attempts.AnyAsync(a => a.EventId == id && a.Outcome == AttemptOutcome.Processed));
        }
        var (user, invoice) = ($"user-{n}", $"in_{n}");
        Assert.Equal(await db.Transactions.CountAsync(t => t.ExternalId == invoice), await db.Rewards.CountAsync(r => r.InvoiceId == invoice && r.Earned == 2_000));
        Assert.Equal(await db.Customers.CountAsync(c => c.NewUserId == user), await db.Referrals.CountAsync(r => r.NewUserId == user));
        Assert.Equal(0, await db.LedgerEntries.SumAsync(e => e.Amount));
    }

    /// <summary>The fault is over, and the time of the next try has come.</summary>
    private async Task HealAsync()
    {
        await _portal.DrainAsync();
        _clock.Pass(TimeSpan.FromMinutes(5));
        await _portal.DrainAsync();
        _clock.Pass(TimeSpan.FromMinutes(5));
        await _portal.DrainAsync();
    }

    private async Task AssertEverybodyOnceAsync()
    {
        await _portal.DrainAsync();
        await using var db = _portal.Store.OpenRead();
        Assert.Equal(0, await db.Events.CountAsync(e => e.State != EventState.Processed));
        Assert.Equal(await db.Events.CountAsync() / 2, await db.Rewards.CountAsync(r => r.Earned == 2_000 && r.Reversed == 0));
        Assert.Equal(await db.Rewards.CountAsync(), await db.LedgerEntrySets.CountAsync());
        Assert.Equal(0, (await _portal.RebuildAsync(Sandbox)).DifferencesInAll);
    }
}
