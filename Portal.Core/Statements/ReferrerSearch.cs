using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Referrers;

namespace Portal.Core.Statements;

/// <summary>What to look for among the referrers.</summary>
public sealed record ReferrerQuery
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>The beginning of a code, an id, an e-mail address or a name; all for null.</summary>
    public string? Text { get; init; }

    /// <summary>An id from where to go on.</summary>
    public long? Cursor { get; init; }

    /// <summary>Which way to go on.</summary>
    public PageDirection Direction { get; init; }

    /// <summary>Rows wanted, 1 to 200.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>A referrer with what came of it.</summary>
/// <param name="Id">Our id.</param>
/// <param name="ProductUserId">The product's id of the user.</param>
/// <param name="Name">First and last name, if given.</param>
/// <param name="Email">E-mail address, if given.</param>
/// <param name="CreatedAt">When the portal first heard of the referrer.</param>
/// <param name="Codes">The codes, oldest first.</param>
/// <param name="Referrals">How many are credited, counted up to <see cref="ReferrerSearch.MostCounted"/>.</param>
/// <param name="Balances">What stands, per currency.</param>
/// <param name="ActiveAt">The newest posting or referral; null when there is neither.</param>
public sealed record ReferrerLine(
    long Id, string ProductUserId, string? Name, string? Email, DateTimeOffset CreatedAt, IReadOnlyList<CodeRow> Codes, int Referrals,
    IReadOnlyList<CurrencyBalance> Balances, DateTimeOffset? ActiveAt);

/// <summary>A code and the campaign whose rules its signups follow.</summary>
public sealed record CodeRow(string Code, string CampaignId);

/// <summary>Finds referrers, newest first, each with its code, referrals and balances.</summary>
public sealed class ReferrerSearch(PortalStore store, LedgerStatement ledger)
{
    /// <summary>Referrals are counted so far and no further.</summary>
    public const int MostCounted = 1_000;

    /// <summary>One page.</summary>
    public async Task<Page<ReferrerLine>> FindAsync(ReferrerQuery query, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var wanted = await ReferrerWords.MatchAsync(db, query.Environment, query.Text, ct);
        var found = await Build(db, query, wanted).Take(Keyset.Ask(query.Limit)).ToListAsync(ct);
        var page = Keyset.Cut(found, query.Limit, query.Direction, query.Cursor, r => r.Id);
        return new Page<ReferrerLine>(await LinesAsync(db, query.Environment, page.Items, ct), page.NextCursor, page.PreviousCursor);
    }

    /// <summary>One referrer by the product's id, or null.</summary>
    public async Task<ReferrerLine?> FindAsync(PortalEnvironment environment, string productUserId, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var found = await db.Referrers.Where(r => r.Environment == environment && r.ProductUserId == productUserId).ToListAsync(ct);
        return await LinesAsync(db, environment, found, ct) is [var line] ? line : null;
    }

    /// <summary>The query, in the order of reading.</summary>
    internal static IQueryable<Referrer> Build(PortalDb db, ReferrerQuery query, List<long>? wanted)
    {
        var referrers = db.Referrers.Where(r => r.Environment == query.Environment);
        if (wanted is not null) referrers = referrers.Where(r => wanted.Contains(r.Id));
        if (query.Direction == PageDirection.Newer)
            return (query.Cursor is { } after ? referrers.Where(r => r.Id > after) : referrers).OrderBy(r => r.Id);
        return (query.Cursor is { } below ? referrers.Where(r => r.Id < below) : referrers).OrderByDescending(r => r.Id);
    }

    private async Task<IReadOnlyList<ReferrerLine>> LinesAsync(PortalDb db, PortalEnvironment environment, IReadOnlyList<Referrer> referrers, CancellationToken ct)
    {
        if (referrers.Count == 0) return [];
        var ids = referrers.Select(r => r.Id).ToList();
        var codes = await db.ReferralCodes.Where(c => ids.Contains(c.ReferrerId)).OrderBy(c => c.Id).Select(c => new { c.ReferrerId, Row = new CodeRow(c.Code, c.CampaignId) }).ToListAsync(ct);
        var balances = (await ledger.BalancesAsync(environment, ids, ct)).ToLookup(b => b.Referrer, StringComparer.Ordinal);
        var lines = new List<ReferrerLine>(referrers.Count);
        foreach (var r in referrers)
        {
            var name = $"{r.FirstName} {r.LastName}".Trim();
            lines.Add(new ReferrerLine(r.Id, r.ProductUserId, name.Length > 0 ? name : null, r.Email, r.CreatedAt,
                [.. codes.Where(c => c.ReferrerId == r.Id).Select(c => c.Row)],
                await ReferralsOf(db, environment, r.Id).Take(MostCounted).CountAsync(ct),
                CurrencyBalance.Of(balances[r.ProductUserId]),
                await ActiveAtAsync(db, environment, r.Id, ct)));
        }
        return lines;
    }

    private static IQueryable<Referral> ReferralsOf(PortalDb db, PortalEnvironment environment, long referrer) =>
        db.Referrals.Where(x => x.Environment == environment && x.ReferrerId == referrer);

    private static async Task<DateTimeOffset?> ActiveAtAsync(PortalDb db, PortalEnvironment environment, long referrer, CancellationToken ct)
    {
        var last = db.LedgerEntries.Where(e => e.Environment == environment && e.ReferrerId == referrer).OrderByDescending(e => e.EntrySetId).Select(e => e.EntrySetId).Take(1);
        var posted = await db.LedgerEntrySets.Where(s => last.Contains(s.Id)).Select(s => (DateTimeOffset?)s.PostedAt).FirstOrDefaultAsync(ct);
        var referred = await ReferralsOf(db, environment, referrer).OrderByDescending(x => x.Id).Select(x => x.AttributedAt).FirstOrDefaultAsync(ct);
        return posted is null || referred > posted ? referred : posted;
    }
}
