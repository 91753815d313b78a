using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Referrers;
using Portal.Core.Rewards;

namespace Portal.Core.Ledger;

/// <summary>What stands for one referrer in one currency, minor units.</summary>
/// <param name="Referrer">The product's id of the referrer.</param>
/// <param name="Ucc">The referral code.</param>
/// <param name="Currency">ISO code.</param>
/// <param name="Earned">Earned in all.</param>
/// <param name="Reversed">Taken back in all.</param>
/// <param name="Pending">Still in its hold, or waiting for a review or a dispute.</param>
/// <param name="Payable">Past its hold and not paid.</param>
/// <param name="Paid">Paid out.</param>
/// <param name="Receivable">Owed back after a payout.</param>
/// <param name="Net">Earned less reversed.</param>
public sealed record Balance(
    string Referrer, string Ucc, string Currency, long Earned, long Reversed, long Pending, long Payable, long Paid, long Receivable, long Net);

/// <summary>Reads the ledger.</summary>
public sealed class LedgerStatement(PortalStore store, TimeProvider clock)
{
    /// <summary>What stands, per referrer and currency. The amounts are sums of entries: the database sees to it.</summary>
    public Task<IReadOnlyList<Balance>> BalancesAsync(PortalEnvironment environment, CancellationToken ct) => BalancesAsync(environment, null, ct);

    /// <summary>The same for some referrers, by our ids; for all where none are named.</summary>
    public async Task<IReadOnlyList<Balance>> BalancesAsync(PortalEnvironment environment, IReadOnlyCollection<long>? referrers, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var now = clock.GetUtcNow();
        var rewards = db.Rewards.Where(r => r.Environment == environment && (r.Earned > 0 || r.Paid > 0));   // paid out, then corrected to nothing: owed back
        if (referrers is not null) rewards = rewards.Where(r => referrers.Contains(r.ReferrerId));
        var sums = await rewards
            .GroupBy(r => new { r.ReferrerId, r.Code, r.Currency })
            .Select(g => new
            {
                g.Key.ReferrerId,
                g.Key.Code,
                g.Key.Currency,
                Earned = g.Sum(r => r.Earned),
                Reversed = g.Sum(r => r.Reversed),
                Pending = g.Sum(r => r.Earned - r.Reversed > r.Paid && (r.HoldUntil > now || r.WaitsFor != null) ? r.Earned - r.Reversed - r.Paid : 0),
                Payable = g.Sum(r => r.Earned - r.Reversed > r.Paid && r.HoldUntil <= now && r.WaitsFor == null ? r.Earned - r.Reversed - r.Paid : 0),
                Paid = g.Sum(r => r.Paid),
                Receivable = g.Sum(r => r.Earned - r.Reversed < r.Paid ? r.Paid - r.Earned + r.Reversed : 0),
            })
            .Join(db.Referrers, s => s.ReferrerId, r => r.Id, (s, r) => new { s, r.ProductUserId })
            .ToListAsync(ct);
        return [.. sums
            .Select(x => new Balance(x.ProductUserId, x.s.Code, x.s.Currency, x.s.Earned, x.s.Reversed, x.s.Pending,
                x.s.Payable, x.s.Paid, x.s.Receivable, x.s.Earned - x.s.Reversed))
            .OrderBy(b => b.Referrer, StringComparer.Ordinal).ThenBy(b => b.Currency, StringComparer.Ordinal)];
    }

    /// <summary>The fingerprint of what stands.</summary>
    public async Task<LedgerHash> HashAsync(PortalEnvironment environment, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await LedgerFingerprint.OfAsync(db, environment, ct);
    }
}
