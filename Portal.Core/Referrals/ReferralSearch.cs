using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Referrers;

namespace Portal.Core.Referrals;

/// <summary>A referred person, as the last fold found it.</summary>
/// <param name="Id">Our id.</param>
/// <param name="NewUserId">The product's id of the person.</param>
/// <param name="Email">Newest e-mail address.</param>
/// <param name="Referrer">The product's id of who is credited; null when nobody is.</param>
/// <param name="Ucc">The code that won.</param>
/// <param name="AttributedAt">When that became known.</param>
/// <param name="SignedUpAt">The signup.</param>
/// <param name="FirstPaidAt">The first payment above zero.</param>
/// <param name="RevisionNumber">The revision that binds.</param>
/// <param name="Reason">Why nobody is credited.</param>
public sealed record ReferralRow(
    long Id, string NewUserId, string? Email, string? Referrer, string? Ucc, DateTimeOffset? AttributedAt, DateTimeOffset? SignedUpAt,
    DateTimeOffset? FirstPaidAt, int? RevisionNumber, string? Reason);

/// <summary>Finds referrals, newest first.</summary>
public sealed class ReferralSearch(PortalStore store)
{
    /// <summary>One page.</summary>
    public async Task<Page<ReferralRow>> FindAsync(
        PortalEnvironment environment, string? newUserId, string? ucc, long? cursor, int limit, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var referrals = db.Referrals.Where(r => r.Environment == environment && (cursor == null || r.Id < cursor)
            && (newUserId == null || r.NewUserId == newUserId) && (ucc == null || r.Code == ucc));
        var referrers = db.Referrers;
        var rows = await referrals.OrderByDescending(r => r.Id).Take(Keyset.Ask(limit)).Select(r => new ReferralRow(
            r.Id, r.NewUserId, r.Email, referrers.Where(x => x.Id == r.ReferrerId).Select(x => x.ProductUserId).FirstOrDefault(), r.Code,
            r.AttributedAt, r.SignedUpAt, r.FirstPaidAt, r.RevisionNumber, r.Reason)).ToListAsync(ct);
        return Keyset.Cut(rows, limit, PageDirection.Older, cursor, r => r.Id);
    }
}
