using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Inbox;
using Portal.Core.Rebuild;
using Portal.Core.Retention;
using Xunit;

namespace Portal.Tests.Retention;

/// <summary>Payloads go when they are old enough; what they told stays, and everything can still be recomputed from it.</summary>
public sealed class PayloadRetentionTests
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;

    [Fact]
    [Trait("Database", "Sqlite")]
    public void A_ledger_is_rebuilt_to_the_same_hash_whatever_part_of_its_payloads_is_gone() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(15),
        Prop.ForAll(Gen.Choose(0, 10_000_000).ToArbitrary(), seed => AssertRebuildsAsync(seed).GetAwaiter().GetResult()));

    [Fact]
    public async Task Only_old_settled_events_lose_their_payloads_and_keep_everything_else()
    {
        var clock = new TestClock();
        using var portal = await PortalAsync(clock);
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid(), StripeSamples.InvoicePaid("cus_waits", "in_waits", paymentIntent: "pi_w", charge: "ch_w"), "{\"id\":\"evt_bad\"}");
        Assert.Equal(default, await new PayloadRetention(portal.Store, clock).RunAsync(400, default));

        clock.Pass(TimeSpan.FromDays(401));
        var done = await new PayloadRetention(portal.Store, clock).RunAsync(400, default);
        Assert.Equal((2, 0), (done.Payloads, done.Kept));
        await using var db = portal.Store.OpenRead();
        foreach (var one in await db.Events.ToListAsync())
        {
            var settled = one.State == EventState.Processed;
            var delivery = await db.Deliveries.SingleAsync(d => d.EventId == one.Id);
            Assert.Equal((settled, settled), (one.PayloadRemovedAt is not null, delivery.Body is null));
            Assert.True(delivery is { BodyLength: > 0, BodySha256.Length: 32 });
        }
        Assert.Equal([EventState.Processed, EventState.Processed, EventState.Waiting, EventState.Failed], (await db.Events.ToListAsync()).OrderBy(e => e.State).Select(e => e.State));
        Assert.Equal(default, await new PayloadRetention(portal.Store, clock).RunAsync(400, default));
    }

    [Fact]
    public async Task What_has_no_payload_cannot_be_sent_through_again_and_says_why()
    {
        using var portal = await PrunedAsync();
        var resend = new EventResend(portal.Store, new EventSearch(portal.Store), portal.Signal, portal.Changes, TimeProvider.System);
        Assert.False((await resend.ResendAsync(Sandbox, 1, PortalOnDisk.Tester, default)).TryGet(out _, out var problem));
        Assert.Equal(("payloadRemoved", ProblemKind.Conflict), (problem!.Code, problem.Kind));
        var all = new EventQuery { Environment = Sandbox };
        Assert.Equal((0, 0), ((await resend.EstimateAsync(all, default)).Events, await resend.ResendAsync(all, PortalOnDisk.Tester, default)));
        await using var db = portal.Store.OpenRead();
        Assert.Empty(await db.Events.Where(e => e.State == EventState.Pending).ToListAsync());
    }

    [Fact]
    public async Task The_provider_sending_it_again_is_a_duplicate_as_ever_and_brings_no_payload_back()
    {
        using var portal = await PrunedAsync();
        Assert.Equal(DeliveryOutcome.Duplicate, (await portal.DeliverAsync(StripeSamples.InvoicePaid())).Outcome);
        Assert.Equal(DeliveryOutcome.Duplicate, (await portal.DeliverAsync(StripeSamples.InvoicePaid() + " ")).Outcome);
        await portal.DrainAsync();
        await using var db = portal.Store.OpenRead();
        Assert.Equal((4, 0), (await db.Deliveries.CountAsync(), await db.Deliveries.CountAsync(d => d.Body != null)));
        Assert.Empty((await portal.RebuildAsync()).Differences);
    }

    [Fact]
    public async Task A_payload_that_tells_otherwise_than_is_stored_stays()
    {
        var clock = new TestClock();
        using var portal = await PortalAsync(clock);
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());
        portal.Tamper("UPDATE facts SET data = replace(data, '10000', '90000') WHERE invoice_id = 'in_1'");   // as an older reader may have told it
        clock.Pass(TimeSpan.FromDays(401));

        var done = await new PayloadRetention(portal.Store, clock).RunAsync(400, default);
        Assert.Equal((1, 1), (done.Payloads, done.Kept));
        await portal.ApplyAsync();
        Assert.Equal(1, (await new PayloadRetention(portal.Store, clock).RunAsync(400, default)).Payloads);
        Assert.Empty((await portal.RebuildAsync()).Differences);
    }

    [Theory]
    [InlineData("DELETE FROM facts WHERE invoice_id = 'in_1'")]
    [InlineData("UPDATE facts SET data = replace(data, '10000', '90000') WHERE invoice_id = 'in_1'")]
    [InlineData("UPDATE facts SET event_id = 1 WHERE invoice_id = 'in_1'")]
    public async Task A_fact_that_is_not_as_it_was_told_is_named_though_nobody_can_tell_it_again(string sql)
    {
        using var portal = await PrunedAsync();
        portal.Tamper(sql);
        var found = await portal.RebuildAsync();
        Assert.Contains(found.Differences, d => d.Kind == DifferenceKind.Fact && d.Subject == "invoice-paid:in_1" && d.After.Contains("cannot be told again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_earlier_version_of_the_readers_told_is_counted()
    {
        using var portal = await PrunedAsync();
        var report = await portal.RebuildAsync();
        Assert.Equal((2, 0), (report.FromFacts, report.FromOlderReading));
        portal.Tamper("UPDATE events SET kept_facts = '0' || substr(kept_facts, 2) WHERE id = 2");
        report = await portal.RebuildAsync();
        Assert.Equal((2, 1, 0), (report.FromFacts, report.FromOlderReading, report.DifferencesInAll));
    }

    [Fact]
    public async Task Refused_requests_and_many_attempts_go_too()
    {
        var clock = new TestClock();
        using var portal = await PortalAsync(clock);
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann));
        var resend = new EventResend(portal.Store, new EventSearch(portal.Store), portal.Signal, portal.Changes, clock);
        for (var i = 0; i < 7; i++)
        {
            await resend.ResendAsync(Sandbox, 1, PortalOnDisk.Tester, default);
            await portal.DrainAsync();
        }
        portal.Intake.Refuse(new RefusedDelivery { Environment = Sandbox, Source = "stripe", ReceivedAt = clock.GetUtcNow(), Body = "no"u8.ToArray(), BodyLength = 2, ReasonCode = "noMatch", Reason = "No secret fits." });
        await portal.Store.WriteAsync(_ => { }, default);
        clock.Pass(TimeSpan.FromDays(401));
        Assert.Equal(new RetentionReport(1, 0, 1, 3), await new PayloadRetention(portal.Store, clock).RunAsync(400, default));
        await using var db = portal.Store.OpenRead();
        Assert.Equal([4, 5, 6, 7, 8], await db.Attempts.OrderBy(a => a.Number).Select(a => a.Number).ToListAsync());
    }

    [Fact]
    [Trait("Database", "Sqlite")]
    public async Task The_next_payloads_are_found_by_their_index()
    {
        using var portal = await PortalAsync(TimeProvider.System);
        await using var db = portal.Store.OpenRead();
        Assert.Contains("ix_events_payloads", QueryPlan.Of(PayloadRetention.Next(db, DateTimeOffset.UtcNow, DateTimeOffset.MinValue, 0).Take(200)), StringComparison.Ordinal);
    }

    private static async Task AssertRebuildsAsync(int seed)
    {
        var (clock, random) = (new TestClock(), new Random(seed));
        using var portal = await PortalAsync(clock);
        foreach (var batch in new SmallWorld(seed).Events((Telling)(seed % 4)).OrderBy(_ => random.Next()).Chunk(random.Next(1, 25))) await portal.TellAsync(batch);
        var before = await portal.Ledger.HashAsync(Sandbox, default);
        clock.Pass(TimeSpan.FromDays(401));
        if (random.Next(2) == 0) portal.Tamper($"UPDATE events SET received_at = received_at + 86400000 * 401 WHERE id % {random.Next(2, 4)} = 1");   // some are younger
        await new PayloadRetention(portal.Store, clock).RunAsync(400, default);

        var rebuilt = await portal.RebuildAsync();
        Assert.Empty(rebuilt.Differences);
        Assert.Equal((before.Hash, before.Hash), (rebuilt.Hash, rebuilt.StoredHash));
        Assert.Equal(0, rebuilt.Reworded);
    }

    private static async Task<PortalOnDisk> PrunedAsync()
    {
        var clock = new TestClock();
        var portal = await PortalAsync(clock);
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann));
        await portal.TellAsync(StripeSamples.InvoicePaid());
        clock.Pass(TimeSpan.FromDays(401));
        Assert.Equal(2, (await new PayloadRetention(portal.Store, clock).RunAsync(400, default)).Payloads);
        return portal;
    }

    private static async Task<PortalOnDisk> PortalAsync(TimeProvider clock)
    {
        var portal = new PortalOnDisk(clock);
        await portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await portal.ReferrerAsync(SmallWorld.Bo, "bo");
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await portal.DrainAsync();
        return portal;
    }
}
