using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Ledger;
using Portal.Core.Payouts;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Payouts;

/// <summary>A portal on disk with Ann and Bo, who earn 20 %, and real deliveries: an invoice of 120.00 with 20.00 of tax earns 20.00.</summary>
public abstract class PayoutStory : IAsyncLifetime
{
    private protected TestClock Clock { get; } = new();

    private protected PortalOnDisk Portal { get; private set; } = null!;

    private protected PayoutDesk Desk { get; private set; } = null!;

    private protected PayoutSearch Search { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Portal = new PortalOnDisk(Clock);
        (Desk, Search) = (new PayoutDesk(Portal.Store, Portal.Changes, Clock), new PayoutSearch(Portal.Store, Clock));
        await Portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await Portal.ReferrerAsync(SmallWorld.Bo, "bo");
        await Portal.RevisionAsync(PortalOnDisk.TwentyPercent);
    }

    public async Task DisposeAsync()
    {
        await AssertBooksAsync();   // whatever a story did
        Portal.Dispose();
    }

    /// <summary>Somebody comes by a code and pays; the second invoice of a customer has its own name.</summary>
    private protected Task PaysAsync(string name, string code = SmallWorld.Ann, long paid = 12_000, long net = 10_000, string currency = "usd", string again = "", DateTimeOffset? paidAt = null) =>
        Portal.TellAsync(
            StripeSamples.Customer(customer: $"cus_{name}", ucc: code, newUserId: name, email: $"{name}@example.com"),
            StripeSamples.InvoicePaid($"cus_{name}", $"in_{name}{again}", paid, paid, net, currency, paymentIntent: $"pi_{name}{again}", charge: $"ch_{name}{again}", paidAt: paidAt),
            StripeSamples.InvoicePaymentPaid($"in_{name}{again}", $"pi_{name}{again}", null, paid, currency, paidAt, $"evt_link_{name}{again}"));

    /// <summary>Money of an invoice goes back, or a refund of it fails.</summary>
    private protected Task RefundAsync(string name, long amount = 12_000, string currency = "usd", bool fails = false) =>
        Portal.TellAsync(StripeSamples.Refund(fails ? "refund.failed" : "refund.created", $"re_{name}", $"ch_{name}", $"pi_{name}", amount, currency,
            fails ? "failed" : "succeeded", StripeSamples.Noon.AddDays(fails ? 2 : 1)));

    private protected async Task<PayoutDetail> DraftAsync(string currency = "USD", long? minimum = null) =>
        Good(await Desk.CreateAsync(PortalEnvironment.Sandbox, new NewPayout(currency, null, minimum, null, null), PortalOnDisk.Tester, default)).Payout;

    private protected async Task<string> RefusedAsync(string currency = "USD", long? minimum = null) =>
        Bad(await Desk.CreateAsync(PortalEnvironment.Sandbox, new NewPayout(currency, null, minimum, null, null), PortalOnDisk.Tester, default));

    private protected async Task<PayoutDetail> ApproveAsync(PayoutDetail draft) => Good(await Desk.ApproveAsync(PortalEnvironment.Sandbox, draft.Payout.Id, PortalOnDisk.Tester, default));

    private protected Task<Outcome<PayoutDetail>> SettleAsync(PayoutDetail payout, long? total = null) =>
        Desk.SettleAsync(PortalEnvironment.Sandbox, payout.Payout.Id, total, PortalOnDisk.Tester, default);

    /// <summary>The whole way.</summary>
    private protected async Task<PayoutDetail> PayAsync(string currency = "USD") => Good(await SettleAsync(await ApproveAsync(await DraftAsync(currency))));

    private protected async Task<Balance> BalanceAsync(string referrer = "ann", string currency = "USD") =>
        (await Portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default)).Single(b => b.Referrer == referrer && b.Currency == currency);

    private protected async Task<RewardState> StateAsync(string invoice)
    {
        await using var db = Portal.Store.OpenRead();
        var r = await db.Rewards.SingleAsync(r => r.InvoiceId == invoice);
        return RewardStates.Of(r.Earned, r.Reversed, r.Paid, r.ClawedBack, r.WaitsFor is not null || r.HoldUntil > Clock.GetUtcNow());
    }

    private protected static T Good<T>(Outcome<T> outcome) where T : notnull => outcome.TryGet(out var value, out var problem) ? value : throw new InvalidOperationException(problem.Detail);

    private protected static string Bad<T>(Outcome<T> outcome) where T : notnull => outcome.TryGet(out _, out var problem) ? throw new InvalidOperationException("It was not refused.") : problem.Code;

    /// <summary>The books: everything sums to zero, each account of each referrer is what the rewards say, and nobody was paid more than was ever earned.</summary>
    private async Task AssertBooksAsync()
    {
        await using var db = Portal.Store.OpenRead();
        var rewards = await db.Rewards.ToListAsync();
        var entries = await db.LedgerEntries.ToListAsync();
        Assert.Equal(0, entries.Sum(e => e.Amount));
        foreach (var own in rewards.GroupBy(r => (r.ReferrerId, r.Currency)))
        {
            long Account(LedgerAccount account) => entries.Where(e => (e.ReferrerId, e.Currency, e.Account) == (own.Key.ReferrerId, own.Key.Currency, account)).Sum(e => e.Amount);
            var unpaid = own.Select(r => r.Earned - r.Reversed - r.Paid).ToList();
            Assert.Equal(-unpaid.Where(u => u > 0).Sum(), Account(LedgerAccount.Payable));
            Assert.Equal(-unpaid.Where(u => u < 0).Sum(), Account(LedgerAccount.Receivable));
            Assert.Equal(-own.Sum(r => r.Paid), Account(LedgerAccount.PaidOut));
        }
        Assert.All(rewards, r => Assert.True(r.Paid >= 0 && (r.Paid <= r.Earned || r.Earned == 0)));
        foreach (var payout in await db.Payouts.Where(p => p.State == PayoutState.Settled).ToListAsync())
        {
            var id = payout.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(payout.Paid, await db.LedgerEntrySets.Where(s => s.CauseKind == "payout" && s.CauseId == id).SumAsync(s => s.Amount));
            Assert.Equal(payout.Paid, await db.PayoutLines.Where(l => l.PayoutId == payout.Id).SumAsync(l => l.Paid));
        }
    }
}
