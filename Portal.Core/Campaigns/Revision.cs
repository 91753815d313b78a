using System.Numerics;

namespace Portal.Core.Campaigns;

/// <summary>A campaign's rules from a moment on, as the fold takes them.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Number">1 for the first; 0 for "no rules yet".</param>
/// <param name="EffectiveFrom">In force for signups from this moment on.</param>
/// <param name="Terms">The rules.</param>
public sealed record Revision(string CampaignId, int Number, DateTimeOffset EffectiveFrom, RevisionTerms Terms)
{
    /// <summary>What binds signups before the first revision: nothing is earned.</summary>
    public static Revision None(string campaignId) => new(campaignId, 0, DateTimeOffset.MinValue, RevisionTerms.Empty);
}

/// <summary>The revisions of a campaign, and which of them binds a signup.</summary>
/// <param name="campaignId">The campaign.</param>
/// <param name="revisions">All of them, in any order.</param>
public sealed class RevisionHistory(string campaignId, IEnumerable<Revision> revisions)
{
    private readonly Revision[] _inOrder = [.. revisions.OrderBy(r => r.EffectiveFrom).ThenBy(r => r.Number)];

    /// <summary>The revision in force at a signup: of those in effect, the one with the latest start; of equal starts, the newest.</summary>
    public Revision BindingAt(DateTimeOffset signedUpAt) =>
        _inOrder.LastOrDefault(r => r.EffectiveFrom <= signedUpAt) ?? Revision.None(campaignId);
}

/// <summary>On which amount a percentage is reckoned.</summary>
public enum RewardBase
{
    /// <summary>What was collected, without tax: <c>amount_paid × total_excluding_tax / total</c>.</summary>
    NetOfTax,

    /// <summary>What was collected, with tax.</summary>
    Gross,
}

/// <summary>What a revision says.</summary>
/// <param name="Currency">The program's currency, for display and for flat amounts.</param>
/// <param name="Base">On which amount a percentage is reckoned.</param>
/// <param name="Purchases">The rules for paid invoices, in order; each earns on its own.</param>
/// <param name="HoldDays">Days after payment before a reward can be paid out.</param>
/// <param name="LateAttributionDays">Payments longer than this before the attribution became known earn nothing.</param>
public sealed record RevisionTerms(
    Currency Currency, RewardBase Base, IReadOnlyList<PurchaseRule> Purchases, int HoldDays, int LateAttributionDays)
{
    /// <summary>No rules.</summary>
    public static readonly RevisionTerms Empty = new(Currency.Parse("USD"), RewardBase.NetOfTax, [], 30, 30);
}

/// <summary>A share of each paid invoice.</summary>
/// <param name="Place">Its place among the revision's rules, 1 for the first.</param>
/// <param name="Percent">The share.</param>
/// <param name="MaxMonths">Only payments before the first payment plus this many calendar months; null without end.</param>
/// <param name="MaxPayments">Only this many rewarded payments of a referral; null without limit.</param>
public sealed record PurchaseRule(int Place, Percent Percent, int? MaxMonths, int? MaxPayments);

/// <summary>A percentage, exact: above 0 and up to 100, with at most four decimals.</summary>
/// <param name="TenThousandths">Hundredths of a basis point: 20 % is 200,000.</param>
public readonly record struct Percent(int TenThousandths)
{
    /// <summary>The share as a fraction's numerator.</summary>
    public BigInteger Numerator => TenThousandths;

    /// <summary>The fraction's denominator.</summary>
    public static BigInteger Denominator => 1_000_000;

    /// <summary>Reads <c>20</c>, <c>12.5</c>: digits with an optional point, no sign, no exponent.</summary>
    public static bool TryParse(string? text, out Percent percent)
    {
        percent = default;
        if (text is null or { Length: 0 or > 8 } || !text.All(c => char.IsAsciiDigit(c) || c == '.')) return false;
        if (!decimal.TryParse(text, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var value)) return false;
        var scaled = value * 10_000;
        if (value is <= 0 or > 100 || scaled != decimal.Truncate(scaled)) return false;
        percent = new Percent((int)scaled);
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => (TenThousandths / 10_000m).ToString("0.####", System.Globalization.CultureInfo.InvariantCulture) + " %";
}
