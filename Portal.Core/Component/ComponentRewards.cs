using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Ledger;
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
    /// <summary>A part of them; null where the component was never booted for this user.</summary>
    public async Task<OwnRewards?> FindAsync(PortalEnvironment environment, string productUserId, long? cursor, int limit, CancellationToken ct)
    {
        long? id;
        await using (var db = store.OpenRead())
            id = await db.Referrers.Where(r => r.Environment == environment && r.ProductUserId == productUserId).Select(r => (long?)r.Id).SingleOrDefaultAsync(ct);
        if (id is not { } referrer) return null;   // also keeps the search from taking an id for somebody's code
        var now = clock.GetUtcNow();
        var page = await rewards.FindAsync(new RewardQuery { Environment = environment, Referrer = productUserId, Cursor = cursor, Limit = limit }, ct);
        return new OwnRewards(
            CurrencyBalance.Of(await ledger.BalancesAsync(environment, [referrer], ct)),
            new Page<OwnReward>([.. page.Items.Select(r => new OwnReward(r.State, r.Earned, r.Net, r.PaidAt, r.State == RewardState.Pending && r.WaitsFor is null && r.HoldUntil > now ? r.HoldUntil : null))],
                page.NextCursor, page.PreviousCursor));
    }
}
