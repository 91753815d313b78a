using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Inbox;

/// <summary>Why an event ran through the pipeline.</summary>
public enum AttemptCause
{
    /// <summary>It came in.</summary>
    Arrival,

    /// <summary>The run before failed and its back-off is over.</summary>
    Retry,

    /// <summary>A person asked for it, or the provider sent a failed event again.</summary>
    Resend,

    /// <summary>Everything was computed anew.</summary>
    Rebuild,
}

/// <summary>How a run ended.</summary>
public enum AttemptOutcome
{
    /// <summary>Read and folded.</summary>
    Processed,

    /// <summary>Read, and waits for something else.</summary>
    Waiting,

    /// <summary>Nothing to do.</summary>
    Ignored,

    /// <summary>It broke; another run follows.</summary>
    Retried,

    /// <summary>Given up.</summary>
    Failed,
}

/// <summary>One run of an event through reading and folding.</summary>
public sealed class Attempt
{
    /// <summary>Our id. Ledger entry sets name the attempt that posted them.</summary>
    public long Id { get; init; }

    /// <summary>The event.</summary>
    public required long EventId { get; init; }

    /// <summary>1 for the first.</summary>
    public required int Number { get; init; }

    /// <summary>Why it ran.</summary>
    public required AttemptCause Cause { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took, in microseconds; a batch's time is shared out evenly.</summary>
    public required long Microseconds { get; init; }

    /// <summary>How it ended.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>What went wrong, without payload.</summary>
    public string? Error { get; init; }
}

internal sealed class AttemptMap : IEntityTypeConfiguration<Attempt>
{
    public void Configure(EntityTypeBuilder<Attempt> attempt)
    {
        attempt.ToTable("attempts");
        attempt.HasIndex(a => new { a.EventId, a.Number }).IsUnique();   // a run is counted once
    }
}
