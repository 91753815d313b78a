using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Reviews;

/// <summary>What a person decided about a case. Written once; another decision takes it back.</summary>
public sealed class StoredDecision
{
    /// <summary>Our id, rising in the order in which decisions were made.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>The case.</summary>
    public required string CaseKey { get; init; }

    /// <summary>One of the case's choices, or <see cref="Decision.Reopen"/>.</summary>
    public required string Choice { get; init; }

    /// <summary>Why, in the person's words.</summary>
    public required string Reason { get; init; }

    /// <summary>When, by our clock.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>Who.</summary>
    public required string DecidedBy { get; init; }

    /// <summary>As the fold takes it.</summary>
    public Decision AsFact() => new(Id, CaseKey, Choice);
}

internal sealed class StoredDecisionMap : IEntityTypeConfiguration<StoredDecision>
{
    public void Configure(EntityTypeBuilder<StoredDecision> decision)
    {
        decision.ToTable("review_decisions");
        decision.HasIndex(d => new { d.Environment, d.CaseKey, d.Id });   // the newest about a case stands
    }
}
