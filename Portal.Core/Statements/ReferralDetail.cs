using Portal.Core.Facts;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Rewards;

namespace Portal.Core.Statements;

/// <summary>One referral with all that happened to it.</summary>
public sealed record ReferralDetail
{
    /// <summary>Who, and who is credited.</summary>
    public required ReferralRow Referral { get; init; }

    /// <summary>A name or e-mail address of who is credited, if known.</summary>
    public string? ReferrerName { get; init; }

    /// <summary>As whom the provider knows the person.</summary>
    public required IReadOnlyList<CustomerRow> Customers { get; init; }

    /// <summary>What happened, in order of occurrence.</summary>
    public required IReadOnlyList<TimelineItem> Timeline { get; init; }

    /// <summary>Whether there is more than <see cref="ReferralDetails.MostFacts"/>, so that the timeline is not whole.</summary>
    public required bool IsCut { get; init; }

    /// <summary>The rewards, oldest first.</summary>
    public required IReadOnlyList<RewardRow> Rewards { get; init; }

    /// <summary>The unclear cases, oldest first.</summary>
    public required IReadOnlyList<TimelineCase> Cases { get; init; }
}

/// <summary>A customer of a payment provider.</summary>
/// <param name="Scope">Source and account.</param>
/// <param name="CustomerId">The provider's id.</param>
/// <param name="Name">Name, if known.</param>
/// <param name="Email">E-mail address, if known.</param>
/// <param name="CreatedAt">When the provider created it.</param>
/// <param name="RemovedAt">When the provider deleted it.</param>
public sealed record CustomerRow(string Scope, string CustomerId, string? Name, string? Email, DateTimeOffset? CreatedAt, DateTimeOffset? RemovedAt);

/// <summary>Something unclear about the referral.</summary>
public sealed record TimelineCase(long Id, string Kind, string Question, DateTimeOffset OpenedAt, DateTimeOffset? SettledAt);

/// <summary>What kind of thing stands on a timeline.</summary>
public enum TimelineKind
{
    /// <summary>A fact that a provider told.</summary>
    Fact,

    /// <summary>Somebody was credited with the signup.</summary>
    Attributed,

    /// <summary>The ledger moved.</summary>
    Posted,

    /// <summary>Something unclear was found.</summary>
    CaseOpened,

    /// <summary>It was settled.</summary>
    CaseSettled,
}

/// <summary>One thing that happened.</summary>
/// <param name="At">When it happened: by the provider's clock where the provider told it, else by ours.</param>
/// <param name="Kind">What kind of thing.</param>
public sealed record TimelineItem(DateTimeOffset At, TimelineKind Kind)
{
    /// <summary>The fact.</summary>
    public ToldFact? Told { get; init; }

    /// <summary>The payment that the fact is about.</summary>
    public TransactionRow? Payment { get; init; }

    /// <summary>What the ledger posted; its lines are left out.</summary>
    public EntrySetRow? Set { get; init; }

    /// <summary>The invoice of the reward that moved.</summary>
    public string? InvoiceId { get; init; }

    /// <summary>The case.</summary>
    public TimelineCase? Case { get; init; }

    /// <summary>Whether it only repeats or joins what other items say: of interest to who looks for every fact.</summary>
    public bool IsDetail { get; init; }
}
