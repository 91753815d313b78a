using Portal.Core.Facts;

namespace Portal.Core.Rewards;

/// <summary>
/// One payment may be told twice: by the payment provider, and by the product itself. Where both name the same invoice of one referral,
/// the provider's telling stands, for it knows the tax; whatever else the product tells of that invoice is then about the provider's.
/// </summary>
internal static class ToldTwice
{
    /// <summary>The facts of one referral with each payment told once, in the same order.</summary>
    public static List<ToldFact> Joined(List<ToldFact> facts)
    {
        if (!facts.Exists(IsProducts) || facts.TrueForAll(IsProducts)) return facts;
        var paid = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var told in facts.Where(f => f.Fact is InvoicePaid && !IsProducts(f))) paid.TryAdd(((InvoicePaid)told.Fact).InvoiceId, told.Scope);
        if (paid.Count == 0) return facts;
        var payments = paid.ToDictionary(p => ProductTelling.PaymentOf(p.Key), p => p.Value, StringComparer.Ordinal);
        return [.. facts.Where(f => !(IsProducts(f) && f.Fact is InvoicePaid told && paid.ContainsKey(told.InvoiceId)))
            .Select(f => IsProducts(f) && f.Fact.Links.ChargeId is { } payment && payments.TryGetValue(payment, out var scope) ? f with { Scope = scope } : f)];
    }

    /// <summary>What both tell to have gone back of one invoice went back once: of what the product tells, only what the provider did not.</summary>
    public static long Beyond(long toldByProduct, long toldByProvider) => Math.Max(0, toldByProduct - toldByProvider);

    private static bool IsProducts(ToldFact told) => told.Scope == ProductTelling.Scope;
}
