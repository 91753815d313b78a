using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Facts;

/// <summary>A fact as kept: its earliest telling, once per natural key.</summary>
public sealed class StoredFact
{
    private ToldFact? _told;

    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>Source and account that its ids belong to.</summary>
    public required string Scope { get; init; }

    /// <summary>Names the fact once within its scope.</summary>
    public required string NaturalKey { get; init; }

    /// <summary>The kind's name.</summary>
    public required string Kind { get; init; }

    /// <summary>When it happened, by the telling that stands.</summary>
    public required DateTimeOffset OccurredAt { get; set; }

    /// <summary>The customer it names, if any.</summary>
    public string? CustomerId { get; set; }

    /// <summary>The invoice it speaks of, if any.</summary>
    public string? InvoiceId { get; set; }

    /// <summary>The payment intent it speaks of, if any.</summary>
    public string? PaymentIntentId { get; set; }

    /// <summary>The charge it speaks of, if any.</summary>
    public string? ChargeId { get; set; }

    /// <summary>The referral code it carries, if any: a code that becomes known later finds its facts by it.</summary>
    public string? Code { get; set; }

    /// <summary>The event whose telling stands.</summary>
    public required long EventId { get; set; }

    /// <summary>The provider's id of that event.</summary>
    public required string ProviderEventId { get; set; }

    /// <summary>The fact itself, as JSON.</summary>
    public required string Data { get; set; }

    /// <summary>Whether facts of its kind can carry referral metadata: the others need not be read for it.</summary>
    public bool MayClaim => Kind is "customerSeen" or "subscriptionChanged" or "invoicePaid" or "demoAttended";

    /// <summary>Puts a fact into the form in which it is kept.</summary>
    public static StoredFact From(PortalEnvironment environment, ToldFact told)
    {
        var stored = new StoredFact
        {
            Environment = environment,
            Scope = told.Scope,
            NaturalKey = told.Fact.NaturalKey,
            Kind = told.Fact.Kind,
            OccurredAt = told.Fact.OccurredAt,
            EventId = told.EventId,
            ProviderEventId = told.ProviderEventId,
            Data = "",
        };
        stored.Retell(told);
        return stored;
    }

    /// <summary>Lets another telling of the same fact stand.</summary>
    public void Retell(ToldFact told)
    {
        (OccurredAt, EventId, ProviderEventId) = (told.Fact.OccurredAt, told.EventId, told.ProviderEventId);
        (CustomerId, Code) = (told.Fact.CustomerId, told.Fact.Claim?.Code);
        (InvoiceId, PaymentIntentId, ChargeId) = told.Fact.Links;
        Data = JsonSerializer.Serialize(told.Fact, FactJson.Default.Fact);
        _told = told;
    }

    /// <summary>Whether this telling of a fact stands before another telling of the same fact.</summary>
    public bool ComesBefore(StoredFact other) =>
        OccurredAt < other.OccurredAt || (OccurredAt == other.OccurredAt && string.CompareOrdinal(ProviderEventId, other.ProviderEventId) < 0);

    /// <summary>Whether two tellings say the same, word for word.</summary>
    public bool SaysTheSameAs(StoredFact other) => Words() == other.Words();

    /// <summary>A short digest of all that it says, kept where the payload it was read from is not.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Words().ToString()!)).AsSpan(0, 12));

    private (string, long, string?, string?, string?, string?, string?, string, string) Words() =>
        (Kind, OccurredAt.ToUnixTimeMilliseconds(), CustomerId, InvoiceId, PaymentIntentId, ChargeId, Code, ProviderEventId, Data);

    /// <summary>The fact with its teller, as the fold takes it.</summary>
    public ToldFact Told() => _told ??= new(JsonSerializer.Deserialize(Data, FactJson.Default.Fact)!, Scope, ProviderEventId, EventId);
}

internal sealed class StoredFactMap : IEntityTypeConfiguration<StoredFact>
{
    public void Configure(EntityTypeBuilder<StoredFact> fact)
    {
        fact.ToTable("facts");
        fact.HasIndex(f => new { f.Environment, f.Scope, f.NaturalKey }).IsUnique();   // the same fact twice is refused
        fact.HasIndex(f => new { f.CustomerId, f.Environment }).HasFilter("customer_id IS NOT NULL");
        fact.HasIndex(f => new { f.InvoiceId, f.Environment }).HasFilter("invoice_id IS NOT NULL");
        fact.HasIndex(f => new { f.PaymentIntentId, f.Environment }).HasFilter("payment_intent_id IS NOT NULL");
        fact.HasIndex(f => new { f.ChargeId, f.Environment }).HasFilter("charge_id IS NOT NULL");
        fact.HasIndex(f => new { f.Code, f.Environment }).HasFilter("code IS NOT NULL");
        fact.Ignore(f => f.MayClaim);
        fact.HasIndex(f => f.EventId);                                                  // what an event told
    }
}

/// <summary>The room's table.</summary>
public static class FactSets
{
    extension(PortalDb db)
    {
        /// <summary>Everything that is known to have happened.</summary>
        public DbSet<StoredFact> Facts => db.Set<StoredFact>();
    }
}
