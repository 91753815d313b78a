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

    /// <summary>Not offered yet: must be absent or null.</summary>
    public JsonElement? CapPerReferral { get; init; }

    /// <summary>Days after payment before a reward can be paid out, 0 to 365; default 30.</summary>
    public int? HoldDays { get; init; }

    /// <summary>Payments longer than this before the attribution became known earn nothing, 0 to 3650 days; default 30.</summary>
    public int? LateAttributionDays { get; init; }

    /// <summary>Not offered yet: must be absent or false.</summary>
    public bool? SpreadAnnualOverMonths { get; init; }

    /// <summary>The newcomer's own discount: kept for display, the billing system grants it.</summary>
    public JsonElement? NewUserReward { get; init; }

    /// <summary>Not offered yet: must be absent or false.</summary>
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
        if (CapPerReferral is { ValueKind: not JsonValueKind.Null }) return Unsupported("capPerReferral");
        if (SpreadAnnualOverMonths is true) return Unsupported("spreadAnnualOverMonths");
        if (RewardOrganizations is true) return Unsupported("rewardOrganizations");
        var purchases = new List<PurchaseRule>();
        foreach (var (rule, index) in (Rules ?? []).Select((r, i) => (r, i)))
        {
            if (rule is null) return Wrong($"rules[{index}]", "must be an object with a kind");
            if (!rule.Read(index).TryGet(out var read, out var problem)) return problem;
            purchases.Add(read);
        }
        return new RevisionTerms(currency, Base == "gross" ? RewardBase.Gross : RewardBase.NetOfTax, purchases, HoldDays ?? 30, LateAttributionDays ?? 30);
    }

    internal static Problem Wrong(string field, string wanted) => new("invalidField", $"{field} {wanted}.", field);

    internal static Problem Unsupported(string field) => new("notOffered", $"{field} is not offered by this version: leave it out.", field);
}

/// <summary>One rule as the API takes and gives it.</summary>
public sealed record RuleDocument
{
    /// <summary><c>purchase</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Above 0 and up to 100, with at most four decimals, as a string.</summary>
    public string? Percent { get; init; }

    /// <summary>Calendar months from the first payment, 1 to 1200; null without end.</summary>
    public int? MaxMonths { get; init; }

    /// <summary>Rewarded payments per referral, at least 1; null without limit.</summary>
    public int? MaxPaymentsPerReferral { get; init; }

    /// <summary>Not offered yet: must be absent or empty.</summary>
    public IReadOnlyList<string>? ProductIds { get; init; }

    /// <summary>Not offered yet: must be absent or null.</summary>
    public JsonElement? PercentTiers { get; init; }

    /// <summary>Not offered yet: must be absent or null.</summary>
    public JsonElement? Flat { get; init; }

    internal Outcome<PurchaseRule> Read(int index)
    {
        var at = $"rules[{index}]";
        if (Kind is null) return RevisionDocument.Wrong($"{at}.kind", "is required: purchase");
        if (Kind is "firstPurchase" or "signup" or "demo") return RevisionDocument.Unsupported($"{at}.kind {Kind}");
        if (Kind != "purchase") return RevisionDocument.Wrong($"{at}.kind", "must be purchase");
        if (PercentTiers is { ValueKind: not JsonValueKind.Null }) return RevisionDocument.Unsupported($"{at}.percentTiers");
        if (Flat is { ValueKind: not JsonValueKind.Null }) return RevisionDocument.Unsupported($"{at}.flat");
        if (ProductIds is { Count: > 0 }) return RevisionDocument.Unsupported($"{at}.productIds");
        if (!Campaigns.Percent.TryParse(Percent, out var percent)) return RevisionDocument.Wrong($"{at}.percent", "must be a decimal string above 0 and up to 100 with at most four decimals, such as \"20\"");
        if (MaxMonths is < 1 or > 1200) return RevisionDocument.Wrong($"{at}.maxMonths", "must be 1 to 1200, or null");
        if (MaxPaymentsPerReferral is < 1) return RevisionDocument.Wrong($"{at}.maxPaymentsPerReferral", "must be at least 1, or null");
        return new PurchaseRule(index + 1, percent, MaxMonths, MaxPaymentsPerReferral);
    }
}

/// <summary>How revisions are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RevisionDocument))]
public sealed partial class RevisionJson : JsonSerializerContext;
