using System.Collections.Frozen;

namespace Portal.Core.Sources.Stripe;

/// <summary>One of Stripe's event types, and what the portal wants it for.</summary>
/// <param name="Name">As Stripe spells it: https://docs.stripe.com/api/events/types.</param>
/// <param name="Why">One sentence for the person who sets up the endpoint.</param>
public sealed record StripeEventType(string Name, string Why);

/// <summary>The event types that a Stripe endpoint should be subscribed to, for the Webhooks page and for the reader.</summary>
public static class StripeEventTypes
{
    /// <summary>The ten that the portal needs.</summary>
    public static readonly IReadOnlyList<StripeEventType> Needed =
    [
        new("charge.refunded", "Takes rewards back when a payment is refunded, in part or in full."),
        new("charge.succeeded", "Shows one-off payments, and which payment belongs to which invoice in API versions before 2025-03-31."),
        new("charge.updated", "Tells what was settled or refunded when an earlier event was missed."),
        new("customer.created", "Is the signup, when the customer's metadata names the referrer."),
        new("customer.deleted", "Stops new rewards for the customer; refunds of earlier payments still count."),
        new("customer.updated", "Brings a referrer that was added to the metadata later."),
        new("customer.subscription.created", "Begins the subscription that recurring rewards follow."),
        new("customer.subscription.deleted", "Ends recurring rewards once the subscription has really ended."),
        new("customer.subscription.updated", "Follows changes of plan and of the subscription's metadata."),
        new("invoice.paid", "Is the payment from which rewards are computed."),
    ];

    /// <summary>Those that make the books more exact where Stripe offers them.</summary>
    public static readonly IReadOnlyList<StripeEventType> Recommended =
    [
        new("invoice_payment.paid", "Links an invoice to its payment, and tells when it was paid outside Stripe; since 2025-03-31 nothing else does, and without it refunds may need a person."),
        new("refund.created", "Names each single refund, where a charge only gives a running total."),
        new("refund.updated", "Tells what became of a refund that was pending."),
        new("refund.failed", "Gives a reward back when its refund did not go through."),
        new("charge.dispute.created", "Holds a reward as soon as its payment is disputed."),
        new("charge.dispute.updated", "Follows a dispute while it is open."),
        new("charge.dispute.closed", "Says how a dispute ended; the money that moved decides, not the word won or lost."),
        new("charge.dispute.funds_withdrawn", "Takes a reward back when Stripe takes the disputed money."),
        new("charge.dispute.funds_reinstated", "Restores a reward as far as disputed money comes back."),
        new("credit_note.created", "Shows corrections of an invoice, which refunds are part of them, and what was given back outside Stripe."),
        new("credit_note.updated", "Follows changes of a credit note."),
        new("credit_note.voided", "Undoes a correction that was withdrawn."),
        new("invoice.voided", "Takes a reward back when its invoice is declared void."),
        new("invoice.marked_uncollectible", "Takes a reward back when its invoice is given up as uncollectible."),
        new("radar.early_fraud_warning.created", "Holds a reward when the card's issuer warns of fraud."),
        new("radar.early_fraud_warning.updated", "Tells a warning of fraud that was missed."),
    ];

    /// <summary>Followed when they come, but nobody needs to subscribe to them: another type tells the same.</summary>
    public static readonly IReadOnlyList<StripeEventType> Twins =
    [
        new("invoice.payment_succeeded", "Tells the same as invoice.paid, except for invoices paid outside Stripe."),
        new("charge.refund.updated", "Tells the same as refund.updated, in API versions before 2024-10-28."),
    ];

    private static readonly FrozenSet<string> Known =
        Needed.Concat(Recommended).Concat(Twins).Select(type => type.Name).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether events of this type are read for facts.</summary>
    public static bool IsFollowed(string type) => Known.Contains(type);
}
