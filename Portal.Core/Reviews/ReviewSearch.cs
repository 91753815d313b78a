using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Rewards;

namespace Portal.Core.Reviews;

/// <summary>Finds cases, newest first, with what hangs on each.</summary>
public sealed class ReviewSearch(PortalStore store, TimeProvider clock)
{
    /// <summary>Open cases are counted no further than this.</summary>
    public const int MostCounted = 1_000;

    /// <summary>Rewards of one case that are listed.</summary>
    public const int MostRewards = 100;

    /// <summary>What a search for the case of a decision begins with, as in <c>decision:12</c>.</summary>
    public const string ByDecision = "decision:";

    /// <summary>One page.</summary>
    public async Task<Page<ReviewRow>> FindAsync(ReviewQuery query, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var cases = await Build(db, query, await ResolveAsync(db, query, ct)).Take(Keyset.Ask(query.Limit)).ToListAsync(ct);
        return Keyset.Cut(await RowsAsync(db, cases, ct), query.Limit, query.Direction, query.Cursor, r => r.Id);
    }

    /// <summary>One case, or null where the environment has none of that id.</summary>
    public async Task<ReviewDetail?> FindAsync(PortalEnvironment environment, long id, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        if (await db.ReviewCases.SingleOrDefaultAsync(c => c.Id == id && c.Environment == environment, ct) is not { } review) return null;
        var row = (await RowsAsync(db, [review], ct))[0];
        var choices = ChoicesOf(review);
        var decisions = await db.ReviewDecisions.Where(d => d.Environment == environment && d.CaseKey == review.Key).OrderByDescending(d => d.Id).ToListAsync(ct);
        var referrer = await db.Referrals.Where(r => r.Id == review.ReferralId)
            .Join(db.Referrers, r => r.ReferrerId, x => x.Id, (r, x) => x.ProductUserId).SingleOrDefaultAsync(ct);
        var rewards = await RewardSearch.RowsAsync(db,
            db.Rewards.Where(r => r.ReferralId == review.ReferralId && r.WaitsFor == WaitReasons.Review && r.Earned > r.Reversed).OrderBy(r => r.Id).Take(MostRewards), clock.GetUtcNow(), ct);
        return new ReviewDetail(row, Evidence(review), choices, [.. decisions.Select(d => new DecisionRow(d.Id, d.Choice, d.Reason, d.DecidedAt, d.DecidedBy))],
            StandingOf(decisions.FirstOrDefault(), choices)?.Id, referrer, rewards);
    }

    /// <summary>How many cases are open, as far as <see cref="MostCounted"/>.</summary>
    public async Task<int> CountOpenAsync(PortalEnvironment environment, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.ReviewCases.Where(c => c.Environment == environment && c.SettledAt == null).Take(MostCounted).CountAsync(ct);
    }

    /// <summary>The query, in the order of reading.</summary>
    internal static IQueryable<ReviewCase> Build(PortalDb db, ReviewQuery query, List<long>? wanted)
    {
        var cases = db.ReviewCases.Where(c => c.Environment == query.Environment);
        if (query.State == ReviewState.Open) cases = cases.Where(c => c.SettledAt == null);
        if (query.State == ReviewState.Settled) cases = cases.Where(c => c.SettledAt != null);
        if (query.Kind is { } kind) cases = cases.Where(c => c.Kind == kind);
        if (wanted is not null) cases = cases.Where(c => wanted.Contains(c.Id));
        if (query.Direction == PageDirection.Newer)
            return (query.Cursor is { } after ? cases.Where(c => c.Id > after) : cases).OrderBy(c => c.Id);
        return (query.Cursor is { } below ? cases.Where(c => c.Id < below) : cases).OrderByDescending(c => c.Id);
    }

    /// <summary>What may be decided.</summary>
    internal static IReadOnlyList<CaseChoice> ChoicesOf(ReviewCase review) => JsonSerializer.Deserialize(review.ChoicesJson, ExplanationJson.Default.IReadOnlyListCaseChoice) ?? [];

    /// <summary>The decision that stands: the newest, unless it took an earlier one back or is no choice any more.</summary>
    internal static StoredDecision? StandingOf(StoredDecision? newest, IReadOnlyList<CaseChoice> choices) =>
        newest is not null && choices.Any(c => c.Choice == newest.Choice) ? newest : null;

    /// <summary>The cases that the words name; null where there are no words.</summary>
    private static async Task<List<long>?> ResolveAsync(PortalDb db, ReviewQuery query, CancellationToken ct)
    {
        const int most = 1_000;
        List<long>? wanted = null;
        foreach (var word in (query.Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(5))
        {
            var keys = new List<string> { word };
            if (word.StartsWith(ByDecision, StringComparison.Ordinal) && long.TryParse(word.AsSpan(ByDecision.Length), CultureInfo.InvariantCulture, out var decision))
                keys.AddRange(await db.ReviewDecisions.Where(d => d.Id == decision && d.Environment == query.Environment).Select(d => d.CaseKey).ToListAsync(ct));
            var people = await db.Referrals.Where(r => r.Environment == query.Environment && r.NewUserId == word).Select(r => r.Id).ToListAsync(ct);
            var named = await db.ReviewCases.Where(c => c.Environment == query.Environment && keys.Contains(c.Key)).Select(c => c.Id).ToListAsync(ct);
            named.AddRange(await db.ReviewCases.Where(c => c.Environment == query.Environment && c.CustomerId == word).Select(c => c.Id).Take(most).ToListAsync(ct));
            named.AddRange(await db.ReviewCases.Where(c => people.Contains(c.ReferralId!.Value)).Select(c => c.Id).Take(most).ToListAsync(ct));
            wanted = wanted is null ? named : [.. wanted.Intersect(named)];
        }
        return wanted;
    }

    private static async Task<List<ReviewRow>> RowsAsync(PortalDb db, List<ReviewCase> cases, CancellationToken ct)
    {
        var ids = cases.Select(c => c.ReferralId).OfType<long>().Distinct().ToList();
        var people = await db.Referrals.Where(r => ids.Contains(r.Id)).Select(r => new { r.Id, r.NewUserId }).ToDictionaryAsync(r => r.Id, r => r.NewUserId, ct);
        var waiting = (await db.Rewards.Where(r => ids.Contains(r.ReferralId) && r.WaitsFor == WaitReasons.Review && r.Earned > r.Reversed)
            .GroupBy(r => new { r.ReferralId, r.Currency }).Select(g => new { g.Key.ReferralId, g.Key.Currency, Net = g.Sum(r => r.Earned - r.Reversed) }).ToListAsync(ct))
            .OrderBy(w => w.Currency, StringComparer.Ordinal).ToLookup(w => (long?)w.ReferralId, w => new Money(w.Net, Currency.Parse(w.Currency)));
        return cases.ConvertAll(c => new ReviewRow(c.Id, c.Key, c.Kind, c.Question, c.CustomerId, c.ReferralId, c.ReferralId is { } id ? people.GetValueOrDefault(id) : null,
            c.OpenedAt, c.SettledAt, c.DecisionId, c.SettledAt is null ? [.. waiting[c.ReferralId]] : []));
    }

    private static IReadOnlyList<Evidence> Evidence(ReviewCase review) => JsonSerializer.Deserialize(review.EvidenceJson, ExplanationJson.Default.IReadOnlyListEvidence) ?? [];
}
