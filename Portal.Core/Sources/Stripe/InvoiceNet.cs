using System.Text.Json;

namespace Portal.Core.Sources.Stripe;

/// <summary>
/// An invoice's total without tax. Stripe gives it as <c>total_excluding_tax</c> (https://docs.stripe.com/api/invoices/object), which
/// may be null; older versions have only the tax itself, under three names. The first of these that is there is used.
/// </summary>
/// <param name="Minor">Minor units; null when it cannot be had.</param>
/// <param name="Path">Where it was read, or how it was derived.</param>
/// <param name="Found">What was there, for the check; null when nothing was.</param>
internal readonly record struct InvoiceNet(long? Minor, string Path, string? Found)
{
    private const string Direct = "$.data.object.total_excluding_tax";
    private const string Total = "$.data.object.total";

    /// <summary>Whether it was computed, because the payload has no such field.</summary>
    public bool IsDerived => Path != Direct;

    /// <summary>Reads it from an invoice.</summary>
    public static InvoiceNet Of(JsonElement invoice)
    {
        var direct = invoice.Member("total_excluding_tax");
        if (invoice.Member("total").SignedAmount() is not { } total) return new(null, Direct, Glimpse.Of(direct));

        if (direct.IsGiven())
        {
            return new(direct.SignedAmount() is { } net && IsPlausible(net, total) ? net : null, Direct, Glimpse.Of(direct));
        }

        var tax = invoice.Member("tax");
        if (tax.IsGiven()) return Less(total, tax.SignedAmount(), $"{Total} − $.data.object.tax");

        foreach (var name in (ReadOnlySpan<string>)["total_taxes", "total_tax_amounts"])
        {
            var taxes = invoice.Member(name);
            if (taxes.IsGiven()) return Less(total, Sum(taxes), $"{Total} − Σ $.data.object.{name}[*].amount");
        }

        return invoice.Member("subtotal_excluding_tax").SignedAmount() is { } subtotal && subtotal < total && IsPlausible(subtotal, total)
            ? Derived(subtotal, "$.data.object.subtotal_excluding_tax")
            : Derived(total, $"{Total} (no field tells of a tax)");
    }

    /// <summary>No more than the total, and not below zero while the total is above; a negative total may hold any tax.</summary>
    private static bool IsPlausible(long net, long total) =>
        Math.Abs(net) <= Money.Largest && (total < 0 || (net <= total && (net >= 0 || total == 0)));

    private static InvoiceNet Less(long total, long? tax, string path) =>
        tax is { } amount && IsPlausible(total - amount, total)
            ? Derived(total - amount, path)
            : new(null, path, "a tax that does not fit the total");

    private static InvoiceNet Derived(long net, string path) =>
        new(net, path, $"{net} = {path.Replace("$.data.object.", "", StringComparison.Ordinal)}");

    private static long? Sum(JsonElement taxes)
    {
        if (taxes.ValueKind != JsonValueKind.Array) return null;
        var sum = 0L;
        foreach (var tax in taxes.EnumerateArray())
        {
            if (tax.Member("amount").SignedAmount() is not { } amount) return null;
            sum += amount;
            if (Math.Abs(sum) > Money.Largest) return null;
        }

        return sum;
    }
}
