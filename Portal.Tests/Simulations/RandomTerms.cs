using Portal.Core.Campaigns;

namespace Portal.Tests.Simulations;

/// <summary>Rules as somebody might make them, from a seed.</summary>
internal static class RandomTerms
{
    public static RevisionDocument From(Random random, DateTimeOffset effectiveFrom) => new()
    {
        EffectiveFrom = effectiveFrom,
        Base = random.Next(3) == 0 ? "gross" : "netOfTax",
        Rules = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Rule(random))],
        CapPerReferral = random.Next(3) == 0 ? Usd(random.Next(1, 20_000)) : null,
        CapPerReferrer = random.Next(2) == 0
            ? new PeriodCapDocument { Amount = random.Next(1, 20_000), Currency = "USD", Period = ((string[])["month", "quarter", "year", "always"])[random.Next(4)] }
            : null,
        MinimumInvoice = random.Next(4) == 0 ? Usd(random.Next(1, 20_000)) : null,
        HoldDays = random.Next(60),
        LateAttributionDays = random.Next(60),
        SpreadAnnualOverMonths = random.Next(3) == 0,
        RewardOrganizations = random.Next(3) == 0,
    };

    private static RuleDocument Rule(Random random) => random.Next(6) switch
    {
        0 => new RuleDocument { Kind = "signup", Flat = Usd(random.Next(1, 5_000)) },
        1 => new RuleDocument { Kind = "firstPurchase", Flat = Usd(random.Next(1, 5_000)) },
        2 => new RuleDocument { Kind = "purchase", Percent = Percent(random), MaxMonths = random.Next(2) == 0 ? random.Next(1, 24) : null, MaxPaymentsPerReferral = random.Next(2) == 0 ? random.Next(1, 5) : null },
        3 => new RuleDocument { Kind = "purchase", PercentTiers = Tiers("referral", random) },
        4 => new RuleDocument { Kind = "purchase", PercentTiers = Tiers("month", random) },
        _ => new RuleDocument { Kind = "purchase", Flat = Usd(random.Next(1, 5_000)) },
    };

    private static TiersDocument Tiers(string by, Random random) => new()
    {
        By = by,
        Steps = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => new StepDocument { From = 1 + (i * random.Next(1, 3)) + i, Percent = Percent(random) })
            .OrderBy(s => s.From).DistinctBy(s => s.From)],
    };

    private static string Percent(Random random) => $"{random.Next(1, 60)}";

    private static MoneyDocument Usd(long amount) => new() { Amount = amount, Currency = "USD" };
}
