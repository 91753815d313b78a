using Portal.Core.Inbox;
using Portal.Core.Rewards;

namespace Portal.Core.Overview;

/// <summary>What came in, what it earned, what waits or failed: the figures of the first page.</summary>
public sealed record OverviewSnapshot
{
    /// <summary>The first day of the period; null for all time.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>Today, UTC.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>A row per day of the period (of all time: from the first day with a count), days without traffic included.</summary>
    public required IReadOnlyList<DayFigures> Days { get; init; }

    /// <summary>What is still to be done.</summary>
    public required InboxFigures Inbox { get; init; }

    /// <summary>What events wait for, most first.</summary>
    public required IReadOnlyList<WaitingFigures> Waiting { get; init; }

    /// <summary>Money per currency over the period, the one with most rewards first.</summary>
    public required IReadOnlyList<CurrencyFigures> Money { get; init; }

    /// <summary>Whether there are rewards, though none for a payment of the period.</summary>
    public bool HasOlderRewards { get; init; }

    /// <summary>The oldest open cases.</summary>
    public required IReadOnlyList<OpenCase> Cases { get; init; }

    /// <summary>Open cases in all, at most <see cref="OverviewFigures.MostCounted"/>.</summary>
    public required int OpenCases { get; init; }

    /// <summary>The last verified event's arrival.</summary>
    public DateTimeOffset? LastEventAt { get; init; }

    /// <summary>The last refused request.</summary>
    public DeliveryRow? LastRejected { get; init; }

    /// <summary>Whether a signing secret is active, so that events can come in at all.</summary>
    public required bool HasSecret { get; init; }

    /// <summary>Whether anything ever came in: an event or a refused request.</summary>
    public bool HasTraffic => LastEventAt is not null || LastRejected is not null;
}

/// <summary>One day's traffic.</summary>
public sealed record DayFigures(DateOnly Day, long Accepted, long Duplicate, long Rejected, long Ok, long Warning, long Error);

/// <summary>The inbox's work.</summary>
/// <param name="Pending">Events to be processed, counted up to <see cref="OverviewFigures.MostCounted"/>.</param>
/// <param name="Waiting">Events that wait for another, likewise.</param>
/// <param name="Failed">Events that were given up, likewise.</param>
/// <param name="OldestPendingAt">When the oldest pending event came in.</param>
public sealed record InboxFigures(int Pending, int Waiting, int Failed, DateTimeOffset? OldestPendingAt);

/// <summary>How many events wait for one kind of thing.</summary>
/// <param name="Kind">The kind, such as <c>customer</c> or <c>charge</c>.</param>
/// <param name="Events">How many.</param>
public sealed record WaitingFigures(string Kind, int Events);

/// <summary>One currency's money over the period, by the time of the payments.</summary>
/// <param name="Currency">The currency.</param>
/// <param name="Rewards">How many rewards.</param>
/// <param name="Earned">Earned.</param>
/// <param name="Reversed">Taken back.</param>
/// <param name="States">The same by state, all three of them.</param>
/// <param name="Months">The same by month, months without rewards included.</param>
/// <param name="Top">The referrers who earned most, net.</param>
public sealed record CurrencyFigures(
    Currency Currency, long Rewards, Money Earned, Money Reversed,
    IReadOnlyList<StateFigures> States, IReadOnlyList<MonthFigures> Months, IReadOnlyList<ReferrerFigures> Top)
{
    /// <summary>What is left.</summary>
    public Money Net => Earned - Reversed;
}

/// <summary>Rewards of one state.</summary>
public sealed record StateFigures(RewardState State, long Rewards, Money Net);

/// <summary>Rewards for payments of one month.</summary>
public sealed record MonthFigures(DateOnly Month, Money Earned, Money Reversed);

/// <summary>One referrer's rewards.</summary>
public sealed record ReferrerFigures(string ProductUserId, string? Name, long Rewards, Money Earned, Money Reversed)
{
    /// <summary>What is left.</summary>
    public Money Net => Earned - Reversed;
}

/// <summary>A case that waits for a person.</summary>
public sealed record OpenCase(long Id, string Kind, string Question, string? CustomerId, DateTimeOffset OpenedAt, IReadOnlyList<Evidence> Evidence);
