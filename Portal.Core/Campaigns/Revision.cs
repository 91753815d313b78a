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

    /// <summary>Whether any of them makes an organisation one referral.</summary>
    public bool RewardsOrganizations => Array.Exists(_inOrder, r => r.Terms.RewardOrganizations);

    /// <summary>Whether by any of them a referral depends on the referrer's other referrals.</summary>
    public bool LooksAcrossReferrals => Array.Exists(_inOrder, r => r.Terms.LooksAcrossReferrals);

    /// <summary>Whether any of them limits what a referrer earns.</summary>
    public bool HasCapPerReferrer => Array.Exists(_inOrder, r => r.Terms.CapPerReferrer is not null);

    /// <summary>Whether by any of them a share depends on how many referrals of the referrer pay.</summary>
    public bool HasTiersByReferral => Array.Exists(_inOrder, r => r.Terms.HasTiersByReferral);

    /// <summary>The history as it would be with another revision, the newest.</summary>
    public RevisionHistory With(RevisionTerms terms, DateTimeOffset effectiveFrom) =>
        new(campaignId, [.. _inOrder, new Revision(campaignId, _inOrder.Select(r => r.Number).DefaultIfEmpty(0).Max() + 1, effectiveFrom, terms)]);

    /// <summary>One of them by its number.</summary>
    public Revision? Find(int number) => Array.Find(_inOrder, r => r.Number == number);

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
/// <param name="Currency">The program's currency, for display.</param>
/// <param name="Base">On which amount a percentage is reckoned.</param>
/// <param name="Rules">In order; each earns on its own.</param>
/// <param name="HoldDays">Days after payment before a reward can be paid out.</param>
/// <param name="LateAttributionDays">Payments longer than this before the attribution became known earn nothing.</param>
public sealed record RevisionTerms(
    Currency Currency, RewardBase Base, IReadOnlyList<RewardRule> Rules, int HoldDays, int LateAttributionDays)
{
    /// <summary>No rules.</summary>
    public static readonly RevisionTerms Empty = new(Currency.Parse("USD"), RewardBase.NetOfTax, [], 30, 30);

    /// <summary>The most that one referral earns in all; null without limit.</summary>
    public Money? CapPerReferral { get; init; }

    /// <summary>The most that one referrer earns in a period; null without limit.</summary>
    public PeriodCap? CapPerReferrer { get; init; }

    /// <summary>Invoices on which less was collected earn nothing; null without limit.</summary>
    public Money? MinimumInvoice { get; init; }

    /// <summary>Whether the reward of an annual payment becomes payable in twelve monthly parts.</summary>
    public bool SpreadAnnualOverMonths { get; init; }

    /// <summary>Whether an organisation with all its users and customers is one referral.</summary>
    public bool RewardOrganizations { get; init; }

    /// <summary>The newcomer's own discount, if there is one.</summary>
    public NewUserReward? NewUser { get; init; }

    /// <summary>Whether what one referral earns depends on the referrer's other referrals.</summary>
    public bool LooksAcrossReferrals => CapPerReferrer is not null || HasTiersByReferral;

    /// <summary>Whether a share depends on how many referrals of the referrer pay.</summary>
    public bool HasTiersByReferral => Rules.Any(r => r.Rate is TieredRate { By: TierBy.Referral });
}
