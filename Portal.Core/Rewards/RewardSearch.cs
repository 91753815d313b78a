using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Referrers;

namespace Portal.Core.Rewards;

/// <summary>What to look for among the rewards. A filter that is null is not applied.</summary>
public sealed record RewardQuery
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>A referrer, by the product's id or by a referral code.</summary>
    public string? Referrer { get; init; }

    /// <summary>Derived state, as of now.</summary>
    public RewardState? State { get; init; }

    /// <summary>ISO code.</summary>
    public string? Currency { get; init; }

    /// <summary>An invoice's id, or the product's id of the new user, exactly.</summary>
    public string? Text { get; init; }

    /// <summary>Earned at this moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>An id from where to go on.</summary>
    public long? Cursor { get; init; }

    /// <summary>Which way to go on.</summary>
    public PageDirection Direction { get; init; }

    /// <summary>Rows wanted, 1 to 200.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Whether anything but the environment restricts it.</summary>
    public bool IsFiltered => Referrer is not null || State is not null || Currency is not null || !string.IsNullOrWhiteSpace(Text);
}

/// <summary>One reward.</summary>
/// <param name="Id">Our id.</param>
/// <param name="State">Derived.</param>
/// <param name="Earned">Earned in all.</param>
/// <param name="Reversed">Taken back in all.</param>
/// <param name="PaidAt">When its invoice was paid.</param>
/// <param name="HoldUntil">Not payable before.</param>
/// <param name="Referrer">The product's id of who earns it.</param>
/// <param name="ReferrerName">A name or e-mail address, if known.</param>
/// <param name="Code">The code that credited the referrer.</param>
/// <param name="NewUserId">The product's id of who was referred.</param>
/// <param name="NewUserEmail">Their e-mail address, if known.</param>
/// <param name="InvoiceId">The invoice that caused it.</param>
/// <param name="Scope">Source and account of that invoice.</param>
/// <param name="Component">The rule: its kind and place.</param>
/// <param name="RevisionNumber">The revision by which it was computed.</param>
/// <param name="CreatedAt">When it was first posted.</param>
/// <param name="Paid">Paid out.</param>
/// <param name="WaitsFor">Why it may not be paid out although its hold may be over.</param>
/// <param name="ReferralId">Our id of the referral.</param>
public sealed record RewardRow(
    long Id, RewardState State, Money Earned, Money Reversed, DateTimeOffset PaidAt, DateTimeOffset HoldUntil,
    string Referrer, string? ReferrerName, string Code, string NewUserId, string? NewUserEmail, string? InvoiceId, string Scope,
    string Component, int RevisionNumber, DateTimeOffset CreatedAt, Money Paid, string? WaitsFor, long ReferralId)
{
    /// <summary>What is left of it.</summary>
    public Money Net => Earned - Reversed;
}

/// <summary>One reward with how it came about and all that moved it.</summary>
/// <param name="Reward">The reward.</param>
/// <param name="Explanation">From event to amount.</param>
/// <param name="EntrySets">What moved it, oldest first.</param>
/// <param name="Payment">The invoice that caused it, if it is listed.</param>
public sealed record RewardDetail(RewardRow Reward, Explanation Explanation, IReadOnlyList<EntrySetRow> EntrySets, TransactionRow? Payment);

/// <summary>Finds rewards, newest first.</summary>
public sealed class RewardSearch(PortalStore store, TimeProvider clock)
{
    /// <summary>One page.</summary>
    public async Task<Page<RewardRow>> FindAsync(RewardQuery query, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        long? referrer = null;
        if (query.Referrer is { } named)
        {
            referrer = await FindReferrerAsync(db, query.Environment, named, ct);
            if (referrer is null) return Page<RewardRow>.Empty;
        }
        var now = clock.GetUtcNow();
        var wanted = await ResolveAsync(db, query, ct);
        var rows = await RowsAsync(db, Build(db, query, referrer, wanted, now).Take(Keyset.Ask(query.Limit)), now, ct);
        return Keyset.Cut(rows, query.Limit, query.Direction, query.Cursor, r => r.Id);
    }

    /// <summary>One reward, or null where the environment has none of that id.</summary>
    public async Task<RewardDetail?> FindAsync(PortalEnvironment environment, long id, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var one = db.Rewards.Where(r => r.Id == id && r.Environment == environment);
        if (await RowsAsync(db, one, clock.GetUtcNow(), ct) is not [var row]) return null;
        var explanation = await one.Select(r => r.Explanation).SingleAsync(ct);
        var sets = await EntrySets.ReadAsync(db, db.LedgerEntrySets.Where(s => s.RewardId == id), ct);
        var payment = await TransactionSearch.RowsAsync(db, db.Transactions.Where(t =>
            t.Environment == environment && t.Scope == row.Scope && t.Kind == "invoice" && t.ExternalId == row.InvoiceId), ct);
        return new RewardDetail(row, Explanation.FromJson(explanation), sets, payment.FirstOrDefault());
    }

    /// <summary>The query, in the order of reading.</summary>
    internal static IQueryable<Reward> Build(PortalDb db, RewardQuery query, long? referrer, List<long>? wanted, DateTimeOffset now)
    {
        var rewards = db.Rewards.Where(r => r.Environment == query.Environment);
        if (referrer is { } id) rewards = rewards.Where(r => r.ReferrerId == id);
        if (query.Currency is { } currency) rewards = rewards.Where(r => r.Currency == currency);
        if (query.State is { } state) rewards = rewards.Where(RewardStates.Are(state, now));
        if (wanted is not null) rewards = rewards.Where(r => wanted.Contains(r.Id));
        if (query.From is { } from) rewards = rewards.Where(r => r.PaidAt >= from);
        if (query.Direction == PageDirection.Newer)
            return (query.Cursor is { } after ? rewards.Where(r => r.Id > after) : rewards).OrderBy(r => r.Id);
        return (query.Cursor is { } below ? rewards.Where(r => r.Id < below) : rewards).OrderByDescending(r => r.Id);
    }

    internal static async Task<List<RewardRow>> RowsAsync(PortalDb db, IQueryable<Reward> rewards, DateTimeOffset now, CancellationToken ct)
    {
        var found = await rewards.Select(r => new
        {
            r.Id, r.Earned, r.Reversed, r.Paid, r.ClawedBack, r.WaitsFor, r.Currency, r.PaidAt, r.HoldUntil, r.Code, r.InvoiceId, r.Scope, r.Component, r.RevisionNumber, r.CreatedAt,
            r.ReferrerId, r.ReferralId,
        }).ToListAsync(ct);
        var (referrerIds, referralIds) = (found.Select(r => r.ReferrerId).Distinct().ToList(), found.Select(r => r.ReferralId).Distinct().ToList());
        var referrers = await db.Referrers.Where(x => referrerIds.Contains(x.Id))
            .Select(x => new { x.Id, x.ProductUserId, x.Email, x.FirstName, x.LastName }).ToDictionaryAsync(x => x.Id, ct);
        var referrals = await db.Referrals.Where(x => referralIds.Contains(x.Id))
            .Select(x => new { x.Id, x.NewUserId, x.Email }).ToDictionaryAsync(x => x.Id, ct);
        return found.ConvertAll(r =>
        {
            var currency = Currency.Parse(r.Currency);
            var (referrer, referral) = (referrers.GetValueOrDefault(r.ReferrerId), referrals.GetValueOrDefault(r.ReferralId));
            var name = $"{referrer?.FirstName} {referrer?.LastName}".Trim();
            return new RewardRow(r.Id, RewardStates.Of(r.Earned, r.Reversed, r.Paid, r.ClawedBack, r.WaitsFor is not null || r.HoldUntil > now), new Money(r.Earned, currency), new Money(r.Reversed, currency),
                r.PaidAt, r.HoldUntil, referrer?.ProductUserId ?? "", name.Length > 0 ? name : referrer?.Email, r.Code,
                referral?.NewUserId ?? "", referral?.Email, r.InvoiceId, r.Scope, r.Component, r.RevisionNumber, r.CreatedAt, new Money(r.Paid, currency), r.WaitsFor, r.ReferralId);
        });
    }

    /// <summary>The rewards that the words name: an invoice has one or two, a new user some dozens. Null where there are no words.</summary>
    internal static async Task<List<long>?> ResolveAsync(PortalDb db, RewardQuery query, CancellationToken ct)
    {
        const int most = 1_000;
        List<long>? wanted = null;
        foreach (var word in (query.Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(5))
        {
            var named = await db.Rewards.Where(r => r.Environment == query.Environment && r.InvoiceId == word).Select(r => r.Id).Take(most).ToListAsync(ct);
            var person = await db.Referrals.Where(n => n.Environment == query.Environment && n.NewUserId == word).Select(n => n.Id).ToListAsync(ct);
            named.AddRange(await db.Rewards.Where(r => person.Contains(r.ReferralId)).Select(r => r.Id).Take(most).ToListAsync(ct));
            wanted = wanted is null ? named : [.. wanted.Intersect(named)];
        }
        return wanted;
    }

    private static async Task<long?> FindReferrerAsync(PortalDb db, PortalEnvironment environment, string named, CancellationToken ct) =>
        await db.Referrers.Where(r => r.Environment == environment && r.ProductUserId == named).Select(r => (long?)r.Id).SingleOrDefaultAsync(ct)
        ?? await db.ReferralCodes.Where(c => c.Environment == environment && c.Code == named).Select(c => (long?)c.ReferrerId).SingleOrDefaultAsync(ct);
}
