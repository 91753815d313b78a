using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Inbox;

/// <summary>What became of a request.</summary>
public enum DeliveryOutcome
{
    /// <summary>Stored as a new event.</summary>
    Accepted,

    /// <summary>The event was there already; counted, nothing else.</summary>
    Duplicate,

    /// <summary>Refused; kept in the size-limited quarantine with its reason.</summary>
    Rejected,
}

/// <summary>One HTTP request, exactly as received, with what became of it. The first delivery of an event carries its payload.</summary>
public sealed class Delivery
{
    /// <summary>Our id, rising in the order of arrival.</summary>
    public long Id { get; init; }

    /// <summary>The endpoint's environment.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary><c>stripe</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Our clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The peer's address.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The signature header as sent, at most 4,096 characters.</summary>
    public string? Signature { get; init; }

    /// <summary>What became of it.</summary>
    public required DeliveryOutcome Outcome { get; init; }

    /// <summary>A stable word for why it was rejected, such as <c>noMatch</c>.</summary>
    public string? ReasonCode { get; init; }

    /// <summary>Why it was rejected, or what is odd about it, in a sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>The event that it carried; none when rejected.</summary>
    public long? EventId { get; init; }

    /// <summary>Digest of the body as received.</summary>
    public required byte[] BodySha256 { get; init; }

    /// <summary>Bytes received.</summary>
    public required int BodyLength { get; init; }

    /// <summary>The raw bytes; null where they equal those of the event's first delivery, and cut where a rejected body was very large.</summary>
    public byte[]? Body { get; init; }
}

internal sealed class DeliveryMap : IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Delivery> delivery)
    {
        delivery.ToTable("deliveries");
        delivery.Property(d => d.Source).HasMaxLength(20);
        delivery.Property(d => d.Signature).HasMaxLength(4096);
        delivery.HasIndex(d => d.EventId);                                                    // one event's deliveries; the first has the payload
        delivery.HasIndex(d => new { d.Environment, d.Outcome, d.Id });                       // the requests, and the quarantine, newest first
    }
}

/// <summary>The room's tables.</summary>
public static class InboxSets
{
    extension(PortalDb db)
    {
        /// <summary>Every request.</summary>
        public DbSet<Delivery> Deliveries => db.Set<Delivery>();

        /// <summary>Distinct provider events.</summary>
        public DbSet<InboundEvent> Events => db.Set<InboundEvent>();

        /// <summary>Every run of an event through the pipeline.</summary>
        public DbSet<Attempt> Attempts => db.Set<Attempt>();

        /// <summary>Maintained counts, so that no page counts events.</summary>
        public DbSet<DailyCount> DailyCounts => db.Set<DailyCount>();
    }
}
