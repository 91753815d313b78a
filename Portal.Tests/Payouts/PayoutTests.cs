using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Ledger;
using Portal.Core.Payouts;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Payouts;

/// <summary>Before a payout a reversal cancels; after it, it becomes a receivable that later earnings settle.</summary>
public sealed class PayoutTests : PayoutStory
{
    [Fact]
    public async Task A_payout_pays_what_is_approved_and_posts_only_when_it_is_settled()
    {
        await PaysAsync("one");
        await PaysAsync("two", SmallWorld.Bo, 6_000, 5_000);
        await PaysAsync("fresh", paidAt: Clock.GetUtcNow().AddDays(-1));   // in its hold
        var hash = await Portal.Ledger.HashAsync(PortalEnvironment.Sandbox, default);

        var draft = await DraftAsync();
        Assert.Equal([("ann", 2_000L), ("bo", 1_000L)], draft.Shares.Select(s => (s.Referrer, s.Amount.Minor)));
        Assert.Equal("notApproved", Bad(await SettleAsync(draft)));
        await ApproveAsync(draft);
        Assert.Equal((2_000L, 0L), ((await BalanceAsync()).Payable, (await BalanceAsync()).Paid));
        Assert.Equal(3_000, Good(await SettleAsync(draft)).Payout.Paid!.Minor);

        var ann = await BalanceAsync();
        Assert.Equal((0L, 2_000L, 2_000L, 0L), (ann.Payable, ann.Paid, ann.Pending, ann.Receivable));
        Assert.Equal((RewardState.Paid, RewardState.Pending), (await StateAsync("in_one"), await StateAsync("in_fresh")));
        Assert.Equal(hash, await Portal.Ledger.HashAsync(PortalEnvironment.Sandbox, default));   // what stands is what was earned, paid out or not
        Assert.Equal("nothingToPay", await RefusedAsync());
        await using var db = Portal.Store.OpenRead();
        Assert.Equal(["payout.created", "payout.approved", "payout.settled"], await db.AuditLog.Where(a => a.Action.StartsWith("payout")).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync());
    }

    [Fact]
    public async Task A_refund_before_the_payout_cancels_and_one_after_it_claws_back_until_later_earnings_settle_it()
    {
        await PaysAsync("early");
        await RefundAsync("early");
        Assert.Equal(RewardState.Cancelled, await StateAsync("in_early"));
        Assert.Equal("nothingToPay", await RefusedAsync());

        await PaysAsync("late");
        await PayAsync();
        await RefundAsync("late");
        Assert.Equal(RewardState.ClawedBack, await StateAsync("in_late"));
        Assert.Equal((2_000L, 0L), ((await BalanceAsync()).Receivable, (await BalanceAsync()).Payable));
        Assert.Equal("nothingToPay", await RefusedAsync());   // whoever only owes is paid nothing

        await PaysAsync("next", paid: 30_000, net: 25_000);
        var second = await PayAsync();
        Assert.Equal([-2_000L, 5_000L], Assert.Single(second.Shares).Lines.Select(l => l.Due.Minor).Order());
        Assert.Equal(3_000, second.Payout.Paid!.Minor);
        var ann = await BalanceAsync();
        Assert.Equal((0L, 0L, 5_000L), (ann.Receivable, ann.Payable, ann.Paid));   // 2,000 and 3,000 left the house
        Assert.Equal((RewardState.ClawedBack, RewardState.Paid), (await StateAsync("in_late"), await StateAsync("in_next")));
    }

    [Fact]
    public async Task A_refund_that_fails_restores_before_and_after_a_payout_and_also_after_it_was_netted()
    {
        await PaysAsync("one");
        await RefundAsync("one");
        await RefundAsync("one", fails: true);
        Assert.Equal(2_000, (await PayAsync()).Payout.Paid!.Minor);

        await PaysAsync("two");
        await PayAsync();
        await RefundAsync("two");
        await RefundAsync("two", fails: true);
        Assert.Equal((0L, 4_000L), ((await BalanceAsync()).Receivable, (await BalanceAsync()).Paid));
        Assert.Equal("nothingToPay", await RefusedAsync());

        await PaysAsync("three");
        await PayAsync();
        await RefundAsync("three");
        await PaysAsync("four", paid: 30_000, net: 25_000);
        Assert.Equal(3_000, (await PayAsync()).Payout.Paid!.Minor);
        await RefundAsync("three", fails: true);
        Assert.Equal(2_000, (await BalanceAsync()).Payable);
        Assert.Equal(2_000, (await PayAsync()).Payout.Paid!.Minor);
    }

    [Fact]
    public async Task A_reward_that_is_taken_back_meanwhile_pays_only_what_is_left()
    {
        await PaysAsync("whole");
        await PaysAsync("half");
        await PaysAsync("kept");
        var payout = await ApproveAsync(await DraftAsync());
        await RefundAsync("whole");
        await RefundAsync("half", 6_000);

        var now = (await Search.FindAsync(PortalEnvironment.Sandbox, payout.Payout.Id, default))!;
        Assert.Equal((6_000L, 3_000L, true), (now.Payout.Amount.Minor, now.Due.Minor, now.IsChanged));
        Assert.Equal("amountsChanged", Bad(await SettleAsync(payout, 6_000)));
        var settled = Good(await SettleAsync(payout, 3_000));
        Assert.Equal([0L, 1_000L, 2_000L], settled.Shares[0].Lines.Select(l => l.Due.Minor).Order());
        Assert.Equal((0L, 3_000L, 0L), (await BalanceAsync() is var ann ? (ann.Receivable, ann.Paid, ann.Payable) : default));
        Assert.Equal(RewardState.Cancelled, await StateAsync("in_whole"));
    }

    [Fact]
    public async Task No_more_is_netted_than_is_still_to_be_paid()
    {
        await PaysAsync("gone");
        await PayAsync();
        await RefundAsync("gone");
        await PaysAsync("next", paid: 18_000, net: 15_000);
        var payout = await ApproveAsync(await DraftAsync());
        await RefundAsync("next", 12_000);   // 1,000 of its 3,000 are left, and 2,000 are owed

        Assert.Equal(0, Good(await SettleAsync(payout)).Payout.Paid!.Minor);
        Assert.Equal((1_000L, 0L), ((await BalanceAsync()).Receivable, (await BalanceAsync()).Payable));
    }

    [Fact]
    public async Task A_reward_that_comes_to_wait_is_not_paid_and_carries_over()
    {
        await PaysAsync("one");
        await PaysAsync("two");
        var payout = await ApproveAsync(await DraftAsync());
        await Portal.TellAsync(StripeSamples.Dispute(charge: "ch_two", paymentIntent: "pi_two", at: StripeSamples.Noon.AddDays(3)));

        Assert.Equal(2_000, Good(await SettleAsync(payout)).Payout.Paid!.Minor);
        Assert.Equal(RewardState.Pending, await StateAsync("in_two"));
        await Portal.TellAsync(StripeSamples.Dispute("closed", charge: "ch_two", paymentIntent: "pi_two", status: "won", at: StripeSamples.Noon.AddDays(9)));
        Assert.Equal(2_000, (await PayAsync()).Payout.Paid!.Minor);
    }

    [Fact]
    public async Task Whoever_is_owed_too_little_is_left_out_and_carried_over()
    {
        await PaysAsync("one");
        await PaysAsync("two", SmallWorld.Bo, 6_000, 5_000);
        var created = Good(await Desk.CreateAsync(PortalEnvironment.Sandbox, new NewPayout("usd", null, 1_500, null, " May "), PortalOnDisk.Tester, default));
        Assert.Equal(("ann", "May"), (Assert.Single(created.Payout.Shares).Referrer, created.Payout.Payout.Note));
        Assert.Equal(("bo", LeftOutReason.BelowMinimum), Assert.Single(created.LeftOut) is var left ? (left.Referrer, left.LeftOut) : default);

        await PaysAsync("two", SmallWorld.Bo, 6_000, 5_000, again: "b");
        var next = await DraftAsync(minimum: 1_500);   // Ann's reward stands in the first one
        Assert.Equal(("bo", 2_000L, 2), (next.Shares[0].Referrer, next.Due.Minor, next.Shares[0].Lines.Count));
        Good(await Desk.CancelAsync(PortalEnvironment.Sandbox, created.Payout.Payout.Id, PortalOnDisk.Tester, default));
        Assert.Equal("ann", Assert.Single((await DraftAsync()).Shares).Referrer);
        Assert.Equal("payoutEnded", Bad(await Desk.ApproveAsync(PortalEnvironment.Sandbox, created.Payout.Payout.Id, PortalOnDisk.Tester, default)));
    }

    [Fact]
    public async Task A_currency_without_decimals_is_paid_by_itself()
    {
        await PaysAsync("yen", paid: 12_000, net: 10_000, currency: "jpy");
        await PaysAsync("dollar");
        Assert.Equal(["JPY", "USD"], await Search.CurrenciesAsync(PortalEnvironment.Sandbox, default));
        Assert.Equal("2000 JPY", (await PayAsync("jpy")).Payout.Paid!.ToString());
        await RefundAsync("yen", 3_000, "jpy");
        Assert.Equal((500L, 2_000L), ((await BalanceAsync(currency: "JPY")).Receivable, (await BalanceAsync()).Payable));   // never settled by dollars
        Assert.Equal("20.00 USD", (await PayAsync()).Payout.Paid!.ToString());
        Assert.Equal(500, (await BalanceAsync(currency: "JPY")).Receivable);
    }

    [Fact]
    public async Task Two_who_settle_or_create_at_once_pay_once()
    {
        await PaysAsync("one");
        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Desk.CreateAsync(PortalEnvironment.Sandbox, new NewPayout("USD", null, null, null, null), PortalOnDisk.Tester, default)));
        var payout = Good(Assert.Single(tries, t => t.TryGet(out _, out _))).Payout;
        await ApproveAsync(payout);

        var settled = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SettleAsync(payout, 2_000)));
        Assert.All(settled, s => Assert.Equal(2_000, Good(s).Payout.Paid!.Minor));
        Assert.Equal(2_000, (await BalanceAsync()).Paid);
        await using var db = Portal.Store.OpenRead();
        Assert.Single(await db.LedgerEntrySets.Where(s => s.Kind == EntrySetKind.Paid).ToListAsync());
        Assert.Single(await db.AuditLog.Where(a => a.Action == "payout.settled").ToListAsync());
        Assert.Equal("payoutEnded", Bad(await Desk.CancelAsync(PortalEnvironment.Sandbox, payout.Payout.Id, PortalOnDisk.Tester, default)));
    }

    [Fact]
    public async Task A_reward_that_is_paid_and_then_credited_to_somebody_else_is_owed_back()
    {
        await Portal.TellAsync(
            StripeSamples.Customer("customer.updated", "cus_m", SmallWorld.Ann, "m", created: StripeSamples.Noon, at: StripeSamples.Noon.AddMinutes(5)),
            StripeSamples.InvoicePaid("cus_m", "in_m", paymentIntent: "pi_m", charge: "ch_m"));
        await PayAsync();
        await Portal.TellAsync(StripeSamples.Customer(customer: "cus_m", ucc: SmallWorld.Bo, newUserId: "m", at: StripeSamples.Noon));

        Assert.Equal((2_000L, 0L, 2_000L), (await BalanceAsync() is var ann ? (ann.Receivable, ann.Net, ann.Paid) : default));
        Assert.Equal(2_000, await BalanceAsync("bo") is var bo ? bo.Payable + bo.Pending : 0);
    }
}
