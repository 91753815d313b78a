using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Pipeline;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Faults;

/// <summary>The same work begun several times at the same moment has one effect; and a clock that jumps loses nothing.</summary>
public sealed class TwiceAtOnceTests : IDisposable
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private readonly TestClock _clock = new();
    private readonly PortalOnDisk _portal;

    public TwiceAtOnceTests() => _portal = new PortalOnDisk(_clock);

    [Fact]
    public async Task Eight_drains_at_once_reward_each_payment_once()
    {
        await _portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        // Two payments and a refund each, all mixed, so that neighbours in the inbox concern the same referral.
        var bodies = Enumerable.Range(0, 60).SelectMany(n => new[]
        {
            StripeSamples.InvoicePaid($"cus_{n}", $"in_a{n}", eventId: $"evt_a{n}"),
            StripeSamples.Customer(customer: $"cus_{n}", ucc: SmallWorld.Ann, newUserId: $"user-{n % 50}", eventId: $"evt_c{n}"),
            StripeSamples.InvoicePaid($"cus_{n}", $"in_b{n}", eventId: $"evt_b{n}"),
        });
        await Task.WhenAll(bodies.Select(b => _portal.DeliverAsync(b)));

        var drains = Enumerable.Range(0, 8).Select(_ => new EventPipeline(_portal.Store, _portal.Changes, _clock, NullLogger<EventPipeline>.Instance));
        await Task.WhenAll(drains.Select(d => Task.Run(async () =>
        {
            while (await d.DrainAsync(default) > 0)
            {
            }
        })));
        await _portal.DrainAsync();

        await using var db = _portal.Store.OpenRead();
        Assert.Equal(120, await db.Rewards.CountAsync(r => r.Earned == 2_000 && r.Reversed == 0));
        Assert.Equal(120, await db.LedgerEntrySets.CountAsync());
        Assert.Equal(180, await db.Attempts.CountAsync());
        Assert.True(await db.Events.AllAsync(e => e.State == EventState.Processed && e.Attempts == 1));
        Assert.Equal(0, (await _portal.RebuildAsync(Sandbox)).DifferencesInAll);
    }

    [Fact]
    public async Task Two_hundred_posts_of_one_event_at_once_are_one_event()
    {
        var body = StripeSamples.Customer();
        var receipts = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => _portal.DeliverAsync(body))));

        Assert.Single(receipts, r => r.Outcome == DeliveryOutcome.Accepted);
        Assert.Single(receipts.Select(r => r.EventId).Distinct());
        await using var db = _portal.Store.OpenRead();
        Assert.Equal((1, 200), (await db.Events.CountAsync(), await db.Deliveries.CountAsync()));
    }

    [Fact]
    public async Task A_retry_that_was_put_off_by_a_clock_that_ran_ahead_is_due_when_the_clock_is_right_again()
    {
        await _portal.TellAsync(StripeSamples.Customer());
        await _portal.DeliverAsync(StripeSamples.InvoicePaid());
        var ahead = _clock.GetUtcNow().AddDays(3);
        await _portal.Store.WriteAsync(db => db.Events.Where(e => e.State == EventState.Pending).ExecuteUpdate(set => set.SetProperty(e => e.NextAttemptAt, ahead)), default);

        await _portal.DrainAsync();

        await using var db = _portal.Store.OpenRead();
        Assert.True(await db.Events.AllAsync(e => e.State == EventState.Processed));
    }

    [Fact]
    [Trait("Database", "Postgres")]
    public async Task An_event_whose_queries_run_out_of_time_steps_aside_and_never_fails_for_it()
    {
        using var portal = new PortalOnDisk(_clock, patience: 1);
        await portal.DeliverAsync(StripeSamples.Customer());
        await portal.Store.WriteAsync(db => db.Events.ExecuteUpdate(set => set.SetProperty(e => e.Attempts, EventPipeline.MostAttempts)), default);
        using (var other = portal.Database.Connect())
        {
            using var locking = other.BeginTransaction();
            using var command = other.CreateCommand();
            (command.CommandText, command.Transaction) = ("LOCK TABLE customers IN ACCESS EXCLUSIVE MODE", locking);
            command.ExecuteNonQuery();
            Assert.Equal(1, await portal.Pipeline.DrainAsync(default));
            Assert.Equal(0, await portal.Pipeline.DrainAsync(default));   // it is not the head of the queue any more
        }
        await using (var db = portal.Store.OpenRead())
        {
            var aside = await db.Events.SingleAsync();
            Assert.Equal((EventState.Pending, EventPipeline.MostAttempts + 1), (aside.State, aside.Attempts));
        }

        _clock.Pass(TimeSpan.FromMinutes(3));
        await portal.DrainAsync();

        await using var after = portal.Store.OpenRead();
        Assert.Equal(EventState.Processed, (await after.Events.SingleAsync()).State);
    }

    public void Dispose() => _portal.Dispose();
}
