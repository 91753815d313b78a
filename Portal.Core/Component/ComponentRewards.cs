using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Ledger;
using Portal.Core.Products;
using Portal.Core.Rewards;
using Portal.Core.Referrers;
using Portal.Core.Statements;

namespace Portal.Core.Component;

/// <summary>What a referrer may see of the rewards: the own ones, and of whoever was referred nothing.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Earned">What it was at first.</param>
/// <param name="Net">What is left of it.</param>
/// <param name="At">When it was earned.</param>
/// <param name="PayableAt">When its hold ends; null where that is over, or waits for something else.</param>
public sealed record OwnReward(RewardState State, Money Earned, Money Net, DateTimeOffset At, DateTimeOffset? PayableAt);

/// <summary>A part of the own rewards, newest first, with what stands in all.</summary>
public sealed record OwnRewards(IReadOnlyList<CurrencyBalance> Balances, Page<OwnReward> Rewards);

/// <summary>Reads the rewards of the user who looks, and of nobody else.</summary>
public sealed class ComponentRewards(PortalStore store, RewardSearch rewards, LedgerStatement ledger, TimeProvider clock)
{
    /// <summary>
    /// A part of them; null where the component was never booted for this user. In pre-launch mode there are none to be seen, and afterwards
    /// none of what was paid before the launch.
    /// </summary>
    public async Task<OwnRewards?> FindAsync(ProductProfile product, string productUserId, long? cursor, int limit, CancellationToken ct)
    {
        var environment = product.Environment;
        long? id;
        await using (var db = store.OpenRead())
            id = await db.Referrers.Where(r => r.Environment == environment && r.ProductUserId == productUserId).Select(r => (long?)r.Id).SingleOrDefaultAsync(ct);
        if (id is not { } referrer) return null;   // also keeps the search from taking an id for somebody's code
        if (product.Settings.PreLaunch) return new OwnRewards([], Page<OwnReward>.Empty);
        var now = clock.GetUtcNow();
        var page = await rewards.FindAsync(new RewardQuery { Environment = environment, Referrer = productUserId, From = product.Settings.LaunchedAt, Cursor = cursor, Limit = limit }, ct);
        return new OwnRewards(
            product.Settings.LaunchedAt is { } launched ? await SinceAsync(environment, referrer, launched, now, ct) : CurrencyBalance.Of(await ledger.BalancesAsync(environment, [referrer], ct)),
            new Page<OwnReward>([.. page.Items.Select(r => new OwnReward(r.State, r.Earned, r.Net, r.PaidAt, r.State == RewardState.Pending && r.WaitsFor is null && r.HoldUntil > now ? r.HoldUntil : null))],
                page.NextCursor, page.PreviousCursor));
    }

    /// <summary>What stands of the rewards since a moment. The ledger does not tell them from those before, which are test data.</summary>
    private async Task<IReadOnlyList<CurrencyBalance>> SinceAsync(PortalEnvironment environment, long referrer, DateTimeOffset since, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var own = await db.Rewards.Where(r => r.Environment == environment && r.ReferrerId == referrer && r.PaidAt >= since)
            .Select(r => new { r.Currency, r.Earned, r.Reversed, r.Paid, IsHeld = r.HoldUntil > now || r.WaitsFor != null }).ToListAsync(ct);
        return [.. own.GroupBy(r => r.Currency, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            var currency = Currency.Parse(g.Key);
            var open = g.Select(r => (Due: r.Earned - r.Reversed - r.Paid, r.IsHeld)).ToList();
            return new CurrencyBalance(Sum(g.Select(r => r.Earned)), Sum(g.Select(r => r.Reversed)), Sum(open.Where(o => o is { Due: > 0, IsHeld: true }).Select(o => o.Due)),
                Sum(open.Where(o => o is { Due: > 0, IsHeld: false }).Select(o => o.Due)), Sum(g.Select(r => r.Paid)), Sum(open.Where(o => o.Due < 0).Select(o => -o.Due)), Sum(g.Select(r => r.Earned - r.Reversed)));

            Money Sum(IEnumerable<long> amounts) => amounts.Aggregate(Money.Zero(currency), (sum, amount) => sum + new Money(amount, currency));
        })];
    }
}
