using System.Text.Json;
using Portal.Core.Facts;

namespace Portal.Core.Sources.Stripe;

/// <summary>
/// What an invoice sold: https://docs.stripe.com/api/invoice-line-item/object. The product stands under <c>pricing</c> since
/// 2025-03-31.basil, before that under <c>price</c>, and in the oldest versions under <c>plan</c>.
/// </summary>
/// <param name="Read">The lines whose amount is known, in the order of the payload.</param>
/// <param name="AreAll">False when a line is missing or its amount cannot be known: then no sum over the lines may be trusted.</param>
internal readonly record struct InvoiceLines(IReadOnlyList<InvoiceLine> Read, bool AreAll)
{
    /// <summary>Reads them from an invoice. A damaged line is left out, and never costs the invoice.</summary>
    public static InvoiceLines Of(JsonElement invoice)
    {
        var list = invoice.Member("lines");
        var read = new List<InvoiceLine>();
        var count = 0;
        var discounted = invoice.Member("discount").IsGiven();
        foreach (var line in list.Items())
        {
            var path = $"$.data.object.lines.data[{count++}]";
            if (Net(line, discounted) is not { } net) continue;
            var (product, price) = Sold(line);
            var period = line.Member("period");
            read.Add(new InvoiceLine(product, price, net, period.Member("start").Time(), period.Member("end").Time(), path));
        }

        var hasMore = list.Member("has_more");
        var isWhole = list.Member("data").ValueKind == JsonValueKind.Array && (hasMore.Flag() == false || !hasMore.IsGiven());
        return new(read, isWhole && read.Count == count);
    }

    private static (string? Product, string? Price) Sold(JsonElement line)
    {
        var details = line.Member("pricing").Member("price_details");
        var (price, plan) = (line.Member("price"), line.Member("plan"));
        return (
            details.Member("product").Reference() ?? price.Member("product").Reference() ?? plan.Member("product").Reference(),
            details.Member("price").Reference() ?? price.Reference() ?? plan.Reference());
    }

    /// <summary>
    /// The line's amount, less its discounts, less credit grants, less the tax that it includes: three things that every version since
    /// 2020-08-27 says of each line. <c>amount_excluding_tax</c> is not used: it is gone since 2025-03-31.basil, and whether discounts
    /// are taken off it differs. Null when any part cannot be read.
    /// </summary>
    private static long? Net(JsonElement line, bool discounted)
    {
        if (line.Member("amount").SignedAmount() is not { } amount) return null;

        var discounts = line.Member("discount_amounts");
        var credits = line.Member("pretax_credit_amounts");
        var taxes = line.Member("taxes").IsGiven() ? line.Member("taxes") : line.Member("tax_amounts");
        var listsDiscounts = discounts.IsGiven();
        if (discounted && !listsDiscounts && !credits.IsGiven()) return null;

        var net = amount
            - Sum(discounts, _ => true)
            - Sum(credits, credit => !listsDiscounts || credit.Member("type").Raw() != "discount")
            - Sum(taxes, tax => tax.Member("tax_behavior").Raw() == "inclusive" || tax.Member("inclusive").Flag() == true);
        return net is { } known && Math.Abs(known) <= Money.Largest ? known : null;
    }

    /// <summary>The sum of those that count; nothing for a list that is not there, null for one that cannot be read.</summary>
    private static long? Sum(JsonElement list, Func<JsonElement, bool> counts)
    {
        if (!list.IsGiven()) return 0;
        if (list.ValueKind != JsonValueKind.Array) return null;
        var sum = 0L;
        foreach (var entry in list.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object) return null;
            if (!counts(entry)) continue;
            if (entry.Member("amount").SignedAmount() is not { } amount) return null;
            sum += amount;
            if (Math.Abs(sum) > Money.Largest) return null;
        }

        return sum;
    }
}
