using Portal.Core;
using Portal.Core.Overview;

namespace Portal.Telemetry;

/// <summary>What has to be asked for: how the database and the inbox are just now.</summary>
/// <param name="At">When it was asked.</param>
/// <param name="IsDatabaseUp">Whether the database answered.</param>
/// <param name="Environments">What it said; nothing where it did not.</param>
/// <param name="DatabaseBytes">How large the database is.</param>
/// <param name="FreeBytes">What is free where the data directory lies.</param>
/// <param name="Checks">The checks that were made, and how they came out.</param>
internal sealed record InstanceReading(
    DateTimeOffset At, bool IsDatabaseUp, IReadOnlyList<EnvironmentReading> Environments, long? DatabaseBytes, long? FreeBytes, IReadOnlyList<Health.CheckResult> Checks)
{
    /// <summary>Events that are to be processed.</summary>
    public long Pending => Environments.Sum(e => (long)e.Inbox.Pending);

    /// <summary>How long the oldest of them has waited.</summary>
    public TimeSpan Lag => Environments.Select(e => e.LagAt(At)).DefaultIfEmpty().Max();
}

/// <summary>An environment at one moment.</summary>
/// <param name="Environment">Which.</param>
/// <param name="Inbox">What its inbox has still to do.</param>
/// <param name="OpenCases">The cases that wait for a person.</param>
/// <param name="LastEventAt">When its last event arrived.</param>
internal sealed record EnvironmentReading(PortalEnvironment Environment, InboxFigures Inbox, int OpenCases, DateTimeOffset? LastEventAt)
{
    /// <summary>How long the oldest pending event has waited.</summary>
    public TimeSpan LagAt(DateTimeOffset now) => Inbox.OldestPendingAt is { } oldest && now > oldest ? now - oldest : TimeSpan.Zero;
}
