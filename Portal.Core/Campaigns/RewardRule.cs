namespace Portal.Core.Campaigns;

/// <summary>What a rule rewards.</summary>
public enum RuleKind
{
    /// <summary>Each paid invoice.</summary>
    Purchase,

    /// <summary>The referral's first paid invoice.</summary>
    FirstPurchase,

    /// <summary>The signup, once.</summary>
    Signup,

    /// <summary>The attended demonstration, once.</summary>
    Demo,
}

/// <summary>One rule of a revision; each earns on its own.</summary>
/// <param name="Place">Its place among the revision's rules, 1 for the first.</param>
/// <param name="Kind">What it rewards.</param>
/// <param name="Rate">How much it gives.</param>
public sealed record RewardRule(int Place, RuleKind Kind, RewardRate Rate)
{
    /// <summary>Only payments before the first payment plus this many calendar months; null without end.</summary>
    public int? MaxMonths { get; init; }

    /// <summary>Only this many rewarded payments of a referral; null without limit.</summary>
    public int? MaxPayments { get; init; }

    /// <summary>Only what was paid for these products; empty for all.</summary>
    public IReadOnlySet<string> ProductIds { get; init; } = System.Collections.Frozen.FrozenSet<string>.Empty;

    /// <summary>Only what was paid at these prices; empty for all. A line counts when its product or its price is named.</summary>
    public IReadOnlySet<string> PriceIds { get; init; } = System.Collections.Frozen.FrozenSet<string>.Empty;

    /// <summary>The kind as written in components and documents: <c>purchase</c>.</summary>
    public string Word => Kind switch { RuleKind.Purchase => "purchase", RuleKind.FirstPurchase => "firstPurchase", RuleKind.Signup => "signup", _ => "demo" };

    /// <summary>Whether only some products or prices count.</summary>
    public bool IsFiltered => ProductIds.Count > 0 || PriceIds.Count > 0;
}

/// <summary>How much a rule gives.</summary>
public abstract record RewardRate;

/// <summary>A share of what was paid.</summary>
public sealed record PercentRate(Percent Percent) : RewardRate;

/// <summary>A fixed amount in its own currency, whatever was paid.</summary>
public sealed record FlatRate(Money Amount) : RewardRate;

/// <summary>A share that grows or falls in steps.</summary>
/// <param name="By">What the steps count.</param>
/// <param name="Steps">By rising <see cref="RateStep.From"/>; the first starts at 1.</param>
public sealed record TieredRate(TierBy By, IReadOnlyList<RateStep> Steps) : RewardRate
{
    /// <summary>The share at a count, 1 for the first.</summary>
    public Percent At(int count) => Steps.Last(s => s.From <= count).Percent;
}

/// <summary>What the steps of a rate count.</summary>
public enum TierBy
{
    /// <summary>The referrer's paying referrals at the moment of the payment, in the order in which they first paid.</summary>
    Referral,

    /// <summary>The referral's month at the moment of the payment, 1 from the first payment on.</summary>
    Month,
}

/// <summary>From this count on, this share.</summary>
public readonly record struct RateStep(int From, Percent Percent);

/// <summary>The most that one referrer earns in a period.</summary>
public sealed record PeriodCap(Money Amount, CapPeriod Period);

/// <summary>The periods of a cap, by the calendar in UTC.</summary>
public enum CapPeriod
{
    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>A calendar quarter.</summary>
    Quarter,

    /// <summary>A calendar year.</summary>
    Year,

    /// <summary>For ever.</summary>
    Always,
}

/// <summary>The newcomer's own discount. The billing system grants it; the portal tells of it.</summary>
/// <param name="Percent">Of the price.</param>
/// <param name="Months">For how many months; null without end.</param>
/// <param name="CouponId">The billing system's coupon.</param>
public sealed record NewUserReward(Percent Percent, int? Months, string? CouponId);
