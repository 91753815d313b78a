using System.Collections.Concurrent;
using System.Text.Json.Serialization;

namespace Portal.Core.Facts;

/// <summary>
/// Something that happened, in our words, whoever told it. A closed set: each kind has a natural key, so that two events
/// that tell the same fact collapse into one. Past this point no provider is visible.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CustomerSeen), "customerSeen")]
[JsonDerivedType(typeof(CustomerRemoved), "customerRemoved")]
[JsonDerivedType(typeof(SubscriptionChanged), "subscriptionChanged")]
[JsonDerivedType(typeof(SubscriptionEnded), "subscriptionEnded")]
[JsonDerivedType(typeof(InvoicePaid), "invoicePaid")]
[JsonDerivedType(typeof(InvoiceVoided), "invoiceVoided")]
[JsonDerivedType(typeof(InvoiceWrittenOff), "invoiceWrittenOff")]
[JsonDerivedType(typeof(ChargeSucceeded), "chargeSucceeded")]
[JsonDerivedType(typeof(ChargeRefunded), "chargeRefunded")]
[JsonDerivedType(typeof(RefundSeen), "refundSeen")]
[JsonDerivedType(typeof(DisputeMoved), "disputeMoved")]
[JsonDerivedType(typeof(FraudWarned), "fraudWarned")]
[JsonDerivedType(typeof(CreditNoteIssued), "creditNoteIssued")]
[JsonDerivedType(typeof(PaymentLinked), "paymentLinked")]
[JsonDerivedType(typeof(DemoAttended), "demoAttended")]
public abstract record Fact
{
    private static readonly ConcurrentDictionary<Type, string> Kinds = new();

    /// <summary>When it happened by the provider's clock, never ours.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The provider's customer it concerns, where the event names one.</summary>
    public string? CustomerId { get; init; }

    /// <summary>What names this fact once within a provider account, whichever event tells it.</summary>
    [JsonIgnore]
    public abstract string NaturalKey { get; }

    /// <summary>The kind's stable name, as stored and shown.</summary>
    [JsonIgnore]
    public string Kind => Kinds.GetOrAdd(GetType(), static type => char.ToLowerInvariant(type.Name[0]) + type.Name[1..]);

    /// <summary>The referral metadata that came with it, if any.</summary>
    [JsonIgnore]
    public virtual Claim? Claim => null;

    /// <summary>The objects by which it can be joined to a customer when it names none.</summary>
    [JsonIgnore]
    public virtual Links Links => default;
}

/// <summary>The ids of the payment objects that a fact speaks of.</summary>
public readonly record struct Links(string? InvoiceId = null, string? PaymentIntentId = null, string? ChargeId = null);

/// <summary>The referral metadata found on one object: who referred whom.</summary>
/// <param name="Code">The referrer's code, <c>cello_ucc</c>.</param>
/// <param name="NewUserId">The referred person, <c>new_user_id</c>.</param>
/// <param name="OrganizationId">The referred organisation, <c>new_user_organization_id</c>.</param>
/// <param name="Path">The JSON path of the metadata object, for the explanation.</param>
public sealed record Claim(string? Code, string? NewUserId, string? OrganizationId, string Path);

/// <summary>A snapshot of a customer. Each event's snapshot is a fact of its own; the order of <see cref="Fact.OccurredAt"/> decides.</summary>
public sealed record CustomerSeen(string EventId, DateTimeOffset CreatedAt, string? Email, string? Name, Claim? Metadata) : Fact
{
    /// <summary>Stands in for an address that was erased: equal to another one where the addresses were of one mailbox.</summary>
    public string? AddressMark { get; init; }

    /// <inheritdoc />
    public override string NaturalKey => $"customer-seen:{CustomerId}@{EventId}";

    /// <inheritdoc />
    public override Claim? Claim => Metadata;
}

/// <summary>The provider deleted the customer: no new rewards, corrections go on.</summary>
public sealed record CustomerRemoved : Fact
{
    /// <inheritdoc />
    public override string NaturalKey => $"customer-removed:{CustomerId}";
}

/// <summary>A subscription was created or changed.</summary>
public sealed record SubscriptionChanged(string EventId, string SubscriptionId, string Status, Claim? Metadata) : Fact
{
    /// <inheritdoc />
    public override string NaturalKey => $"subscription-changed:{SubscriptionId}@{EventId}";

    /// <inheritdoc />
    public override Claim? Claim => Metadata;
}

/// <summary>A subscription came to its end (not: was asked to end).</summary>
public sealed record SubscriptionEnded(string SubscriptionId) : Fact
{
    /// <inheritdoc />
    public override string NaturalKey => $"subscription-ended:{SubscriptionId}";
}

/// <summary>An invoice was paid. <see cref="Fact.OccurredAt"/> is the moment of payment. Amounts are minor units of <paramref name="Currency"/>.</summary>
/// <param name="InvoiceId">The provider's id.</param>
/// <param name="Currency">ISO code, upper case.</param>
/// <param name="AmountPaid">What was collected; 0 for trials and invoices covered by credit.</param>
/// <param name="Total">The invoice's total with tax.</param>
/// <param name="TotalExcludingTax">The invoice's total without tax.</param>
/// <param name="NetPath">The JSON path from which the total without tax was read, or how it was derived.</param>
/// <param name="SubscriptionId">The subscription that it bills, if any.</param>
/// <param name="BillingReason">Why the provider issued it.</param>
/// <param name="Metadata">Referral metadata on the invoice or its subscription's snapshot.</param>
public sealed record InvoicePaid(
    string InvoiceId, string Currency, long AmountPaid, long Total, long TotalExcludingTax, string NetPath,
    string? SubscriptionId, string? BillingReason, Claim? Metadata) : Fact
{
    /// <summary>What was sold; empty where the payload lists nothing, and in facts stored before lines were read.</summary>
    public IReadOnlyList<InvoiceLine> Lines { get; init => field = value ?? []; } = [];

    /// <summary>True when <see cref="Lines"/> are not all: the payload holds only the first page, or a line whose amount cannot be known.</summary>
    public bool HasMoreLines { get; init; }

    /// <summary>True when somebody marked it paid outside the provider: no money is seen to have moved.</summary>
    public bool PaidOutOfBand { get; init; }

    /// <inheritdoc />
    public override string NaturalKey => $"invoice-paid:{InvoiceId}";

    /// <inheritdoc />
    public override Claim? Claim => Metadata;

    /// <inheritdoc />
    public override Links Links => new(InvoiceId);
}

/// <summary>One line of an invoice.</summary>
/// <param name="ProductId">The product sold, if named.</param>
/// <param name="PriceId">The price, if named.</param>
/// <param name="Net">Minor units after discounts and credit grants, without tax; negative for credits such as prorations.</param>
/// <param name="From">Start of the period that it pays for.</param>
/// <param name="To">End of that period.</param>
/// <param name="Path">Where it stands in the payload.</param>
public sealed record InvoiceLine(string? ProductId, string? PriceId, long Net, DateTimeOffset? From, DateTimeOffset? To, string Path);

/// <summary>An invoice was voided.</summary>
public sealed record InvoiceVoided(string InvoiceId) : Fact
{
    /// <inheritdoc />
    public override string NaturalKey => $"invoice-voided:{InvoiceId}";

    /// <inheritdoc />
    public override Links Links => new(InvoiceId);
}

/// <summary>An invoice was given up as uncollectible.</summary>
public sealed record InvoiceWrittenOff(string InvoiceId) : Fact
{
    /// <inheritdoc />
    public override string NaturalKey => $"invoice-written-off:{InvoiceId}";

    /// <inheritdoc />
    public override Links Links => new(InvoiceId);
}

/// <summary>Money was charged. Never a reward by itself: money is counted from the invoice.</summary>
/// <param name="ChargeId">The provider's id.</param>
/// <param name="PaymentIntentId">The payment intent behind it, if any.</param>
/// <param name="Currency">ISO code, upper case.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="NamesNoInvoice">True when the payload has an invoice field and it is null (shapes before 2025-03-31.basil): a one-off charge for certain.</param>
public sealed record ChargeSucceeded(string ChargeId, string? PaymentIntentId, string Currency, long Amount, bool NamesNoInvoice) : Fact
{
    /// <inheritdoc />
    public override string NaturalKey => $"charge:{ChargeId}";

    /// <inheritdoc />
    public override Links Links => new(null, PaymentIntentId, ChargeId);
}

/// <summary>How much of a charge had been refunded in all at some moment: a running total, never a single refund.</summary>
/// <param name="EventId">The event that tells it: a total may fall when a refund fails, and rise to the same height again.</param>
/// <param name="ChargeId">The charge.</param>
/// <param name="PaymentIntentId">The payment intent behind it, if any.</param>
/// <param name="Currency">ISO code, upper case.</param>
/// <param name="TotalRefunded">Cumulative, minor units.</param>
public sealed record ChargeRefunded(string EventId, string ChargeId, string? PaymentIntentId, string Currency, long TotalRefunded) : Fact
{
    /// <inheritdoc />
    public override string NaturalKey => $"charge-refunded:{ChargeId}:{TotalRefunded}@{EventId}";

    /// <inheritdoc />
    public override Links Links => new(null, PaymentIntentId, ChargeId);
}

/// <summary>One refund reached a status.</summary>
/// <param name="RefundId">The provider's id.</param>
/// <param name="ChargeId">The charge it refunds, if named.</param>
/// <param name="PaymentIntentId">The payment intent behind it, if named.</param>
/// <param name="Currency">ISO code, upper case.</param>
/// <param name="Amount">Minor units of this refund alone.</param>
/// <param name="Status"><c>pending</c>, <c>requires_action</c>, <c>succeeded</c>, <c>failed</c> or <c>canceled</c>.</param>
public sealed record RefundSeen(string RefundId, string? ChargeId, string? PaymentIntentId, string Currency, long Amount, string Status) : Fact
{
    /// <inheritdoc />
    public override string NaturalKey => $"refund:{RefundId}:{Status}";

    /// <inheritdoc />
    public override Links Links => new(null, PaymentIntentId, ChargeId);
}

/// <summary>A dispute was opened, moved, closed, or money moved because of it.</summary>
/// <param name="EventId">The event that tells it: each movement is a fact of its own.</param>
/// <param name="DisputeId">The provider's id.</param>
/// <param name="ChargeId">The disputed charge.</param>
/// <param name="PaymentIntentId">The payment intent behind it, if any.</param>
/// <param name="Currency">ISO code, upper case.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Movement"><c>created</c>, <c>updated</c>, <c>closed</c>, <c>funds_withdrawn</c> or <c>funds_reinstated</c>.</param>
/// <param name="Status">The provider's status word.</param>
public sealed record DisputeMoved(
    string EventId, string DisputeId, string? ChargeId, string? PaymentIntentId, string Currency, long Amount, string Movement, string Status) : Fact
{
    /// <inheritdoc />
    public override string NaturalKey => $"dispute:{DisputeId}:{Movement}@{EventId}";

    /// <inheritdoc />
    public override Links Links => new(null, PaymentIntentId, ChargeId);
}

/// <summary>The card's issuer warned that a charge may be fraud: often followed by a refund or a dispute.</summary>
/// <param name="WarningId">The provider's id.</param>
/// <param name="ChargeId">The charge, if named.</param>
/// <param name="PaymentIntentId">The payment intent behind it, if any.</param>
public sealed record FraudWarned(string WarningId, string? ChargeId, string? PaymentIntentId) : Fact
{
    /// <inheritdoc />
    public override string NaturalKey => $"fraud-warning:{WarningId}";

    /// <inheritdoc />
    public override Links Links => new(null, PaymentIntentId, ChargeId);
}

/// <summary>A credit note was issued, changed or voided.</summary>
/// <param name="CreditNoteId">The provider's id.</param>
/// <param name="InvoiceId">The invoice it corrects.</param>
/// <param name="Currency">ISO code, upper case.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Status"><c>issued</c> or <c>void</c>.</param>
/// <param name="RefundIds">The refunds that are part of it: the same money, not more of it.</param>
public sealed record CreditNoteIssued(
    string CreditNoteId, string InvoiceId, string Currency, long Amount, string Status, IReadOnlyList<string> RefundIds) : Fact
{
    /// <summary>What of it was given back outside the provider, minor units: no refund tells of it.</summary>
    public long OutOfBandAmount { get; init; }

    /// <inheritdoc />
    public override string NaturalKey => $"credit-note:{CreditNoteId}:{Status}";

    /// <inheritdoc />
    public override Links Links => new(InvoiceId);
}

/// <summary>An invoice was paid by this payment intent or charge; by neither where it was paid outside the provider.</summary>
public sealed record PaymentLinked(string InvoiceId, string? PaymentIntentId, string? ChargeId) : Fact
{
    /// <summary>True when the payment is only a record of money that moved outside the provider: the invoice is <see cref="InvoicePaid.PaidOutOfBand"/>, whatever it says itself.</summary>
    public bool PaidOutOfBand { get; init; }

    /// <inheritdoc />
    public override string NaturalKey => $"payment-linked:{InvoiceId}:{PaymentIntentId}:{ChargeId}";

    /// <inheritdoc />
    public override Links Links => new(InvoiceId, PaymentIntentId, ChargeId);
}

/// <summary>The referred person attended a demonstration.</summary>
public sealed record DemoAttended(string NewUserId, Claim? Metadata) : Fact
{
    /// <inheritdoc />
    public override string NaturalKey => $"demo-attended:{NewUserId}@{CustomerId}";

    /// <inheritdoc />
    public override Claim? Claim => Metadata;
}
