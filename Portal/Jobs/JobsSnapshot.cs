using Portal.Core;
using Portal.Core.Overview;

namespace Portal.Jobs;

/// <summary>How a run ended.</summary>
public enum JobOutcome
{
    /// <summary>It did its work.</summary>
    Succeeded,

    /// <summary>There was nothing to do.</summary>
    Idle,

    /// <summary>It was told to stop, as when the portal shuts down.</summary>
    Stopped,

    /// <summary>It broke; the error says how.</summary>
    Failed,
}

/// <summary>The background work at one moment.</summary>
/// <param name="IsRunning">Whether the scheduler starts jobs at all.</param>
/// <param name="Inboxes">What waits for the drain, in both environments.</param>
/// <param name="Jobs">In the order of the table.</param>
public sealed record JobsSnapshot(bool IsRunning, IReadOnlyList<InboxOf> Inboxes, IReadOnlyList<JobStanding> Jobs);

/// <summary>An environment's inbox.</summary>
/// <param name="Environment">Whose.</param>
/// <param name="Inbox">What is still to do.</param>
public sealed record InboxOf(PortalEnvironment Environment, InboxFigures Inbox);

/// <summary>One job as it stands.</summary>
/// <param name="Name">Its stable name.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Why">What it is for.</param>
/// <param name="Every">Time between two starts by the clock.</param>
public sealed record JobStanding(string Name, string Title, string Why, TimeSpan Every)
{
    /// <summary>Since when it runs; null while it does not.</summary>
    public DateTimeOffset? RunningSince { get; init; }

    /// <summary>Its next start by the clock.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Whether the clock starts it no more.</summary>
    public bool IsHalted { get; init; }

    /// <summary>Its last run; null before the first.</summary>
    public JobRun? Last { get; init; }

    /// <summary>How many of the last runs failed, one after the other.</summary>
    public int FailuresInARow { get; init; }

    /// <summary>Its last runs, newest first.</summary>
    public IReadOnlyList<JobRun> Runs { get; init; } = [];

    /// <summary>Its last failures, newest first; they are kept longer than the rest.</summary>
    public IReadOnlyList<JobRun> Failures { get; init; } = [];
}

/// <summary>One run.</summary>
/// <param name="At">When it began.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Took">How long it took.</param>
/// <param name="IsWoken">Whether an arrival or a person started it, rather than the clock.</param>
/// <param name="Summary">What it did, in its own words.</param>
/// <param name="Error">What broke it.</param>
public sealed record JobRun(DateTimeOffset At, JobOutcome Outcome, TimeSpan Took, bool IsWoken, string? Summary, string? Error);
