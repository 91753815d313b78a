using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Referrers;

namespace Portal.Core.Ledger;

/// <summary>An entry set as shown: what moved, why, and its balanced lines.</summary>
/// <param name="Id">Its id.</param>
/// <param name="PostedAt">When.</param>
/// <param name="Kind">Which amount of the reward it moved.</param>
/// <param name="RewardId">Which reward.</param>
/// <param name="Amount">By how much.</param>
/// <param name="CauseKind">What caused it, as <see cref="Cause"/> says.</param>
/// <param name="CauseId">The cause's id.</param>
/// <param name="Lines">They sum to zero.</param>
public sealed record EntrySetRow(
    long Id, DateTimeOffset PostedAt, EntrySetKind Kind, long RewardId, Money Amount, string CauseKind, string CauseId, IReadOnlyList<EntryLine> Lines);

/// <summary>One line of an entry set.</summary>
/// <param name="Account">The account.</param>
/// <param name="Referrer">Whose, by the product's id, for accounts per referrer.</param>
/// <param name="Amount">Debit positive, credit negative.</param>
public sealed record EntryLine(LedgerAccount Account, string? Referrer, Money Amount);

/// <summary>Reads entry sets with their lines.</summary>
internal static class EntrySets
{
    /// <summary>The sets of a query with their lines, oldest first.</summary>
    public static async Task<IReadOnlyList<EntrySetRow>> ReadAsync(PortalDb db, IQueryable<LedgerEntrySet> sets, CancellationToken ct)
    {
        var found = await sets.Take(500).ToListAsync(ct);
        var ids = found.ConvertAll(s => s.Id);
        var lines = await (
            from line in db.LedgerEntries
            where ids.Contains(line.EntrySetId)
            join referrer in db.Referrers on line.ReferrerId equals referrer.Id into named
            from referrer in named.DefaultIfEmpty()
            orderby line.Id
            select new { line.EntrySetId, line.Account, line.Amount, Referrer = (string?)referrer!.ProductUserId }).ToListAsync(ct);
        return [.. found.OrderBy(s => s.Id).Select(s =>
        {
            var currency = Currency.Parse(s.Currency);
            return new EntrySetRow(s.Id, s.PostedAt, s.Kind, s.RewardId, new Money(s.Amount, currency), s.CauseKind, s.CauseId,
                [.. lines.Where(l => l.EntrySetId == s.Id).Select(l => new EntryLine(l.Account, l.Referrer, new Money(l.Amount, currency)))]);
        })];
    }
}
