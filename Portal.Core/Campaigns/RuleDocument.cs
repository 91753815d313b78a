using System.Collections.Frozen;

namespace Portal.Core.Campaigns;

/// <summary>One rule as the API takes and gives it.</summary>
public sealed record RuleDocument
{
    /// <summary><c>purchase</c>, <c>firstPurchase</c>, <c>signup</c> or <c>demo</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>For purchases: above 0 and up to 100, with at most four decimals, as a string.</summary>
    public string? Percent { get; init; }

    /// <summary>For purchases: a percentage in steps, instead of one.</summary>
    public TiersDocument? PercentTiers { get; init; }

    /// <summary>A fixed amount: for purchases instead of a percentage, for all other kinds the only way.</summary>
    public MoneyDocument? Flat { get; init; }

    /// <summary>Calendar months from the first payment, 1 to 1200; null without end.</summary>
    public int? MaxMonths { get; init; }

    /// <summary>Rewarded payments per referral, at least 1; null without limit.</summary>
    public int? MaxPaymentsPerReferral { get; init; }

    /// <summary>Only what was paid for these products; absent or empty for all.</summary>
    public IReadOnlyList<string>? ProductIds { get; init; }

    /// <summary>Only what was paid at these prices; absent or empty for all.</summary>
    public IReadOnlyList<string>? PriceIds { get; init; }

    internal Outcome<RewardRule> Read(int index)
    {
        var at = $"rules[{index}]";
        RuleKind? kind = Kind switch { "purchase" => RuleKind.Purchase, "firstPurchase" => RuleKind.FirstPurchase, "signup" => RuleKind.Signup, "demo" => RuleKind.Demo, _ => null };
        if (kind is not { } known) return RevisionDocument.Wrong($"{at}.kind", "must be purchase, firstPurchase, signup or demo");
        if (!ReadRate(known, at).TryGet(out var rate, out var problem)) return problem;
        var isOfPayments = known is RuleKind.Purchase;
        if (MaxMonths is < 1 or > 1200 || (MaxMonths is not null && !isOfPayments)) return RevisionDocument.Wrong($"{at}.maxMonths", "must be 1 to 1200 for purchases, or null");
        if (MaxPaymentsPerReferral is < 1 || (MaxPaymentsPerReferral is not null && !isOfPayments))
            return RevisionDocument.Wrong($"{at}.maxPaymentsPerReferral", "must be at least 1 for purchases, or null");
        foreach (var (name, ids) in ((string, IReadOnlyList<string>?)[])[("productIds", ProductIds), ("priceIds", PriceIds)])
        {
            if (ids is not { Count: > 0 }) continue;
            if (known is RuleKind.Signup or RuleKind.Demo) return RevisionDocument.Wrong($"{at}.{name}", "must be absent: nothing is bought");
            if (ids.Count > 500 || ids.Any(id => id is not { Length: > 0 and <= 255 })) return RevisionDocument.Wrong($"{at}.{name}", "must be at most 500 ids of 1 to 255 characters");
        }
        return new RewardRule(index + 1, known, rate)
        {
            MaxMonths = MaxMonths,
            MaxPayments = MaxPaymentsPerReferral,
            ProductIds = (ProductIds ?? []).ToFrozenSet(StringComparer.Ordinal),
            PriceIds = (PriceIds ?? []).ToFrozenSet(StringComparer.Ordinal),
        };
    }

    private Outcome<RewardRate> ReadRate(RuleKind kind, string at)
    {
        if (kind != RuleKind.Purchase)
        {
            if (Percent is not null) return RevisionDocument.Wrong($"{at}.percent", $"must be absent: {Kind} gives a fixed amount under flat");
            if (PercentTiers is not null) return RevisionDocument.Wrong($"{at}.percentTiers", $"must be absent: {Kind} gives a fixed amount under flat");
            if (Flat is null) return RevisionDocument.Wrong($"{at}.flat", "is required: {\"amount\": 5000, \"currency\": \"USD\"}");
        }
        if (new object?[] { Percent, PercentTiers, Flat }.Count(given => given is not null) != 1)
            return RevisionDocument.Wrong($"{at}.percent", "must be given, or percentTiers, or flat: exactly one of them");
        if (Flat is not null) return Flat.Read($"{at}.flat").TryGet(out var flat, out var wrong) ? new FlatRate(flat) : wrong;
        if (PercentTiers is not null) return PercentTiers.Read($"{at}.percentTiers").TryGet(out var tiers, out var wrong) ? tiers : wrong;
        return Campaigns.Percent.TryParse(Percent, out var percent) ? new PercentRate(percent) : RevisionDocument.Wrong($"{at}.percent", PercentWanted);
    }

    internal const string PercentWanted = "must be a decimal string above 0 and up to 100 with at most four decimals, such as \"20\"";
}

/// <summary>A percentage in steps, as the API takes and gives it.</summary>
public sealed record TiersDocument
{
    /// <summary><c>referral</c>: the referrer's paying referrals; <c>month</c>: the referral's month.</summary>
    public string? By { get; init; }

    /// <summary>By rising <c>from</c>; the first starts at 1.</summary>
    public IReadOnlyList<StepDocument?>? Steps { get; init; }

    internal Outcome<TieredRate> Read(string at)
    {
        TierBy? by = By switch { "referral" => TierBy.Referral, "month" => TierBy.Month, _ => null };
        if (by is not { } counted) return RevisionDocument.Wrong($"{at}.by", "must be referral or month");
        if (Steps is not { Count: > 0 and <= 100 }) return RevisionDocument.Wrong($"{at}.steps", "must be 1 to 100 steps such as {\"from\": 1, \"percent\": \"10\"}");
        var steps = new List<RateStep>();
        foreach (var (step, index) in Steps.Select((s, i) => (s, i)))
        {
            var least = steps.Count == 0 ? 1 : steps[^1].From + 1;
            if (step?.From is not { } from || from < least || (steps.Count == 0 && from != 1))
                return RevisionDocument.Wrong($"{at}.steps[{index}].from", steps.Count == 0 ? "must be 1: the first step starts at the first" : $"must be {least} or more: steps rise");
            if (!Percent.TryParse(step.Percent, out var percent)) return RevisionDocument.Wrong($"{at}.steps[{index}].percent", RuleDocument.PercentWanted);
            steps.Add(new RateStep(from, percent));
        }
        return new TieredRate(counted, steps);
    }
}

/// <summary>One step of a percentage, as the API takes and gives it.</summary>
public sealed record StepDocument
{
    /// <summary>From this count on, at least 1.</summary>
    public int? From { get; init; }

    /// <summary>Above 0 and up to 100, as a string.</summary>
    public string? Percent { get; init; }
}
