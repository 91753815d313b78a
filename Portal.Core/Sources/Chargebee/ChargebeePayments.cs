using System.Text.Json;
using Portal.Core.Facts;

namespace Portal.Core.Sources.Chargebee;

/// <summary>
/// What Chargebee tells of money. An invoice counts once it is paid whole, with all that was collected for it; its payments are transactions,
/// and a refund names the transaction that it gives back (https://apidocs.chargebee.com/docs/api/transactions, …/invoices).
/// </summary>
internal static class ChargebeePayments
{
    /// <summary>A payment was collected.</summary>
    /// <returns>Why it needs no processing; null when it does.</returns>
    public static string? Paid(in ChargebeeEvent e, List<Fact> facts)
    {
        if (e.At is not { } at || e.Transaction.Member("id").Text() is not { } payment) return null;
        if (e.Invoice.ValueKind != JsonValueKind.Object)
        {
            if (e.Transaction.Member("amount").Amount() is { } charged && e.Transaction.Member("currency_code").Currency() is { } with)
                facts.Add(new ChargeSucceeded(payment, null, with, charged, NamesNoInvoice: true) { OccurredAt = at, CustomerId = e.CustomerId });
            return null;
        }
        if (e.Invoice.Member("id").Text() is not { } invoice) return null;
        foreach (var part in e.Invoice.Member("linked_payments").Items())
        {
            if (part.Member("txn_id").Text() is { } linked) facts.Add(Link(e, at, invoice, linked));
        }
        facts.Add(Link(e, at, invoice, payment));
        if (e.Invoice.Member("status").Raw() != "paid") return "The invoice is not paid whole yet: it counts once it is.";
        if (Invoice(e, at, invoice) is { } paid) facts.Add(paid);
        return null;
    }

    /// <summary>Money of a payment went back.</summary>
    public static void Refunded(in ChargebeeEvent e, List<Fact> facts)
    {
        var refund = e.Transaction;
        if (e.At is not { } at || refund.Member("id").Text() is not { } id || refund.Member("refunded_txn_id").Text() is not { } payment) return;
        if ((e.Invoice.Member("id").Text() ?? e.Content.Member("credit_note").Member("reference_invoice_id").Text()) is { } invoice) facts.Add(Link(e, at, invoice, payment));
        if (refund.Member("amount").Amount() is not { } amount || refund.Member("currency_code").Currency() is not { } currency) return;
        var status = refund.Member("status").Raw() switch { "success" or null => "succeeded", "failure" or "timeout" => "failed", "voided" => "canceled", _ => "pending" };
        facts.Add(new RefundSeen(id, payment, null, currency, amount, status) { OccurredAt = refund.Member("date").Time() ?? at, CustomerId = e.CustomerId });
    }

    private static PaymentLinked Link(in ChargebeeEvent e, DateTimeOffset at, string invoice, string payment) =>
        new(invoice, null, payment) { OccurredAt = at, CustomerId = e.CustomerId };

    private static InvoicePaid? Invoice(in ChargebeeEvent e, DateTimeOffset at, string id)
    {
        var invoice = e.Invoice;
        if (invoice.Member("currency_code").Currency() is not { } currency || invoice.Member("amount_paid").Amount() is not { } paid) return null;
        if (invoice.Member("total").SignedAmount() is not { } total) return null;
        var tax = invoice.Member("tax");
        if ((tax.IsGiven() ? tax.SignedAmount() : 0) is not { } ofTax || (total >= 0 && (ofTax < 0 || ofTax > total))) return null;
        return new InvoicePaid(id, currency, paid, total, total - ofTax, tax.IsGiven() ? "$.content.invoice.total − $.content.invoice.tax" : "$.content.invoice.total (no field tells of a tax)",
            invoice.Member("subscription_id").Text(), null, null)
        {
            OccurredAt = invoice.Member("paid_at").Time() ?? at, CustomerId = invoice.Member("customer_id").Text() ?? e.CustomerId, Lines = Lines(invoice),
        };
    }

    /// <summary>The lines without tax; none where one of them cannot be known, for a part of them would be worse.</summary>
    private static List<InvoiceLine> Lines(JsonElement invoice)
    {
        var includesTax = invoice.Member("price_type").Raw() == "tax_inclusive";
        var (lines, index) = (new List<InvoiceLine>(), 0);
        foreach (var line in invoice.Member("line_items").Items())
        {
            if (line.Member("amount").SignedAmount() is not { } amount) return [];
            var net = amount - (line.Member("discount_amount").Amount() ?? 0) - (includesTax ? line.Member("tax_amount").Amount() ?? 0 : 0);
            var item = line.Member("entity_id").Text();
            lines.Add(new InvoiceLine(item, item, net, line.Member("date_from").Time(), line.Member("date_to").Time(), $"$.content.invoice.line_items[{index++}]"));
        }
        return lines;
    }
}
