using Portal.Core.Data;
using Portal.Core.Rewards;

namespace Portal.Core.Reviews;

/// <summary>Whether a case waits for a person.</summary>
public enum ReviewState
{
    /// <summary>It waits.</summary>
    Open,

    /// <summary>A decision or later facts answered it.</summary>
    Settled,
}

/// <summary>What to look for among the cases. A filter that is null is not applied.</summary>
public sealed record ReviewQuery
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>Open or settled.</summary>
    public ReviewState? State { get; init; }

    /// <summary>One of <see cref="ReviewKinds"/>.</summary>
    public string? Kind { get; init; }

    /// <summary>A customer by its whole id, the product's id of the new user, or a case's whole key.</summary>
    public string? Text { get; init; }

    /// <summary>An id from where to go on.</summary>
    public long? Cursor { get; init; }

    /// <summary>Which way to go on.</summary>
    public PageDirection Direction { get; init; }

    /// <summary>Rows wanted, 1 to 200.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Whether anything but environment and state restricts it.</summary>
    public bool IsFiltered => Kind is not null || !string.IsNullOrWhiteSpace(Text);
}

/// <summary>One case in the queue.</summary>
/// <param name="Id">Our id.</param>
/// <param name="Key">Names it once.</param>
/// <param name="Kind">One of <see cref="ReviewKinds"/>.</param>
/// <param name="Question">What is unclear.</param>
/// <param name="CustomerId">The customer concerned.</param>
/// <param name="ReferralId">Our id of the referral concerned.</param>
/// <param name="NewUserId">The referral concerned, by the product's id of who was referred.</param>
/// <param name="OpenedAt">Since when.</param>
/// <param name="SettledAt">Until when; null while open.</param>
/// <param name="DecisionId">The decision that settled it; null while open, and where later facts did.</param>
/// <param name="AtStake">What of its referral waits for a review, per currency.</param>
public sealed record ReviewRow(
    long Id, string Key, string Kind, string Question, string? CustomerId, long? ReferralId, string? NewUserId, DateTimeOffset OpenedAt, DateTimeOffset? SettledAt,
    long? DecisionId, IReadOnlyList<Money> AtStake)
{
    /// <summary>Open or settled.</summary>
    public ReviewState State => SettledAt is null ? ReviewState.Open : ReviewState.Settled;

    /// <summary>Later facts answered it: nothing is left to decide.</summary>
    public bool IsAnsweredByFacts => SettledAt is not null && DecisionId is null;
}

/// <summary>What somebody decided.</summary>
/// <param name="Id">Our id.</param>
/// <param name="Choice">What.</param>
/// <param name="Reason">Why.</param>
/// <param name="DecidedAt">When.</param>
/// <param name="DecidedBy">Who.</param>
public sealed record DecisionRow(long Id, string Choice, string Reason, DateTimeOffset DecidedAt, string DecidedBy);

/// <summary>One case with all that a decision rests on.</summary>
/// <param name="Case">The case.</param>
/// <param name="Evidence">What speaks for either side.</param>
/// <param name="Choices">What may be decided.</param>
/// <param name="Decisions">What was decided so far, newest first.</param>
/// <param name="StandingId">The decision that stands; null where none does.</param>
/// <param name="Referrer">Who is credited with the referral now.</param>
/// <param name="Rewards">The referral's rewards that wait for a review.</param>
public sealed record ReviewDetail(
    ReviewRow Case, IReadOnlyList<Evidence> Evidence, IReadOnlyList<CaseChoice> Choices, IReadOnlyList<DecisionRow> Decisions, long? StandingId,
    string? Referrer, IReadOnlyList<RewardRow> Rewards)
{
    /// <summary>The decision that stands.</summary>
    public DecisionRow? Standing => Decisions.FirstOrDefault(d => d.Id == StandingId);

    /// <summary>What can be decided now: none where later facts answered the question, and never what stands already.</summary>
    public IReadOnlyList<string> Open => Case.IsAnsweredByFacts ? []
        : [.. Choices.Select(c => c.Choice).Where(c => c != Standing?.Choice), .. Standing is null ? (string[])[] : [Decision.Reopen]];
}
