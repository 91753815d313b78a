using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Referrers;
using Portal.Core.Rewards;

namespace Portal.Core.Ledger;

/// <summary>What to look for in the journal. A filter that is null is not applied.</summary>
public sealed record JournalQuery
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>A referrer, by the product's id.</summary>
    public string? Referrer { get; init; }

    /// <summary>The code that credited the referrer.</summary>
    public string? Ucc { get; init; }

    /// <summary>ISO code.</summary>
    public string? Currency { get; init; }

    /// <summary>What kind of thing caused it: <c>event</c>, <c>code</c>, <c>revision</c>.</summary>
    public string? CauseKind { get; init; }

    /// <summary>Posted at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Posted before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>One reward's sets.</summary>
    public long? RewardId { get; init; }

    /// <summary>An id from where to go on.</summary>
    public long? Cursor { get; init; }

    /// <summary>Which way to go on.</summary>
    public PageDirection Direction { get; init; }

    /// <summary>Sets wanted, 1 to 200.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Whether anything but the environment restricts it.</summary>
    public bool IsFiltered => (Referrer ?? Ucc ?? Currency ?? CauseKind) is not null || From is not null || To is not null || RewardId is not null;
}

/// <summary>Reads the journal: newest first on pages, oldest first as a stream. Every filter rests on an index.</summary>
public sealed class JournalSearch(PortalStore store)
{
    /// <summary>One page.</summary>
    public async Task<Page<EntrySetRow>> FindAsync(JournalQuery query, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        if (await PrepareAsync(db, query, ct) is not { } plan) return Page<EntrySetRow>.Empty;
        var ids = await Build(db, query, plan).Take(Keyset.Ask(query.Limit)).ToListAsync(ct);
        var page = Keyset.Cut(ids, query.Limit, query.Direction, query.Cursor, id => id);
        return new Page<EntrySetRow>([.. (await ReadAsync(db, page.Items, ct)).Reverse()], page.NextCursor, page.PreviousCursor);
    }

    /// <summary>All that match, oldest first, in portions: what is posted after the first portion was asked for is not among them.</summary>
    public async IAsyncEnumerable<IReadOnlyList<EntrySetRow>> StreamAsync(JournalQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        query = query with { Direction = PageDirection.Newer, Cursor = null, Limit = Keyset.MostRows };
        JournalPlan? plan = null;
        for (var more = true; more;)
        {
            IReadOnlyList<EntrySetRow> portion;
            await using (var db = store.OpenRead())   // one for each portion: a slow reader must not keep the database from its housekeeping
            {
                plan ??= await PrepareAsync(db, query, ct);
                if (plan is null) yield break;
                var ids = await Build(db, query, plan).Take(query.Limit).ToListAsync(ct);
                more = ids.Count == query.Limit;
                if (ids.Count == 0) yield break;
                query = query with { Cursor = ids[^1] };
                portion = await ReadAsync(db, ids, ct);
            }
            yield return portion;
        }
    }

    /// <summary>What the names and times of a query mean in ids; null when nothing can match.</summary>
    internal static async Task<JournalPlan?> PrepareAsync(PortalDb db, JournalQuery query, CancellationToken ct)
    {
        long? referrer = null;
        if (query.Referrer is { } named)
        {
            referrer = await db.Referrers.Where(r => r.Environment == query.Environment && r.ProductUserId == named).Select(r => (long?)r.Id).SingleOrDefaultAsync(ct);
            if (referrer is null) return null;
        }
        if (query.Ucc is { } ucc)
        {
            var owner = await db.ReferralCodes.Where(c => c.Environment == query.Environment && c.Code == ucc).Select(c => (long?)c.ReferrerId).SingleOrDefaultAsync(ct);
            if (owner is null || (referrer is not null && referrer != owner)) return null;
            referrer = owner;
        }
        var first = query.From is { } from ? await PostingTimes.FirstFromAsync(db, query.Environment, from, ct) : 1;
        var last = await PostingTimes.LastBeforeAsync(db, query.Environment, query.To ?? DateTimeOffset.MaxValue, ct);
        return first is { } f && last is { } l && f <= l ? new JournalPlan(referrer, f, l) : null;
    }

    /// <summary>The sets' ids, in the order of reading.</summary>
    internal static IQueryable<long> Build(PortalDb db, JournalQuery query, JournalPlan plan)
    {
        var isOlder = query.Direction == PageDirection.Older;
        var last = isOlder && query.Cursor is { } below && below <= plan.LastId ? below - 1 : plan.LastId;
        var first = !isOlder && query.Cursor is { } above && above >= plan.FirstId ? above + 1 : plan.FirstId;
        var sets = db.LedgerEntrySets.Where(s => s.Environment == query.Environment);
        if (query.RewardId is { } reward) sets = sets.Where(s => s.RewardId == reward);
        if (query.CauseKind is { } cause) sets = sets.Where(s => s.CauseKind == cause);
        var rewards = db.Rewards;
        if (query.Ucc is { } ucc) sets = sets.Where(s => rewards.Any(r => r.Id == s.RewardId && r.Code == ucc));
        if (plan.ReferrerId is not { } referrer)
        {
            if (query.Currency is { } currency) sets = sets.Where(s => s.Currency == currency);
            var ids = sets.Where(s => s.Id >= first && s.Id <= last).Select(s => s.Id);
            return isOlder ? ids.OrderByDescending(id => id) : ids.OrderBy(id => id);
        }
        // By the referrer's own entries: a set may have several, so they are grouped, in the order of the index.
        var entries = db.LedgerEntries.Where(e => e.Environment == query.Environment && e.ReferrerId == referrer && e.EntrySetId >= first && e.EntrySetId <= last);
        if (query.Currency is { } code) entries = entries.Where(e => e.Currency == code);
        if (query.RewardId is not null || query.CauseKind is not null || query.Ucc is not null)
            entries = entries.Where(e => sets.Any(s => s.Id == e.EntrySetId));
        var grouped = entries.GroupBy(e => e.EntrySetId);
        return (isOlder ? grouped.OrderByDescending(g => g.Key) : grouped.OrderBy(g => g.Key)).Select(g => g.Key);
    }

    private static Task<IReadOnlyList<EntrySetRow>> ReadAsync(PortalDb db, IReadOnlyCollection<long> ids, CancellationToken ct) =>
        EntrySets.ReadAsync(db, db.LedgerEntrySets.Where(s => ids.Contains(s.Id)), ct);
}

/// <summary>A query's names and times, looked up.</summary>
/// <param name="ReferrerId">Whose accounts, if only one's.</param>
/// <param name="FirstId">The first set of the period.</param>
/// <param name="LastId">Its last.</param>
internal sealed record JournalPlan(long? ReferrerId, long FirstId, long LastId);

/// <summary>Times of posting as places in the journal: ids and times rise together, for both are given by the one writer.</summary>
internal static class PostingTimes
{
    /// <summary>The first set posted at or after a moment; null when there is none.</summary>
    public static Task<long?> FirstFromAsync(PortalDb db, PortalEnvironment environment, DateTimeOffset from, CancellationToken ct) =>
        db.LedgerEntrySets.Where(s => s.Environment == environment && s.PostedAt >= from)
            .OrderBy(s => s.PostedAt).ThenBy(s => s.Id).Select(s => (long?)s.Id).FirstOrDefaultAsync(ct);

    /// <summary>The last set posted before a moment; null when there is none.</summary>
    public static Task<long?> LastBeforeAsync(PortalDb db, PortalEnvironment environment, DateTimeOffset before, CancellationToken ct) =>
        db.LedgerEntrySets.Where(s => s.Environment == environment && s.PostedAt < before)
            .OrderByDescending(s => s.PostedAt).ThenByDescending(s => s.Id).Select(s => (long?)s.Id).FirstOrDefaultAsync(ct);
}
