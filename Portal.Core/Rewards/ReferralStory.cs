using Portal.Core.Campaigns;
using Portal.Core.Facts;

namespace Portal.Core.Rewards;

/// <summary>All that the fold of one referral depends on. Nothing else reaches it: no clock, no database, no network.</summary>
/// <param name="NewUserId">The referred person; null for customers without an identity, whose payments are only explained.</param>
/// <param name="Facts">The facts of all its customers, in any order.</param>
/// <param name="Codes">The referral codes that belong to somebody, among those the facts carry.</param>
/// <param name="Campaigns">The revisions of each campaign that those codes belong to.</param>
public sealed record ReferralStory(
    string? NewUserId,
    IReadOnlyList<ToldFact> Facts,
    IReadOnlyDictionary<string, KnownCode> Codes,
    IReadOnlyDictionary<string, RevisionHistory> Campaigns);

/// <summary>A referral code that belongs to somebody.</summary>
/// <param name="Code">The code.</param>
/// <param name="ReferrerId">Our id of the referrer.</param>
/// <param name="ProductUserId">The product's id of the referrer.</param>
/// <param name="CampaignId">The campaign whose rules apply.</param>
public sealed record KnownCode(string Code, long ReferrerId, string ProductUserId, string CampaignId);

/// <summary>What a fold says should stand.</summary>
/// <param name="Attribution">Who is credited, or why nobody is.</param>
/// <param name="SignedUpAt">The signup, by the earliest of the customers.</param>
/// <param name="FirstPaidAt">The first payment above zero.</param>
/// <param name="Email">The newest e-mail address.</param>
/// <param name="Rewards">What is earned.</param>
/// <param name="Payments">Every paid invoice, and every charge without one, with what came of it.</param>
/// <param name="Cases">What no rule may decide.</param>
public sealed record FoldedReferral(
    Attribution Attribution,
    DateTimeOffset? SignedUpAt,
    DateTimeOffset? FirstPaidAt,
    string? Email,
    IReadOnlyList<StandingReward> Rewards,
    IReadOnlyList<Payment> Payments,
    IReadOnlyList<UnclearCase> Cases);

/// <summary>Who is credited with a referral.</summary>
/// <param name="Code">The code that won; null when none is valid.</param>
/// <param name="KnownAt">When it became known, by the provider's clock.</param>
/// <param name="Revision">The revision that binds the referral.</param>
/// <param name="Reason">Why nobody is credited, one of <see cref="ReasonCodes"/>.</param>
/// <param name="Steps">How that was found, for every explanation.</param>
public sealed record Attribution(
    KnownCode? Code, DateTimeOffset? KnownAt, Revision? Revision, string? Reason, IReadOnlyList<ExplanationStep> Steps);

/// <summary>A reward that should stand.</summary>
/// <param name="Component">Which rule, such as <c>purchase:1</c>.</param>
/// <param name="Scope">Source and account of the invoice.</param>
/// <param name="InvoiceId">The invoice.</param>
/// <param name="Earned">What the payment earned.</param>
/// <param name="Reversed">What refunds took back of it; never more than was earned.</param>
/// <param name="PaidAt">When the invoice was paid.</param>
/// <param name="HoldUntil">Not payable before.</param>
/// <param name="Explanation">From event to amount.</param>
public sealed record StandingReward(
    string Component, string Scope, string InvoiceId, Money Earned, Money Reversed, DateTimeOffset PaidAt, DateTimeOffset HoldUntil, Explanation Explanation);

/// <summary>A paid invoice, or a charge without one, with what came of it.</summary>
/// <param name="Kind"><c>invoice</c> or <c>charge</c>.</param>
/// <param name="Scope">Source and account.</param>
/// <param name="ExternalId">The provider's id.</param>
/// <param name="CustomerId">The provider's customer.</param>
/// <param name="Paid">What was collected.</param>
/// <param name="Refunded">What went back of it.</param>
/// <param name="PaidAt">When.</param>
/// <param name="Reason">Why it earns nothing; null when it earns something.</param>
/// <param name="Explanation">How that came about.</param>
public sealed record Payment(
    string Kind, string Scope, string ExternalId, string? CustomerId, Money Paid, Money Refunded, DateTimeOffset PaidAt, string? Reason, Explanation Explanation);

/// <summary>Something that no rule may decide.</summary>
/// <param name="Kind">One of the review kinds.</param>
/// <param name="Subject">What it is about; with the kind it names the case once.</param>
/// <param name="CustomerId">The customer concerned.</param>
/// <param name="Question">What is unclear, in a sentence.</param>
/// <param name="Evidence">What speaks for either side.</param>
public sealed record UnclearCase(string Kind, string Subject, string? CustomerId, string Question, IReadOnlyList<Evidence> Evidence);
