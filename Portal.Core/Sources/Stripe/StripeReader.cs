using System.Text.Json;
using Portal.Core.Facts;

namespace Portal.Core.Sources.Stripe;

/// <summary>
/// Reads a Stripe event: field checks for people, facts for the ledger. Reads by JSON path and not by the classes of an SDK, so that
/// payloads shaped by any API version are understood, those of 2025-03-31.basil and later as well as those before
/// (https://docs.stripe.com/webhooks/versioning). Pure: same bytes, same reading; and it throws for no input at all.
/// </summary>
public static class StripeReader
{
    /// <summary>Reads one event.</summary>
    /// <param name="body">The body exactly as received.</param>
    /// <param name="withChecks">Whether single fields are checked too, for people.</param>
    /// <returns>
    /// What it says. <see cref="Reading.Unreadable"/> for bytes that are no JSON, are ambiguous (a property twice), or are no event;
    /// <see cref="Reading.Ignored"/> for events that need no processing. A field that is wrong leaves out the facts that need it.
    /// </returns>
    public static Reading Read(ReadOnlyMemory<byte> body, bool withChecks = true) => JsonBody.Read(body, root => Read(root, withChecks), Unreadable);

    private static Reading Read(JsonElement root, bool withChecks)
    {
        if (root.ValueKind != JsonValueKind.Object) return Unreadable("The body is JSON, but not an object: it cannot be an event.");
        if (root.Member("object").Raw() == "v2.core.event")
        {
            return new Reading([], [], null, null, "A thin event: it holds no data, and an API key is needed to fetch it.", null);
        }

        if (root.Member("type").Name() is not { } type) return Unreadable("The event has no usable type.");
        var about = root.Member("data").Member("object");
        var isFollowed = StripeEventTypes.IsFollowed(type);
        if (isFollowed && about.ValueKind != JsonValueKind.Object) return Unreadable($"The {type} event has no object at $.data.object.");

        var e = new StripeEvent(root.Member("id").Name(), type, root.Member("created").Time(), about);
        var facts = new List<Fact>();
        var ignored = isFollowed ? Collect(e, facts) : $"{Glimpse.Of(type)} is not a type the portal follows.";
        return new Reading(withChecks ? StripeFieldChecks.Of(type, root) : [], Distinct(facts), e.CustomerId, withChecks ? e.Email : null, ignored, null);
    }

    private static string? Collect(in StripeEvent e, List<Fact> facts)
    {
        switch (e.Type)
        {
            case "customer.created" or "customer.updated": CustomerFacts.Seen(e, facts); break;
            case "customer.deleted": CustomerFacts.Removed(e, facts); break;
            case "customer.subscription.created" or "customer.subscription.updated": CustomerFacts.SubscriptionChanged(e, facts); break;
            case "customer.subscription.deleted": CustomerFacts.SubscriptionEnded(e, facts); break;
            case "invoice.paid" or "invoice.payment_succeeded": InvoiceFacts.Paid(e, facts); break;
            case "invoice.voided": InvoiceFacts.Voided(e, facts); break;
            case "invoice.marked_uncollectible": InvoiceFacts.WrittenOff(e, facts); break;
            case "invoice_payment.paid": InvoiceFacts.PaymentMade(e, facts); break;
            case "charge.succeeded" or "charge.updated" or "charge.refunded": return ChargeFacts.Read(e, facts);
            case "refund.created" or "refund.updated" or "refund.failed" or "charge.refund.updated":
                CorrectionFacts.Refund(e, facts);
                break;
            case "credit_note.created" or "credit_note.updated" or "credit_note.voided": CorrectionFacts.CreditNote(e, facts); break;
            case "radar.early_fraud_warning.created" or "radar.early_fraud_warning.updated": CorrectionFacts.FraudWarning(e, facts); break;
            default: CorrectionFacts.Dispute(e, facts); break;
        }

        return null;
    }

    /// <summary>A payload may list one payment many times; it is one fact all the same.</summary>
    private static List<Fact> Distinct(List<Fact> facts) => facts.Count < 2 ? facts : [.. facts.DistinctBy(fact => fact.NaturalKey)];

    private static Reading Unreadable(string why) => new([], [], null, null, null, why);
}
