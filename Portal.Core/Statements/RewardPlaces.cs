using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Rewards;

namespace Portal.Core.Statements;

/// <summary>Which payment and whose signup a reward is for.</summary>
internal sealed record RewardPlace(long RewardId, string? InvoiceId, long ReferralId, string? NewUserId);

/// <summary>What statements and timelines look up alike.</summary>
internal static class RewardPlaces
{
    /// <summary>The places of some rewards.</summary>
    public static async Task<Dictionary<long, RewardPlace>> RewardPlacesAsync(this PortalDb db, IReadOnlyCollection<long> rewards, CancellationToken ct) =>
        await (from reward in db.Rewards
               where rewards.Contains(reward.Id)
               join referral in db.Referrals on reward.ReferralId equals referral.Id into known
               from referral in known.DefaultIfEmpty()
               select new RewardPlace(reward.Id, reward.InvoiceId, reward.ReferralId, referral!.NewUserId)).ToDictionaryAsync(r => r.RewardId, ct);

    /// <summary>Our id of a referrer.</summary>
    public static Task<long?> FindReferrerAsync(this PortalDb db, PortalEnvironment environment, string productUserId, CancellationToken ct) =>
        db.Referrers.Where(r => r.Environment == environment && r.ProductUserId == productUserId).Select(r => (long?)r.Id).SingleOrDefaultAsync(ct);

    /// <summary>A set as shown where its lines are not.</summary>
    public static EntrySetRow WithoutLines(this LedgerEntrySet set) =>
        new(set.Id, set.PostedAt, set.Kind, set.RewardId, new Money(set.Amount, Currency.Parse(set.Currency)), set.CauseKind, set.CauseId, []);
}
