using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Pipeline;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Pipeline;

/// <summary>Deliveries, runs and failures that repeat.</summary>
public sealed class RepetitionTests : IAsyncLifetime
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private readonly TestClock _clock = new();
    private readonly PortalOnDisk _portal;

    public RepetitionTests() => _portal = new PortalOnDisk(_clock);

    public async Task InitializeAsync()
    {
        await _portal.ReferrerAsync("abcDEF12345", "ann");
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent);
    }

    [Fact]
    public async Task Two_hundred_deliveries_of_one_event_at_once_are_one_event_and_one_reward()
    {
        await _portal.TellAsync(StripeSamples.Customer());
        var receipts = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => _portal.DeliverAsync(StripeSamples.InvoicePaid()))));
        await _portal.DrainAsync();

        Assert.Single(receipts, r => r.Outcome == DeliveryOutcome.Accepted);
        Assert.Single(receipts.Select(r => r.EventId).Distinct());
        await using var db = _portal.Store.OpenRead();
        var paid = await db.Events.SingleAsync(e => e.Type == "invoice.paid");
        Assert.Equal(200, await db.Deliveries.CountAsync(d => d.EventId == paid.Id));
        Assert.Equal(1, await db.Deliveries.CountAsync(d => d.EventId == paid.Id && d.Body != null));   // the bytes are kept once
        Assert.Equal((1, 1, 2_000L), (await db.Attempts.CountAsync(a => a.EventId == paid.Id), await db.LedgerEntrySets.CountAsync(), (await db.Rewards.SingleAsync()).Earned));
    }

    [Fact]
    public async Task Two_events_that_tell_one_fact_are_one_reward()
    {
        await _portal.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid(), StripeSamples.InvoicePaid(type: "invoice.payment_succeeded"), StripeSamples.Charge());

        await using var db = _portal.Store.OpenRead();
        Assert.Equal((2_000, 1), ((await db.Rewards.SingleAsync()).Earned, await db.LedgerEntrySets.CountAsync()));
        Assert.Equal(1, await db.Facts.CountAsync(f => f.Kind == "invoicePaid"));
    }

    [Fact]
    public async Task The_same_id_with_another_body_does_not_replace_what_came_first()
    {
        await _portal.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid(eventId: "evt_same"));
        await _portal.TellAsync(StripeSamples.InvoicePaid(eventId: "evt_same", amountPaid: 99_000, total: 99_000, totalExcludingTax: 99_000));

        Assert.Equal(2_000, Assert.Single(await _portal.Ledger.BalancesAsync(Sandbox, default)).Earned);
        await using var db = _portal.Store.OpenRead();
        Assert.Equal("differentBody", (await db.Deliveries.SingleAsync(d => d.Outcome == DeliveryOutcome.Duplicate)).ReasonCode);
    }

    [Fact]
    public async Task Events_that_are_resent_change_nothing_but_count_their_runs()
    {
        await _portal.TellAsync(StripeSamples.Customer(), StripeSamples.Charge(), StripeSamples.InvoicePaid(), StripeSamples.Refund(amount: 6_000));
        var before = await _portal.Ledger.HashAsync(Sandbox, default);
        await using var db = _portal.Store.OpenRead();
        var sets = await db.LedgerEntrySets.CountAsync();

        foreach (var id in await db.Events.Select(e => e.Id).ToListAsync())
        {
            Assert.True((await Resend().ResendAsync(Sandbox, id, PortalOnDisk.Tester, default)).TryGet(out _, out _));
            if (id % 2 == 0) await _portal.DrainAsync();
        }
        await _portal.DrainAsync();

        Assert.Equal(before, await _portal.Ledger.HashAsync(Sandbox, default));
        Assert.Equal(sets, await db.LedgerEntrySets.CountAsync());
        Assert.All(await db.Events.ToListAsync(), e => Assert.Equal((EventState.Processed, 2), (e.State, e.Attempts)));
        Assert.Equal(4, await db.Attempts.CountAsync(a => a.Cause == AttemptCause.Resend && a.Number == 2));
        Assert.Equal(4, await db.Set<AuditEntry>().CountAsync(a => a.Action == "event.resent" && a.Actor == PortalOnDisk.Tester.Name));
        Assert.False((await Resend().ResendAsync(PortalEnvironment.Production, 1, PortalOnDisk.Tester, default)).TryGet(out _, out _));
    }

    [Fact]
    public async Task An_event_that_breaks_lets_the_others_through_and_is_given_up_after_five_tries()
    {
        var poison = new PoisonedStore(_portal.Store, "evt_poison");
        var pipeline = new EventPipeline(poison, _portal.Changes, _clock, NullLogger<EventPipeline>.Instance);
        await _portal.DeliverAsync(StripeSamples.Customer());
        await _portal.DeliverAsync(StripeSamples.InvoicePaid(invoice: "in_poison", eventId: "evt_poison"));
        await _portal.DeliverAsync(StripeSamples.InvoicePaid(invoice: "in_good"));

        var waits = new List<double>();
        for (var run = 1; run <= 5; run++)
        {
            while (await pipeline.DrainAsync(default) > 0)
            {
            }
            await using var db = _portal.Store.OpenRead();
            var broken = await db.Events.SingleAsync(e => e.ProviderEventId == "evt_poison");
            Assert.Equal(run, broken.Attempts);
            Assert.Equal("in_good", (await db.Rewards.SingleAsync()).InvoiceId);
            if (broken.NextAttemptAt is not { } next) continue;
            waits.Add((next - broken.ProcessedAt!.Value).TotalSeconds);
            _clock.Pass(next - _clock.GetUtcNow() + TimeSpan.FromMilliseconds(2));
        }

        await using (var db = _portal.Store.OpenRead())
        {
            Assert.Equal([2, 8, 32, 128], waits);
            var given = await db.Events.SingleAsync(e => e.ProviderEventId == "evt_poison");
            Assert.Equal((EventState.Failed, null), (given.State, given.NextAttemptAt));
            var attempts = await db.Attempts.Where(a => a.EventId == given.Id).OrderBy(a => a.Number).ToListAsync();
            Assert.Equal([1, 2, 3, 4, 5], attempts.Select(a => a.Number));
            Assert.Equal([AttemptCause.Arrival, .. Enumerable.Repeat(AttemptCause.Retry, 4)], attempts.Select(a => a.Cause));
            Assert.Equal([.. Enumerable.Repeat(AttemptOutcome.Retried, 4), AttemptOutcome.Failed], attempts.Select(a => a.Outcome));
            Assert.DoesNotContain(attempts, a => a.Error!.Contains("secret of the fault", StringComparison.Ordinal));
        }

        poison.Healed = true;
        await using var after = _portal.Store.OpenRead();
        await Resend().ResendAsync(Sandbox, await after.Events.Where(e => e.State == EventState.Failed).Select(e => e.Id).SingleAsync(), PortalOnDisk.Tester, default);
        await pipeline.DrainAsync(default);
        Assert.Equal(4_000, Assert.Single(await _portal.Ledger.BalancesAsync(Sandbox, default)).Earned);
        Assert.True(await after.Events.AllAsync(e => e.State == EventState.Processed));
    }

    [Fact]
    public async Task Those_who_share_a_batch_with_one_that_breaks_are_counted_and_tried_once()
    {
        var pipeline = new EventPipeline(new PoisonedStore(_portal.Store, "evt_poison"), _portal.Changes, _clock, NullLogger<EventPipeline>.Instance);
        await _portal.DeliverAsync(StripeSamples.Customer());
        await _portal.DeliverAsync(StripeSamples.InvoicePaid(eventId: "evt_poison"));

        await pipeline.DrainAsync(default);

        await using var db = _portal.Store.OpenRead();
        var good = await db.Events.SingleAsync(e => e.ProviderEventId != "evt_poison");
        Assert.Equal((1, 1), (good.Attempts, (await db.Attempts.SingleAsync(a => a.EventId == good.Id)).Number));
        Assert.Equal(1, (await db.DailyCounts.SingleAsync(c => c.Name == CountNames.StatusOk || c.Name == CountNames.StatusWarning)).Count);
    }

    [Fact]
    public async Task The_quarantine_is_bounded_for_each_environment_however_refusals_take_turns()
    {
        for (var i = 0; i < 1_300; i++)
        {
            _portal.Intake.Refuse(Refused(Sandbox));
            if (i % 99 == 98) _portal.Intake.Refuse(Refused(PortalEnvironment.Production));
            if (i % 50 == 49) await CountedAsync(i + 1);   // lets the writer catch up: a flood beyond it is dropped
        }
        await CountedAsync(1_300);

        await using var db = _portal.Store.OpenRead();
        Assert.InRange(await db.Deliveries.CountAsync(d => d.Environment == Sandbox), Quarantine.MostDeliveries, Quarantine.MostDeliveries + 100);
        Assert.Equal(13, await db.Deliveries.CountAsync(d => d.Environment == PortalEnvironment.Production));
        Assert.Equal(1_300, (await db.DailyCounts.SingleAsync(c => c.Environment == Sandbox && c.Name == CountNames.Rejected)).Count);
        Assert.Equal(Quarantine.MostBytes, await db.Deliveries.MaxAsync(d => d.Body!.Length));

        async Task CountedAsync(int refused)
        {
            await using var counts = _portal.Store.OpenRead();
            while (await counts.DailyCounts.Where(c => c.Environment == Sandbox).SumAsync(c => c.Count) < refused) await Task.Yield();
            await _portal.Store.WriteAsync(_ => { }, default);   // what is committed is seen a moment before it no longer counts as waiting
        }

        RefusedDelivery Refused(PortalEnvironment environment) => new()
        {
            Environment = environment, Source = "stripe", ReceivedAt = _clock.GetUtcNow(), Body = new byte[Quarantine.MostBytes + 1], BodyLength = 99_999,
            ReasonCode = "noMatch", Reason = "No secret fits.",
        };
    }

    [Fact]
    public async Task The_provider_sending_a_failed_event_again_revives_it()
    {
        var live = StripeSamples.InvoicePaid().Replace("\"livemode\":false", "\"livemode\":true", StringComparison.Ordinal);
        await _portal.TellAsync(live);
        await _portal.TellAsync(live);

        await using var db = _portal.Store.OpenRead();
        Assert.Equal([AttemptCause.Arrival, AttemptCause.Resend], await db.Attempts.OrderBy(a => a.Number).Select(a => a.Cause).ToListAsync());
        Assert.False(await db.Facts.AnyAsync());
    }

    public Task DisposeAsync()
    {
        _portal.Dispose();
        return Task.CompletedTask;
    }

    private EventResend Resend() => new(_portal.Store, new EventSearch(_portal.Store), _portal.Signal, _portal.Changes, _clock);

    /// <summary>The real store, on which every write that holds a certain event's facts breaks at its end.</summary>
    private sealed class PoisonedStore(PortalStore inner, string eventId) : PortalStore
    {
        public bool Healed { get; set; }

        public override PortalDb OpenRead() => inner.OpenRead();

        public override Task<PortalDb> OpenSnapshotAsync(CancellationToken ct) => inner.OpenSnapshotAsync(ct);

        public override void Open() => inner.Open();

        public override Task<IAsyncDisposable?> TryOwnAsync(string name, CancellationToken ct) => inner.TryOwnAsync(name, ct);

        public override bool IsUnavailable(Exception exception) => inner.IsUnavailable(exception);

        public override Task<T> WriteAsync<T>(Func<PortalDb, T> work, CancellationToken ct) => inner.WriteAsync(db =>
        {
            var result = work(db);
            Check(db);
            return result;
        }, ct);

        public override async Task<StoreWork> BeginWorkAsync(bool alone, CancellationToken ct) => new PoisonedWork(this, await inner.BeginWorkAsync(alone, ct));

        private void Check(PortalDb db)
        {
            if (!Healed && db.Set<StoredFact>().Any(f => f.ProviderEventId == eventId)) throw new InvalidOperationException("secret of the fault");
        }

        private sealed class PoisonedWork(PoisonedStore store, StoreWork inner) : StoreWork
        {
            public override PortalDb Read => inner.Read;

            public override bool IsShared => inner.IsShared;

            public override Task<bool> HoldAsync(IReadOnlyCollection<string> names, CancellationToken ct) => inner.HoldAsync(names, ct);

            public override Task CommitAsync(Action<PortalDb> write, CancellationToken ct) => inner.CommitAsync(db =>
            {
                write(db);
                store.Check(db);
            }, ct);

            public override ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
