using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Referrals;
using Portal.Core.Sources;

namespace Portal.Core.Inbox;

/// <summary>Finds events. Newest first, page by page over the ids; every filter rests on an index, and nothing is counted or skipped.</summary>
public sealed class EventSearch(PortalStore store)
{
    /// <summary>Ids and times of receipt rise together, up to requests that overlap and a clock that is set.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    /// <summary>The most pending events that are looked through or counted.</summary>
    public const int MostPending = 10_000;

    /// <summary>The most events that the beginning of an address finds; a whole address finds all of its events.</summary>
    public const int MostByPrefix = 5_000;

    /// <summary>The most events of somebody who is named; nobody has as many.</summary>
    private const int MostByName = 1_000_000;

    /// <summary>The types that the feed's half "Attributions" shows.</summary>
    public static readonly IReadOnlyList<string> AttributionTypes = ["customer.created", "customer.updated", "customer.deleted"];

    /// <summary>One page.</summary>
    public async Task<Page<EventRow>> FindAsync(EventQuery query, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        if (await PrepareAsync(db, query, ct) is not { } plan) return Page<EventRow>.Empty;
        var ask = Keyset.Ask(query.Limit);
        var rows = new List<EventRow>();
        foreach (var type in plan.Types)
        {
            var found = Build(db, query, plan, type).Take(ask).Select(e => new EventRow(
                e.Id, e.ProviderEventId, e.Source, e.Type, e.Status, e.State, e.Note, e.Email, e.CustomerId, e.OccurredAt, e.ReceivedAt));
            rows.AddRange(await found.ToListAsync(ct));
        }
        if (plan.Types.Count > 1)
        {
            rows = query.Direction == PageDirection.Older
                ? [.. rows.OrderByDescending(r => r.Id).Take(ask)]
                : [.. rows.OrderBy(r => r.Id).Take(ask)];
        }
        return Keyset.Cut(rows, query.Limit, query.Direction, query.Cursor, r => r.Id);
    }

    /// <summary>The ids of everything that matches and has its payload, newest first, as many as wanted at most.</summary>
    internal async Task<List<long>> FindIdsAsync(EventQuery query, int most, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        if (await PrepareAsync(db, query, ct) is not { } plan) return [];
        var ids = new List<long>();
        foreach (var type in plan.Types) ids.AddRange(await Build(db, query, plan, type).Where(e => e.PayloadRemovedAt == null).Select(e => e.Id).Take(most).ToListAsync(ct));
        return [.. ids.OrderDescending().Take(most)];
    }

    /// <summary>The newest event's id, for a page that wants to know whether there is news.</summary>
    public async Task<long> NewestIdAsync(PortalEnvironment environment, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.Events.Where(e => e.Environment == environment).OrderByDescending(e => e.Id).Select(e => e.Id).FirstOrDefaultAsync(ct);
    }

    /// <summary>What the words and times of a query mean in ids; null when nothing can match.</summary>
    internal static async Task<EventPlan?> PrepareAsync(PortalDb db, EventQuery query, CancellationToken ct)
    {
        var words = new List<WordMatch>();
        foreach (var word in (query.Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(5))
            words.Add(await ResolveAsync(db, query.Environment, word, ct));
        var from = query.From is { } f ? await FirstIdAsync(db, Move(f, -Overlap), ct) : null;
        var to = query.To is { } t ? await FirstIdAsync(db, Move(t, Overlap), ct) : null;
        if (query.From is not null && from is null) return null;
        string?[] types = query.Selection == EventSelection.Attributions
            ? [.. AttributionTypes.Where(t => query.Type is null || t == query.Type)]
            : [query.Type];
        return types.Length == 0 ? null : new EventPlan(words, from, to, types);
    }

    /// <summary>The query for one type (or all, for null), in the order of reading.</summary>
    internal static IQueryable<InboundEvent> Build(PortalDb db, EventQuery query, EventPlan plan, string? type)
    {
        var environment = query.Environment;
        var events = query.State == EventState.Pending ? Pending(db, environment)
            : plan.Words.FirstOrDefault(w => w.Prefix is not null) is { Prefix: { } prefix } ? WithPrefix(db, environment, prefix)
            : plan.Words.FirstOrDefault(w => w.Prefix is null) is { } named ? Named(db, environment, named)
            : db.Events.Where(e => e.Environment == environment);
        if (type is not null) events = events.Where(e => e.Type == type);
        else if (query.Selection == EventSelection.Events)
            events = events.Where(e => e.Type != "customer.created" && e.Type != "customer.updated" && e.Type != "customer.deleted");
        if (query.Source is { } source) events = events.Where(e => e.Source == source);
        if (query.State is { } state) events = InState(events, state);
        if (query.Status is { } status) events = WithStatus(events, status);
        foreach (var word in plan.Words) events = Matching(events, word);
        if (query.From is { } from) events = events.Where(e => e.ReceivedAt >= from);
        if (query.To is { } to) events = events.Where(e => e.ReceivedAt < to);
        if (plan.FromId is { } fromId) events = events.Where(e => e.Id >= fromId);
        // The id is always bounded, if only by the largest there is: without a bound SQLite takes the index of the whole feed
        // and looks through every event for the few of a rare state.
        var below = Math.Min(plan.ToId ?? long.MaxValue, query.Direction == PageDirection.Older ? query.Cursor ?? long.MaxValue : long.MaxValue);
        events = events.Where(e => e.Id < below);
        if (query.Direction == PageDirection.Older) return events.OrderByDescending(e => e.Id);
        var above = query.Cursor ?? 0;
        return events.Where(e => e.Id > above).OrderBy(e => e.Id);
    }

    /// <summary>
    /// What is to be processed next, <see cref="MostPending"/> at most. The environment is asked for by what it is not: the index of
    /// pending events serves the drain and knows no environment, and an equation would lead SQLite to an index of all events.
    /// </summary>
    internal static IQueryable<InboundEvent> Pending(PortalDb db, PortalEnvironment environment)
    {
        var other = environment == PortalEnvironment.Sandbox ? PortalEnvironment.Production : PortalEnvironment.Sandbox;
        return db.Events.Where(e => e.State == EventState.Pending && e.Environment != other)
            .OrderBy(e => e.NextAttemptAt).ThenBy(e => e.Id).Take(MostPending);
    }

    /// <summary>States are written out, and with the partial index's own condition: only so the database knows that the index will do.</summary>
    private static IQueryable<InboundEvent> InState(IQueryable<InboundEvent> events, EventState state) => state switch
    {
        EventState.Pending => events,   // was the start already
        EventState.Processed => events.Where(e => e.State == EventState.Processed),
        _ => events.Where(e => (e.State == EventState.Waiting || e.State == EventState.Failed || e.State == EventState.Ignored) && e.State == state),
    };

    private static IQueryable<InboundEvent> WithStatus(IQueryable<InboundEvent> events, CheckLevel status) => status switch
    {
        CheckLevel.Ok => events.Where(e => e.Status == CheckLevel.Ok),
        _ => events.Where(e => (e.Status == CheckLevel.Warning || e.Status == CheckLevel.Error) && e.Status == status),
    };

    /// <summary>By the address first, and bounded: asked for in the order of ids, SQLite would look through the whole feed for a rare address.</summary>
    private static IQueryable<InboundEvent> WithPrefix(PortalDb db, PortalEnvironment environment, string prefix)
    {
        var end = prefix + '\uFFFF';
        return db.Events.Where(e => e.Environment == environment && string.Compare(e.Email, prefix) >= 0 && string.Compare(e.Email, end) < 0)
            .OrderBy(e => e.Email).Take(MostByPrefix);
    }

    /// <summary>
    /// What is of somebody or something named comes first, as a limited query of its own: joined with a type or a state, SQLite would rather go
    /// through all of that type, which are many, than through the few of the customer.
    /// </summary>
    private static IQueryable<InboundEvent> Named(PortalDb db, PortalEnvironment environment, WordMatch word) =>
        Matching(db.Events.Where(e => e.Environment == environment && e.Id < long.MaxValue), word).OrderByDescending(e => e.Id).Take(MostByName);   // bounded, as below

    private static IQueryable<InboundEvent> Matching(IQueryable<InboundEvent> events, WordMatch word)
    {
        var (ids, customers) = (word.EventIds, word.CustomerIds);
        if (word.Email is { } email) return events.Where(e => e.Email == email);
        if (word.Prefix is { } prefix)
        {
            var end = prefix + '\uFFFF';
            return events.Where(e => string.Compare(e.Email, prefix) >= 0 && string.Compare(e.Email, end) < 0);
        }
        if (customers.Count == 0) return events.Where(e => ids.Contains(e.Id));
        if (ids.Count == 0 && customers is [var only]) return events.Where(e => e.CustomerId == only);
        return ids.Count == 0
            ? events.Where(e => e.CustomerId != null && customers.Contains(e.CustomerId))
            : events.Where(e => ids.Contains(e.Id) || (e.CustomerId != null && customers.Contains(e.CustomerId)));
    }

    /// <summary>Something named exactly is what was meant; only a word that names nothing is the beginning of an address.</summary>
    private static async Task<WordMatch> ResolveAsync(PortalDb db, PortalEnvironment environment, string word, CancellationToken ct)
    {
        const int most = 500;
        var address = word.ToLowerInvariant();   // as the pipeline stores them
        if (word.Contains('@', StringComparison.Ordinal) && await db.Events.AnyAsync(e => e.Environment == environment && e.Email == address, ct))
            return new WordMatch([], [], null, address);
        var ids = await db.Events.Where(e => e.Environment == environment && e.ProviderEventId == word).Select(e => e.Id).Take(most).ToListAsync(ct);
        if (long.TryParse(word, out var own)) ids.Add(own);
        ids.AddRange(await db.Facts.Where(f => f.InvoiceId == word && f.Environment == environment).Select(f => f.EventId).Take(most).ToListAsync(ct));
        ids.AddRange(await db.Facts.Where(f => f.ChargeId == word && f.Environment == environment).Select(f => f.EventId).Take(most).ToListAsync(ct));
        ids.AddRange(await db.Facts.Where(f => f.PaymentIntentId == word && f.Environment == environment).Select(f => f.EventId).Take(most).ToListAsync(ct));
        var customers = await db.Customers.Where(c => c.Environment == environment && c.NewUserId == word).Select(c => c.CustomerId).Take(20).ToListAsync(ct);
        if (await db.Events.AnyAsync(e => e.Environment == environment && e.CustomerId == word, ct)) customers.Add(word);
        return ids.Count + customers.Count > 0
            ? new WordMatch([.. ids.Distinct()], customers, null)
            : new WordMatch([], [], address);
    }

    /// <summary>A moment moved by some minutes, within what a date can be.</summary>
    private static DateTimeOffset Move(DateTimeOffset at, TimeSpan by) =>
        by < TimeSpan.Zero && at - DateTimeOffset.MinValue < -by ? DateTimeOffset.MinValue : by > TimeSpan.Zero && DateTimeOffset.MaxValue - at < by ? DateTimeOffset.MaxValue : at + by;

    /// <summary>The first id received at or after a moment, found by halving: ids and times rise together. Null when all are older.</summary>
    private static async Task<long?> FirstIdAsync(PortalDb db, DateTimeOffset at, CancellationToken ct)
    {
        var newest = await db.Events.OrderByDescending(e => e.Id).Select(e => new { e.Id, e.ReceivedAt }).FirstOrDefaultAsync(ct);
        if (newest is null || newest.ReceivedAt < at) return null;
        var (low, high) = (0L, newest.Id);   // the answer lies in (low, high]
        while (low + 1 < high)
        {
            var middle = low + (high - low) / 2;
            var row = await db.Events.Where(e => e.Id >= middle).OrderBy(e => e.Id).Select(e => new { e.Id, e.ReceivedAt }).FirstAsync(ct);
            if (row.ReceivedAt >= at) high = middle;
            else low = row.Id;
        }
        return high;
    }
}

/// <summary>What a word of the search stands for.</summary>
internal sealed record WordMatch(List<long> EventIds, List<string> CustomerIds, string? Prefix, string? Email = null);

/// <summary>A query's words and times, looked up.</summary>
/// <param name="Words">All must match.</param>
/// <param name="FromId">No id below it can match.</param>
/// <param name="ToId">No id from it on can match.</param>
/// <param name="Types">One query each, so that each can follow its index; null for all types.</param>
internal sealed record EventPlan(IReadOnlyList<WordMatch> Words, long? FromId, long? ToId, IReadOnlyList<string?> Types);
