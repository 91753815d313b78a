using Portal.Core.Campaigns;
using Portal.Core.Facts;
using Portal.Core.Rates;
using Portal.Core.Referrals;
using Portal.Core.Reviews;

namespace Portal.Core.Rewards;

/// <summary>All that the fold of one referral depends on. Nothing else reaches it: no clock, no database, no network.</summary>
/// <param name="Identity">Who was referred; null for customers without an identity, whose payments are only explained.</param>
/// <param name="Facts">The facts of all its customers, in any order.</param>
/// <param name="Codes">The referral codes that belong to somebody, among those the facts carry.</param>
/// <param name="Campaigns">The revisions of each campaign that those codes belong to.</param>
public sealed record ReferralStory(
    Identity? Identity,
    IReadOnlyList<ToldFact> Facts,
    IReadOnlyDictionary<string, KnownCode> Codes,
    IReadOnlyDictionary<string, RevisionHistory> Campaigns)
{
    /// <summary>The decision that stands about each case, by the case's key.</summary>
    public IReadOnlyDictionary<string, Decision> Decisions { get; init; } = System.Collections.Frozen.FrozenDictionary<string, Decision>.Empty;

    /// <summary>The exchange rates.</summary>
    public RateTable Rates { get; init; } = RateTable.Empty;

    /// <summary>What the other referrals of each code have brought, by code: needed where the rules look across referrals.</summary>
    public IReadOnlyDictionary<string, Circle> Circles { get; init; } = System.Collections.Frozen.FrozenDictionary<string, Circle>.Empty;
}

/// <summary>A referral code that belongs to somebody.</summary>
/// <param name="Code">The code.</param>
/// <param name="ReferrerId">Our id of the referrer.</param>
/// <param name="ProductUserId">The product's id of the referrer.</param>
/// <param name="CampaignId">The campaign whose rules apply.</param>
public sealed record KnownCode(string Code, long ReferrerId, string ProductUserId, string CampaignId)
{
    /// <summary>The referrer's e-mail address, if known.</summary>
    public string? Email { get; init; }

    /// <summary>Stands in for that address beside newcomers whose own was erased; null as long as nobody was erased.</summary>
    public string? AddressMark { get; init; }

    /// <summary>The organisations that the referrer's own customers belong to.</summary>
    public IReadOnlyList<string> Organizations { get; init; } = [];
}

/// <summary>What the other referrals of a code have brought: what one of them earns may depend on it.</summary>
/// <param name="FirstPayments">When each of them first paid.</param>
/// <param name="Claims">Their rewards under a limit per referrer, before that limit.</param>
public sealed record Circle(IReadOnlyList<DateTimeOffset> FirstPayments, IReadOnlyList<PeerClaim> Claims)
{
    /// <summary>A referrer with no other referral.</summary>
    public static readonly Circle Empty = new([], []);
}

/// <summary>A reward of another referral that counts against the same limit per referrer.</summary>
/// <param name="Key">Names the reward; orders those of one moment.</param>
/// <param name="At">When it counts.</param>
/// <param name="Net">What is left of it after reversals, before the limit.</param>
/// <param name="Cap">The limit that it is under.</param>
public sealed record PeerClaim(string Key, DateTimeOffset At, Money Net, PeriodCap Cap);

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
    KnownCode? Code, DateTimeOffset? KnownAt, Revision? Revision, string? Reason, IReadOnlyList<ExplanationStep> Steps)
{
    /// <summary>Whether nobody told the code, and only a cookie showed it.</summary>
    public bool IsNoticed { get; init; }

    /// <summary>Days after a payment before its reward can be paid out.</summary>
    public int HoldDays => (Revision?.Terms.HoldDays ?? 0) + (IsNoticed ? ProductTelling.NoticedDays : 0);
}

/// <summary>A reward that should stand.</summary>
/// <param name="Component">Which rule, such as <c>purchase:1</c>; a monthly part as <c>purchase:1/3</c>.</param>
/// <param name="Scope">Source and account of the invoice.</param>
/// <param name="InvoiceId">The invoice; null for a signup or a demonstration.</param>
/// <param name="Earned">What was earned.</param>
/// <param name="Reversed">What was taken back of it; never more than was earned.</param>
/// <param name="At">When it counts: the payment, or the month of a monthly part.</param>
/// <param name="HoldUntil">Not payable before.</param>
/// <param name="Explanation">From event to amount.</param>
public sealed record StandingReward(
    string Component, string Scope, string? InvoiceId, Money Earned, Money Reversed, DateTimeOffset At, DateTimeOffset HoldUntil, Explanation Explanation)
{
    /// <summary>Why it may not be paid out yet, one of <see cref="WaitReasons"/>; null when only its hold counts.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>What is left of it before the limit per referrer; null where there is no such limit.</summary>
    public long? NetBeforeCap { get; init; }

    /// <summary>Names the reward once: code, identity, rule, invoice and currency.</summary>
    public required string Key { get; init; }
}

/// <summary>Why a reward waits although its hold may be over.</summary>
public static class WaitReasons
{
    /// <summary>An open review case touches it.</summary>
    public const string Review = "review";

    /// <summary>Its payment is disputed.</summary>
    public const string Dispute = "dispute";
}

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
/// <param name="Choices">What may be decided.</param>
public sealed record UnclearCase(
    string Kind, string Subject, string? CustomerId, string Question, IReadOnlyList<Evidence> Evidence, IReadOnlyList<CaseChoice> Choices)
{
    /// <summary>Names the case once within an environment.</summary>
    public string Key => $"{Kind}:{Subject}";

    /// <summary>The decision that stands, if there is one: the case is settled by it.</summary>
    public Decision? Decision { get; init; }
}

/// <summary>One way to decide a case.</summary>
/// <param name="Choice">A stable word.</param>
/// <param name="Says">What it does, in a sentence.</param>
public sealed record CaseChoice(string Choice, string Says);
