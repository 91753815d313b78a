using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;
using Portal.Core.Sources;

namespace Portal.Core.Inbox;

/// <summary>Where an event stands in its processing.</summary>
public enum EventState
{
    /// <summary>Stored, not processed yet (or waiting for its next try).</summary>
    Pending,

    /// <summary>Read and folded.</summary>
    Processed,

    /// <summary>Kept, but nothing to do: a type that the portal does not follow.</summary>
    Ignored,

    /// <summary>Read; its facts wait for something else to arrive (<see cref="InboundEvent.WaitsFor"/>).</summary>
    Waiting,

    /// <summary>Given up after all tries, unreadable, or of the wrong mode. A person can resend it.</summary>
    Failed,
}

/// <summary>A distinct provider event, unique by environment, source, account and the provider's event id.</summary>
public sealed class InboundEvent
{
    /// <summary>Our id, rising in the order of first arrival.</summary>
    public long Id { get; init; }

    /// <summary>The environment of the endpoint that received it.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary><c>stripe</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The connected account it originates from; empty for the endpoint's own account.</summary>
    public required string Account { get; init; }

    /// <summary>The provider's id, kept whole and for ever; <c>sha256:…</c> of the body where it had none.</summary>
    public required string ProviderEventId { get; init; }

    /// <summary>The provider's event type; empty where it had none.</summary>
    public required string Type { get; init; }

    /// <summary>The API version that shaped the payload.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The provider's mode flag; null where it had none.</summary>
    public bool? LiveMode { get; init; }

    /// <summary>The provider's time of the event; the time of receipt where it had none.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When it first arrived.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Where it stands.</summary>
    public EventState State { get; set; }

    /// <summary>The worst of its field checks; null until it was read.</summary>
    public CheckLevel? Status { get; set; }

    /// <summary>Why it failed, is ignored or waits, in a sentence.</summary>
    public string? Note { get; set; }

    /// <summary>What it waits for, as a key: <c>customer:stripe/cus_1</c>, <c>charge:stripe/ch_1</c>.</summary>
    public string? WaitsFor { get; set; }

    /// <summary>The provider's customer.</summary>
    public string? CustomerId { get; set; }

    /// <summary>The customer's e-mail address, in lower case: addresses are looked for without regard to case.</summary>
    public string? Email { get; set; }

    /// <summary>Runs so far.</summary>
    public int Attempts { get; set; }

    /// <summary>Why the next run happens, when it is not the arrival.</summary>
    public AttemptCause? NextCause { get; set; }

    /// <summary>Not before this moment; null for at once.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    /// <summary>When the last run ended.</summary>
    public DateTimeOffset? ProcessedAt { get; set; }

    /// <summary>When its payload was removed; null while it is there.</summary>
    public DateTimeOffset? PayloadRemovedAt { get; set; }

    /// <summary>Why its payload was removed.</summary>
    public PayloadRemoval? PayloadRemoval { get; set; }

    /// <summary>Once the payload is removed: which facts its telling stood for, and a digest of each (<see cref="Inbox.KeptFacts"/>).</summary>
    public string? KeptFacts { get; set; }

    /// <summary>The scope of the ids in its payload: source and account.</summary>
    public string Scope => Account.Length == 0 ? Source : $"{Source}:{Account}";

    /// <summary>Writes that events have what they waited for, or wait for something else, unless somebody sent them through again meanwhile.</summary>
    internal static void SaveReleases(PortalDb db, IEnumerable<InboundEvent> events)
    {
        foreach (var inbound in events)
        {
            var (id, state, waitsFor, note) = (inbound.Id, inbound.State, inbound.WaitsFor, inbound.Note);
            db.Set<InboundEvent>().Where(e => e.Id == id && e.State == EventState.Waiting).ExecuteUpdate(set => set
                .SetProperty(e => e.State, state).SetProperty(e => e.WaitsFor, waitsFor).SetProperty(e => e.Note, note));
        }
    }

    /// <summary>Writes what a run may change of events.</summary>
    internal static void SaveOutcomes(PortalDb db, IEnumerable<InboundEvent> events) => PreparedRows<InboundEvent>.Update(db, events,
        nameof(State), nameof(Status), nameof(Note), nameof(WaitsFor), nameof(CustomerId), nameof(Email), nameof(Attempts), nameof(NextCause),
        nameof(NextAttemptAt), nameof(ProcessedAt));
}

internal sealed class InboundEventMap : IEntityTypeConfiguration<InboundEvent>
{
    public void Configure(EntityTypeBuilder<InboundEvent> e)
    {
        e.ToTable("events");
        e.Ignore(x => x.Scope);
        e.Property(x => x.Source).HasMaxLength(20);
        e.Property(x => x.Account).HasMaxLength(255);
        e.Property(x => x.ProviderEventId).HasMaxLength(255);
        e.Property(x => x.Type).HasMaxLength(255);
        e.HasIndex(x => new { x.Environment, x.ProviderEventId, x.Source, x.Account }).IsUnique();   // a provider event exists once, and is found by its id alone
        e.HasIndex(x => new { x.Environment, x.Id });                                                 // the feed, and times by halving
        e.HasIndex(x => new { x.NextAttemptAt, x.Id }, "ix_events_pending").HasFilter("state = 'pending'");          // the drain
        e.HasIndex(x => new { x.Environment, x.Type, x.Id });                                         // feed by type
        e.HasIndex(x => new { x.Environment, x.State, x.Id }, "ix_events_state").HasFilter("state IN ('waiting', 'failed', 'ignored')");
        e.HasIndex(x => new { x.Environment, x.Status, x.Id }, "ix_events_status").HasFilter("status IN ('warning', 'error')");
        e.HasIndex(x => new { x.Environment, x.Type, x.State, x.Id }, "ix_events_type_state").HasFilter("state IN ('waiting', 'failed', 'ignored')");    // both at once, where each alone has many
        e.HasIndex(x => new { x.Environment, x.Type, x.Status, x.Id }, "ix_events_type_status").HasFilter("status IN ('warning', 'error')");
        e.HasIndex(x => new { x.Environment, x.Status, x.State, x.Id }, "ix_events_status_state").HasFilter("status IN ('warning', 'error')");
        e.HasIndex(x => x.WaitsFor).HasFilter("waits_for IS NOT NULL");                               // what an arrival releases
        e.HasIndex(x => new { x.Environment, x.CustomerId, x.Id }).HasFilter("customer_id IS NOT NULL");
        e.HasIndex(x => new { x.Environment, x.Email, x.Id }).HasFilter("email IS NOT NULL");
        e.HasIndex(x => x.ReceivedAt, "ix_events_payloads").HasFilter("payload_removed_at IS NULL");   // whose payload is to be removed next
        e.HasIndex(x => x.PayloadRemovedAt, "ix_events_erased").HasFilter("payload_removal = 'erasure'");    // who was erased lately
    }
}
