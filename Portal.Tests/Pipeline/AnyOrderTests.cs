using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Pipeline;

/// <summary>Whole histories on a real file: whatever the order, the repetition, the batches and the shape, the same ledger.</summary>
public sealed class AnyOrderTests
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;

    [Fact]
    public void A_history_ends_in_the_same_ledger_in_any_order_repetition_batching_and_shape() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(6),
        Prop.ForAll(Gen.Choose(0, 10_000_000).ToArbitrary(), seed => AssertSameLedgerAsync(seed).GetAwaiter().GetResult()));

    [Theory]
    [InlineData(new[] { 0, 1, 2, 3 })]
    [InlineData(new[] { 1, 0, 3, 2 })]
    [InlineData(new[] { 3, 2, 1, 0 })]
    [InlineData(new[] { 2, 3, 0, 1 })]
    [InlineData(new[] { 0, 3, 1, 2 })]
    [InlineData(new[] { 1, 2, 3, 0 })]
    public async Task A_refund_reaches_its_invoice_over_the_payment_alone_whichever_of_them_comes_last(int[] order)
    {
        string[] events = [StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid(), StripeSamples.InvoicePaymentPaid(), StripeSamples.Refund(charge: null, amount: 6_000)];
        using var portal = await PortalAsync();

        foreach (var i in order) await portal.TellAsync(events[i]);

        Assert.Equal(["ann USD 2000 1000"], SmallWorld.Actual(await portal.Ledger.BalancesAsync(Sandbox, default)));
        await AssertEverythingIsDoneAsync(portal);
    }

    [Fact]
    public async Task Events_of_an_endpoint_that_is_being_upgraded_change_nothing_that_the_old_one_told()
    {
        var world = new SmallWorld(4_711);
        using var portal = await PortalAsync();
        await portal.TellAsync(world.Events(Telling.Classic));
        var before = await portal.Ledger.HashAsync(Sandbox, default);

        // The new endpoint tells the same objects by events of its own.
        await portal.TellAsync(world.Events(Telling.BasilWithLinks).Select(e => Renamed(e, "_again")));

        Assert.Equal(before, await portal.Ledger.HashAsync(Sandbox, default));
        Assert.Equal(world.Expected(), SmallWorld.Actual(await portal.Ledger.BalancesAsync(Sandbox, default)));
    }

    [Fact]
    public async Task A_history_of_another_environment_stays_there()
    {
        var world = new SmallWorld(42);
        using var portal = await PortalAsync();
        await portal.ReferrerAsync(SmallWorld.Ann, "ann", PortalEnvironment.Production);
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent, PortalEnvironment.Production);
        await portal.TellAsync(world.Events(Telling.Basil));
        var before = await portal.Ledger.HashAsync(Sandbox, default);

        foreach (var e in new SmallWorld(43).Events(Telling.Basil))
            await portal.DeliverAsync(e.Replace("\"livemode\":false", "\"livemode\":true", StringComparison.Ordinal), PortalEnvironment.Production);
        await portal.DrainAsync();

        Assert.Equal(before, await portal.Ledger.HashAsync(Sandbox, default));
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent with { Rebind = true });   // Sandbox is folded again, now that Production holds the same ids
        await portal.DrainAsync();
        Assert.Equal(await FreshAsync(), SmallWorld.Actual(await portal.Ledger.BalancesAsync(Sandbox, default)));
        Assert.NotEqual(before.Hash, (await portal.Ledger.HashAsync(PortalEnvironment.Production, default)).Hash);
        await using var db = portal.Store.OpenRead();
        var sandbox = await db.Referrals.Where(r => r.Environment == Sandbox).Select(r => r.Id).ToListAsync();
        Assert.False(await db.Rewards.AnyAsync(r => r.Environment == PortalEnvironment.Production && sandbox.Contains(r.ReferralId)));

        async Task<List<string>> FreshAsync()
        {
            using var alone = await PortalAsync();
            await alone.TellAsync(world.Events(Telling.Basil));
            return SmallWorld.Actual(await alone.Ledger.BalancesAsync(Sandbox, default));
        }
    }

    [Fact]
    public async Task A_code_and_rules_that_come_last_end_in_the_same_ledger()
    {
        var world = new SmallWorld(77);
        using var first = await PortalAsync();
        await first.TellAsync(world.Events(Telling.BasilWithLinks));

        using var last = new PortalOnDisk();
        await last.TellAsync(world.Events(Telling.BasilWithLinks));
        Assert.Empty(await last.Ledger.BalancesAsync(Sandbox, default));
        await SetUpAsync(last);
        await last.DrainAsync();

        Assert.Equal(await first.Ledger.HashAsync(Sandbox, default), await last.Ledger.HashAsync(Sandbox, default));
    }

    private static async Task AssertSameLedgerAsync(int seed)
    {
        var (world, random) = (new SmallWorld(seed), new Random(seed));
        LedgerHash? hash = null;
        foreach (var (telling, arrange) in new (Telling, Func<List<string>, IEnumerable<string>>)[]
        {
            (Telling.Basil, e => e),
            (Telling.Basil, e => e.OrderBy(_ => random.Next())),
            (Telling.BasilWithLinks, e => e.Concat(e).OrderBy(_ => random.Next())),
            (Telling.Classic, e => e.AsEnumerable().Reverse()),
            (Telling.Mixed, e => e.Concat(e).Concat(e).OrderBy(_ => random.Next())),
        })
        {
            using var portal = await PortalAsync();
            foreach (var batch in arrange(world.Events(telling)).Chunk(random.Next(1, 25))) await portal.TellAsync(batch);

            Assert.Equal(world.Expected(), SmallWorld.Actual(await portal.Ledger.BalancesAsync(Sandbox, default)));
            var now = await portal.Ledger.HashAsync(Sandbox, default);
            Assert.Equal(hash ??= now, now);
            await AssertBooksBalanceAsync(portal);
        }
    }

    /// <summary>What must hold after every run, whatever was told.</summary>
    private static async Task AssertBooksBalanceAsync(PortalOnDisk portal)
    {
        await using var db = portal.Store.OpenRead();
        var entries = await db.LedgerEntries.ToListAsync();
        Assert.All(entries.GroupBy(e => e.EntrySetId), set => Assert.Equal(0, set.Sum(e => e.Amount)));
        Assert.All(await db.Rewards.ToListAsync(), r => Assert.InRange(r.Reversed, 0, r.Earned));
        Assert.False(await db.Events.AnyAsync(e => e.State == EventState.Pending || e.State == EventState.Failed));
        Assert.All(await db.Transactions.Where(t => t.Kind == "invoice").ToListAsync(), t =>
            Assert.Equal(t.Reason is null, db.Rewards.Any(r => r.InvoiceId == t.ExternalId && r.Earned > 0)));
    }

    private static async Task AssertEverythingIsDoneAsync(PortalOnDisk portal)
    {
        await using var db = portal.Store.OpenRead();
        Assert.Empty(await db.Events.Where(e => e.State != EventState.Processed).Select(e => $"{e.Type} {e.State} {e.WaitsFor}").ToListAsync());
    }

    private static string Renamed(string body, string suffix)
    {
        var e = JsonNode.Parse(body)!;
        e["id"] = e["id"]!.GetValue<string>() + suffix;
        return e.ToJsonString();
    }

    private static async Task<PortalOnDisk> PortalAsync()
    {
        var portal = new PortalOnDisk();
        await SetUpAsync(portal);
        return portal;
    }

    private static async Task SetUpAsync(PortalOnDisk portal)
    {
        await portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await portal.ReferrerAsync(SmallWorld.Bo, "bo");
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent);
    }
}
