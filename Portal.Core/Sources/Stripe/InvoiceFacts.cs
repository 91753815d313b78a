using System.Text.Json;
using Portal.Core.Facts;

namespace Portal.Core.Sources.Stripe;

/// <summary>
/// What invoices tell: https://docs.stripe.com/api/invoices. Two shapes: since 2025-03-31.basil the subscription stands under
/// <c>parent</c>, and the payments in a list of their own (https://docs.stripe.com/changelog/basil/2025-03-31/add-support-for-multiple-partial-payments-on-invoices).
/// </summary>
internal static class InvoiceFacts
{
    /// <summary>An invoice was paid, and by what.</summary>
    public static void Paid(in StripeEvent e, List<Fact> facts)
    {
        var invoice = e.Object;
        if ((invoice.Member("status_transitions").Member("paid_at").Time() ?? e.Created) is not { } at) return;
        if (invoice.Member("id").Name() is not { } id) return;

        Payments(invoice, id, at, e.CustomerId, facts);
        if (invoice.Member("currency").Currency() is not { } currency) return;
        if (invoice.Member("amount_paid").Amount() is not { } paid || invoice.Member("total").SignedAmount() is not { } total) return;
        if (InvoiceNet.Of(invoice) is not { Minor: { } net } source) return;
        var outside = IsPaidOutside(invoice);
        var lines = InvoiceLines.Of(invoice);

        var subscription = invoice.Member("parent").Member("subscription_details").Member("subscription").Reference()
            ?? invoice.Member("subscription").Reference();
        var reason = invoice.Member("billing_reason").Name();
        var settled = outside ? Math.Max(paid, invoice.Member("amount_due").Amount() ?? 0) : paid;
        facts.Insert(0, new InvoicePaid(id, currency, settled, total, net, source.Path, subscription, reason, e.InvoiceClaim())
        {
            OccurredAt = at,
            CustomerId = e.CustomerId,
            Lines = lines.Read,
            HasMoreLines = !lines.AreAll,
            PaidOutOfBand = outside,
        });
    }

    /// <summary>An invoice was declared void.</summary>
    public static void Voided(in StripeEvent e, List<Fact> facts)
    {
        if ((e.Object.Member("status_transitions").Member("voided_at").Time() ?? e.Created) is not { } at) return;
        if (e.Object.Member("id").Name() is { } id) facts.Add(new InvoiceVoided(id) { OccurredAt = at, CustomerId = e.CustomerId });
    }

    /// <summary>An invoice was given up: its customer is not expected to pay any more.</summary>
    public static void WrittenOff(in StripeEvent e, List<Fact> facts)
    {
        if ((e.Object.Member("status_transitions").Member("marked_uncollectible_at").Time() ?? e.Created) is not { } at) return;
        if (e.Object.Member("id").Name() is { } id) facts.Add(new InvoiceWrittenOff(id) { OccurredAt = at, CustomerId = e.CustomerId });
    }

    /// <summary>
    /// An invoice payment: the only link between an invoice and its payment since 2025-03-31.basil, and the only event that tells of a
    /// payment outside Stripe.
    /// </summary>
    public static void PaymentMade(in StripeEvent e, List<Fact> facts)
    {
        if ((e.Object.Member("status_transitions").Member("paid_at").Time() ?? e.Created) is not { } at) return;
        if (e.Object.Member("invoice").Reference() is not { } id) return;
        var payment = e.Object.Member("payment");
        Payment(payment, id, at, e.CustomerId, facts);
        if (facts.Count == 0 && IsOutside(payment))
        {
            facts.Add(new PaymentLinked(id, null, null) { PaidOutOfBand = true, OccurredAt = at, CustomerId = e.CustomerId });
        }
    }

    /// <summary>
    /// Whether somebody marked the invoice paid without Stripe seeing money: a flag before 2025-03-31.basil, since then a payment that
    /// is only a record. Before, <c>amount_paid</c> leaves such money out; since then it is counted in.
    /// </summary>
    private static bool IsPaidOutside(JsonElement invoice)
    {
        if (invoice.Member("paid_out_of_band").Flag() == true) return true;
        foreach (var payment in invoice.Member("payments").Items())
        {
            if (IsMade(payment) && IsOutside(payment.Member("payment"))) return true;
        }

        return false;
    }

    private static bool IsMade(JsonElement payment) => payment.Member("status").Raw() is null or "paid";

    private static bool IsOutside(JsonElement payment) =>
        payment.Member("type").Raw() is "payment_record" or "out_of_band_payment" || payment.Member("payment_record").IsGiven();

    private static void Payments(JsonElement invoice, string id, DateTimeOffset at, string? customer, List<Fact> facts)
    {
        Payment(invoice, id, at, customer, facts);
        foreach (var payment in invoice.Member("payments").Items())
        {
            if (IsMade(payment)) Payment(payment.Member("payment"), id, at, customer, facts);
        }
    }

    private static void Payment(JsonElement holder, string invoiceId, DateTimeOffset at, string? customer, List<Fact> facts)
    {
        var intent = holder.Member("payment_intent").Reference();
        var charge = holder.Member("charge").Reference();
        if (intent is null && charge is null) return;
        facts.Add(new PaymentLinked(invoiceId, intent, charge) { OccurredAt = at, CustomerId = customer });
    }
}
