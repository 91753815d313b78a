using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Ledger;
using Portal.Core.Rewards;

namespace Portal.Core.Inbox;

/// <summary>Everything about one event.</summary>
public sealed record EventDetail
{
    /// <summary>Its line in the feed.</summary>
    public required EventRow Event { get; init; }

    /// <summary>The connected account; empty for the endpoint's own.</summary>
    public required string Account { get; init; }

    /// <summary>Source and account: the scope of the ids in its payload.</summary>
    public required string Scope { get; init; }

    /// <summary>The API version that shaped the payload.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The provider's mode flag.</summary>
    public bool? LiveMode { get; init; }

    /// <summary>What it waits for, as a key.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>Not before this moment; null for at once.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When the last run ended.</summary>
    public DateTimeOffset? ProcessedAt { get; init; }

    /// <summary>The raw bytes of its first delivery; empty once they were removed.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>When the payload was removed; null while it is there.</summary>
    public DateTimeOffset? PayloadRemovedAt { get; init; }

    /// <summary>Why the payload was removed.</summary>
    public PayloadRemoval? PayloadRemoval { get; init; }

    /// <summary>Every request that carried it, oldest first.</summary>
    public required IReadOnlyList<DeliveryRow> Deliveries { get; init; }

    /// <summary>Every run, oldest first.</summary>
    public required IReadOnlyList<AttemptRow> Attempts { get; init; }

    /// <summary>The facts whose standing telling is this event's.</summary>
    public required IReadOnlyList<ToldFact> Facts { get; init; }

    /// <summary>What it posted.</summary>
    public required IReadOnlyList<EntrySetRow> EntrySets { get; init; }

    /// <summary>The rewards that it moved or whose invoice it speaks of.</summary>
    public required IReadOnlyList<RewardRow> Rewards { get; init; }

    /// <summary>The payments that it speaks of.</summary>
    public required IReadOnlyList<TransactionRow> Transactions { get; init; }
}

/// <summary>One run of an event.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Cause">Why it ran.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Microseconds">How long it took.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Error">What went wrong.</param>
public sealed record AttemptRow(int Number, AttemptCause Cause, DateTimeOffset StartedAt, long Microseconds, AttemptOutcome Outcome, string? Error);

/// <summary>Who told a fact: the event whose telling stands.</summary>
/// <param name="EventId">Our id.</param>
/// <param name="ProviderEventId">The provider's.</param>
public sealed record Teller(long EventId, string ProviderEventId);

/// <summary>Reads one event with all that belongs to it.</summary>
public sealed class EventDetails(PortalStore store, TimeProvider clock)
{
    /// <summary>The event, or null where the environment has none of that id.</summary>
    public async Task<EventDetail?> FindAsync(PortalEnvironment environment, long id, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        if (await db.Events.SingleOrDefaultAsync(e => e.Id == id && e.Environment == environment, ct) is not { } found) return null;
        var deliveries = db.Deliveries.Where(d => d.EventId == id);
        var payload = await deliveries.OrderBy(d => d.Id).Select(d => d.Body).FirstOrDefaultAsync(ct);
        var facts = await db.Facts.Where(f => f.EventId == id).OrderBy(f => f.Id).ToListAsync(ct);
        var causeId = id.ToString(CultureInfo.InvariantCulture);
        var sets = await EntrySets.ReadAsync(db, db.LedgerEntrySets.Where(s => s.CauseKind == "event" && s.CauseId == causeId), ct);
        var moved = sets.Select(s => s.RewardId).Distinct().ToList();
        var payments = facts.SelectMany(f => new[] { f.InvoiceId, f.ChargeId }).OfType<string>().Distinct().ToList();
        return new EventDetail
        {
            Event = new EventRow(found.Id, found.ProviderEventId, found.Source, found.Type, found.Status, found.State, found.Note,
                found.Email, found.CustomerId, found.OccurredAt, found.ReceivedAt),
            Account = found.Account,
            Scope = found.Scope,
            ApiVersion = found.ApiVersion,
            LiveMode = found.LiveMode,
            WaitsFor = found.WaitsFor,
            NextAttemptAt = found.NextAttemptAt,
            ProcessedAt = found.ProcessedAt,
            Payload = payload ?? [],
            PayloadRemovedAt = found.PayloadRemovedAt,
            PayloadRemoval = found.PayloadRemoval,
            Deliveries = await DeliverySearch.RowsAsync(deliveries.OrderBy(d => d.Id).Take(100), ct),
            Attempts = await db.Attempts.Where(a => a.EventId == id).OrderBy(a => a.Number)
                .Select(a => new AttemptRow(a.Number, a.Cause, a.StartedAt, a.Microseconds, a.Outcome, a.Error)).Take(500).ToListAsync(ct),
            Facts = [.. facts.Select(f => f.Told())],
            EntrySets = sets,
            Rewards = await RewardSearch.RowsAsync(db, db.Rewards.Where(r => moved.Contains(r.Id)
                || (r.Environment == environment && payments.Contains(r.InvoiceId!))).OrderBy(r => r.Id).Take(50), clock.GetUtcNow(), ct),
            Transactions = await TransactionSearch.RowsAsync(db, db.Transactions
                .Where(t => t.Environment == environment && payments.Contains(t.ExternalId)).OrderBy(t => t.Id).Take(50), ct),
        };
    }

    /// <summary>Which events told these facts, by natural key: the payload of one event may repeat what another told before.</summary>
    public async Task<IReadOnlyDictionary<string, Teller>> TellersAsync(
        PortalEnvironment environment, string scope, IReadOnlyCollection<string> naturalKeys, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.Facts.Where(f => f.Environment == environment && f.Scope == scope && naturalKeys.Contains(f.NaturalKey))
            .ToDictionaryAsync(f => f.NaturalKey, f => new Teller(f.EventId, f.ProviderEventId), ct);
    }
}
