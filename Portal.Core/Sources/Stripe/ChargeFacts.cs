using System.Text.Json;
using Portal.Core.Facts;

namespace Portal.Core.Sources.Stripe;

/// <summary>
/// What charges tell: https://docs.stripe.com/api/charges. Before 2025-03-31.basil a charge names its invoice, or says with a null
/// that it has none; since then it does not speak of invoices at all.
/// </summary>
internal static class ChargeFacts
{
    /// <summary>A charge, what it paid, and how much of it has gone back. Returns why it counts for nothing, where it does.</summary>
    public static string? Read(in StripeEvent e, List<Fact> facts)
    {
        var charge = e.Object;
        if (charge.Member("paid").Flag() == false || charge.Member("status").Raw() is not (null or "succeeded"))
        {
            return "The charge has not succeeded: no money was collected.";
        }

        if (charge.Member("captured").Flag() == false) return "The charge is only authorised, not captured: no money was collected.";
        if (charge.Member("id").Name() is not { } id) return null;

        var intent = charge.Member("payment_intent").Reference();
        var invoice = charge.Member("invoice");
        if ((charge.Member("created").Time() ?? e.Created) is { } at)
        {
            if (charge.Member("currency").Currency() is { } currency && charge.Member("amount").Amount() is { } amount)
            {
                facts.Add(new ChargeSucceeded(id, intent, currency, amount, invoice.ValueKind == JsonValueKind.Null)
                {
                    OccurredAt = at,
                    CustomerId = e.CustomerId,
                });
            }

            if (invoice.Reference() is { } invoiceId)
            {
                facts.Add(new PaymentLinked(invoiceId, intent, id) { OccurredAt = at, CustomerId = e.CustomerId });
            }
        }

        if (e.Created is { } told && e.Id is { } eventId && Refunded(charge) is > 0 and var refunded && charge.Member("currency").Currency() is { } code)
        {
            facts.Add(new ChargeRefunded(eventId, id, intent, code, refunded) { OccurredAt = told, CustomerId = e.CustomerId });
        }

        return null;
    }

    /// <summary>The running total of a charge's refunds; null when it is no amount, or more than was charged.</summary>
    public static long? Refunded(JsonElement charge) =>
        charge.Member("amount_refunded").Amount() is { } refunded && charge.Member("amount").Amount() is { } amount && refunded <= amount
            ? refunded
            : null;
}
