using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Core.Campaigns;

/// <summary>A revision as the API takes and gives it. Amounts are minor units; percentages are decimal strings.</summary>
public sealed record RevisionDocument
{
    /// <summary>In force for signups from this moment on.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }

    /// <summary>The program's currency, ISO code.</summary>
    public string? Currency { get; init; }

    /// <summary><c>netOfTax</c> (default) or <c>gross</c>.</summary>
    public string? Base { get; init; }

    /// <summary>The rules, in order.</summary>
    public IReadOnlyList<RuleDocument?>? Rules { get; init; }

    /// <summary>The most that one referral earns in all.</summary>
    public MoneyDocument? CapPerReferral { get; init; }

    /// <summary>The most that one referrer earns in a period.</summary>
    public PeriodCapDocument? CapPerReferrer { get; init; }

    /// <summary>Invoices on which less was collected earn nothing.</summary>
    public MoneyDocument? MinimumInvoice { get; init; }

    /// <summary>Days after payment before a reward can be paid out, 0 to 365; default 30.</summary>
    public int? HoldDays { get; init; }

    /// <summary>Payments longer than this before the attribution became known earn nothing, 0 to 3650 days; default 30.</summary>
    public int? LateAttributionDays { get; init; }

    /// <summary>Whether the reward of an annual payment becomes payable in twelve monthly parts.</summary>
    public bool? SpreadAnnualOverMonths { get; init; }

    /// <summary>The newcomer's own discount: the billing system grants it, the portal tells of it.</summary>
    public NewUserRewardDocument? NewUserReward { get; init; }

    /// <summary>Whether an organisation with all its users and customers is one referral.</summary>
    public bool? RewardOrganizations { get; init; }

    /// <summary>Whether referrals bound to what this revision replaces may be bound anew.</summary>
    public bool? Rebind { get; init; }

    /// <summary>As stored.</summary>
    public string ToJson() => JsonSerializer.Serialize(this with { Rebind = null }, RevisionJson.Default.RevisionDocument);

    /// <summary>As read back from storage.</summary>
    public static RevisionDocument FromJson(string json) => JsonSerializer.Deserialize(json, RevisionJson.Default.RevisionDocument)!;

    /// <summary>Reads the rules, or says which field is wrong and what would be right.</summary>
    public Outcome<RevisionTerms> Read()
    {
        if (!Portal.Core.Currency.TryParse(Currency ?? "USD", out var currency)) return Wrong("currency", "must be an ISO 4217 code of three letters, such as USD");
        if (Base is not (null or "netOfTax" or "gross")) return Wrong("base", "must be netOfTax or gross");
        if (HoldDays is < 0 or > 365) return Wrong("holdDays", "must be 0 to 365");
        if (LateAttributionDays is < 0 or > 3650) return Wrong("lateAttributionDays", "must be 0 to 3650");
        if (Rules is { Count: > 50 }) return Wrong("rules", "must be at most 50");
        var rules = new List<RewardRule>();
        foreach (var (rule, index) in (Rules ?? []).Select((r, i) => (r, i)))
        {
            if (rule is null) return Wrong($"rules[{index}]", "must be an object with a kind");
            if (!rule.Read(index).TryGet(out var read, out var wrong)) return wrong;
            rules.Add(read);
        }
        var terms = new RevisionTerms(currency, Base == "gross" ? RewardBase.Gross : RewardBase.NetOfTax, rules, HoldDays ?? 30, LateAttributionDays ?? 30)
        {
            SpreadAnnualOverMonths = SpreadAnnualOverMonths ?? false,
            RewardOrganizations = RewardOrganizations ?? false,
        };
        if (CapPerReferral is { } cap)
        {
            if (!cap.Read("capPerReferral").TryGet(out var money, out var wrong)) return wrong;
            terms = terms with { CapPerReferral = money };
        }
        if (MinimumInvoice is { } minimum)
        {
            if (!minimum.Read("minimumInvoice").TryGet(out var money, out var wrong)) return wrong;
            terms = terms with { MinimumInvoice = money };
        }
        if (CapPerReferrer is { } periodCap)
        {
            if (!periodCap.Read().TryGet(out var read, out var wrong)) return wrong;
            terms = terms with { CapPerReferrer = read };
        }
        if (NewUserReward is { } newUser)
        {
            if (!newUser.Read().TryGet(out var read, out var wrong)) return wrong;
            terms = terms with { NewUser = read };
        }
        return terms;
    }

    internal static Problem Wrong(string field, string wanted) => new("invalidField", $"{field} {wanted}.", field);
}

/// <summary>An amount as the API takes and gives it.</summary>
public sealed record MoneyDocument
{
    /// <summary>Minor units, above zero.</summary>
    public long? Amount { get; init; }

    /// <summary>ISO code.</summary>
    public string? Currency { get; init; }

    internal Outcome<Money> Read(string field)
    {
        if (Amount is null or < 1 or > Money.Largest) return RevisionDocument.Wrong($"{field}.amount", "must be a whole number of minor units above zero, such as 5000 for 50.00 USD");
        if (!Portal.Core.Currency.TryParse(Currency, out var currency)) return RevisionDocument.Wrong($"{field}.currency", "must be an ISO 4217 code of three letters, such as USD");
        return new Money(Amount.Value, currency);
    }
}

/// <summary>The most that one referrer earns in a period, as the API takes and gives it.</summary>
public sealed record PeriodCapDocument
{
    /// <summary>Minor units, above zero.</summary>
    public long? Amount { get; init; }

    /// <summary>ISO code.</summary>
    public string? Currency { get; init; }

    /// <summary><c>month</c>, <c>quarter</c>, <c>year</c> or <c>always</c>.</summary>
    public string? Period { get; init; }

    internal Outcome<PeriodCap> Read()
    {
        if (!new MoneyDocument { Amount = Amount, Currency = Currency }.Read("capPerReferrer").TryGet(out var money, out var problem)) return problem;
        return Period switch
        {
            "month" => new PeriodCap(money, CapPeriod.Month),
            "quarter" => new PeriodCap(money, CapPeriod.Quarter),
            "year" => new PeriodCap(money, CapPeriod.Year),
            "always" => new PeriodCap(money, CapPeriod.Always),
            _ => RevisionDocument.Wrong("capPerReferrer.period", "must be month, quarter, year or always"),
        };
    }
}

/// <summary>The newcomer's own discount, as the API takes and gives it.</summary>
public sealed record NewUserRewardDocument
{
    /// <summary>Of the price, above 0 and up to 100.</summary>
    public decimal? Percentage { get; init; }

    /// <summary>For how many months, 1 to 1200; null without end.</summary>
    public int? IntervalCount { get; init; }

    /// <summary>The billing system's coupon.</summary>
    public string? CouponId { get; init; }

    internal Outcome<NewUserReward> Read()
    {
        if (!Percent.TryParse(Percentage?.ToString(System.Globalization.CultureInfo.InvariantCulture), out var percent))
            return RevisionDocument.Wrong("newUserReward.percentage", "must be a number above 0 and up to 100 with at most four decimals");
        if (IntervalCount is < 1 or > 1200) return RevisionDocument.Wrong("newUserReward.intervalCount", "must be 1 to 1200 months, or null");
        if (CouponId is { Length: 0 or > 255 }) return RevisionDocument.Wrong("newUserReward.couponId", "must be 1 to 255 characters, or null");
        return new NewUserReward(percent, IntervalCount, CouponId);
    }
}

/// <summary>How revisions are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RevisionDocument))]
public sealed partial class RevisionJson : JsonSerializerContext;
