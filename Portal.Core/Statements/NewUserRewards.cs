using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Reviews;

namespace Portal.Core.Statements;

/// <summary>The discount that a newcomer is entitled to, as the campaign promised it at the signup.</summary>
/// <param name="SignupId">Our id of the referral.</param>
/// <param name="SignedUpAt">When the newcomer signed up.</param>
/// <param name="Code">The referrer's code.</param>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Revision">The revision that binds the referral.</param>
/// <param name="Reward">The discount itself.</param>
public sealed record NewUserEntitlement(string SignupId, DateTimeOffset? SignedUpAt, string Code, string CampaignId, int Revision, NewUserReward Reward);

/// <summary>Whether a newcomer gets the campaign's discount. The billing system grants it; the portal tells of it.</summary>
public sealed class NewUserRewards(PortalStore store)
{
    /// <summary>
    /// The discount of a user; null where there is none: nobody referred the user, or the user's own self; the code became known only after the
    /// first payment; or the campaign promised none.
    /// </summary>
    public async Task<NewUserEntitlement?> FindAsync(PortalEnvironment environment, string productUserId, CancellationToken ct)
    {
        await using var db = await store.OpenSnapshotAsync(ct);
        var referral = await db.Referrals.FirstOrDefaultAsync(r => r.Environment == environment && r.IdentityKind == IdentityKind.User && r.NewUserId == productUserId, ct);
        if (referral is not { Code: { } code, RevisionNumber: { } number } || referral.AttributedAt > referral.FirstPaidAt) return null;
        if (await db.ReviewCases.AnyAsync(c => c.ReferralId == referral.Id && c.Kind == ReviewKinds.SelfReferral && c.SettledAt == null, ct)) return null;
        var campaignId = await db.ReferralCodes.Where(c => c.Environment == environment && c.Code == code).Select(c => c.CampaignId).FirstAsync(ct);
        var revision = await db.Revisions.FirstOrDefaultAsync(r => r.Environment == environment && r.CampaignId == campaignId && r.Number == number, ct);
        return revision is not null && CampaignRevisions.Read(revision).Terms.NewUser is { } reward
            ? new NewUserEntitlement(referral.Id.ToString(CultureInfo.InvariantCulture), referral.SignedUpAt, code, campaignId, number, reward)
            : null;
    }
}
