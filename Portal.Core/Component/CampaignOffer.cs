using System.Globalization;
using Portal.Core.Campaigns;

namespace Portal.Core.Component;

/// <summary>
/// What a campaign promises, in the fields of the reference product's <c>getCampaignConfig</c>: shares as fractions (0.2 is 20 %), money as
/// numbers in major units. For showing only; nothing is reckoned by them.
/// </summary>
/// <param name="PrimaryCurrency">Of every amount here.</param>
/// <param name="RevenuePercentage">The referrer's share of what is paid; of a share in steps, the first.</param>
/// <param name="RewardCap">The most that one referral earns.</param>
/// <param name="NewSignupBonus">For a signup.</param>
/// <param name="NewPurchaseBonus">For a purchase.</param>
/// <param name="NewUserDiscountMonth">For how many months the newcomer pays less; null for no discount, and for one without end.</param>
/// <param name="NewUserDiscountPercentage">How much less.</param>
public sealed record CampaignOffer(
    string PrimaryCurrency, decimal? RevenuePercentage, decimal? RewardCap, decimal? NewSignupBonus, decimal? NewPurchaseBonus, int? NewUserDiscountMonth, decimal? NewUserDiscountPercentage)
{
    /// <summary>What these terms promise. An amount in another currency than the campaign's is left out: there is no field to say so.</summary>
    public static CampaignOffer Of(RevisionTerms terms) => new(
        terms.Currency.Code,
        terms.Rules.Select(r => r.Rate switch { PercentRate share => (decimal?)Fraction(share.Percent), TieredRate tiers => Fraction(tiers.At(1)), _ => null }).FirstOrDefault(p => p is not null),
        Major(terms.CapPerReferral, terms.Currency),
        Flat(terms, RuleKind.Signup),
        Flat(terms, RuleKind.FirstPurchase) ?? Flat(terms, RuleKind.Purchase),
        terms.NewUser?.Months,
        terms.NewUser is { } reward ? Fraction(reward.Percent) : null);

    private static decimal Fraction(Percent percent) => percent.Whole / 100m;

    private static decimal? Flat(RevisionTerms terms, RuleKind kind) =>
        terms.Rules.Where(r => r.Kind == kind).Select(r => r.Rate is FlatRate flat ? Major(flat.Amount, terms.Currency) : null).FirstOrDefault(a => a is not null);

    private static decimal? Major(Money? amount, Currency currency) =>
        amount?.Currency == currency ? decimal.Parse(amount.Amount(CultureInfo.InvariantCulture, grouped: false), CultureInfo.InvariantCulture) : null;
}
