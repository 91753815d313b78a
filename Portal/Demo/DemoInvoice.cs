namespace Portal.Demo;

/// <summary>A paid invoice with the charge that paid it.</summary>
/// <param name="Id">Of the invoice.</param>
/// <param name="Number">As printed on it.</param>
/// <param name="ChargeId">Of the charge; null where nothing was collected.</param>
/// <param name="IntentId">Of the payment intent.</param>
/// <param name="Reason">The provider's word for why it was issued.</param>
/// <param name="Plan">What was sold.</param>
/// <param name="Quantity">How many seats.</param>
/// <param name="Net">Without tax, in minor units.</param>
/// <param name="Tax">The tax.</param>
/// <param name="PaidAt">When it was paid.</param>
/// <param name="PeriodEnd">The end of what was paid for.</param>
internal sealed record DemoInvoice(
    string Id, string Number, string? ChargeId, string? IntentId, string Reason, string Plan, int Quantity, long Net, long Tax,
    DateTimeOffset PaidAt, DateTimeOffset PeriodEnd)
{
    /// <summary>With tax: what was collected.</summary>
    public long Total => Net + Tax;

    /// <summary>Splits a price into net and tax, rounded to what the currency can pay.</summary>
    public static (long Net, long Tax) Split(long price, DemoTax tax, int step)
    {
        if (tax.IsInclusive)
        {
            var net = Round(price, 10_000, 10_000 + tax.BasisPoints, step);
            return (net, price - net);
        }
        return (price, Round(price, tax.BasisPoints, 10_000, step));
    }

    private static long Round(long amount, long numerator, long denominator, int step) =>
        ((amount * numerator) + (denominator * step / 2)) / (denominator * step) * step;
}
