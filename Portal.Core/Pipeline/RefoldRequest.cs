using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Pipeline;

/// <summary>Something other than an event changed what the fold depends on: a code became known, a revision was added.</summary>
public sealed class RefoldRequest
{
    /// <summary>The cause "a code became known", or what is known of its owner changed.</summary>
    public const string OfCode = "code";

    /// <summary>The cause "another referral of this code changed what the rules look at".</summary>
    public const string OfReferrer = "referrer";

    /// <summary>The cause "a person decided a review case".</summary>
    public const string OfDecision = "decision";

    /// <summary>The cause "a rebuild found it different, and a person had that applied".</summary>
    public const string OfRebuild = "rebuild";

    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose referrals.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>
    /// <c>code</c>: those that carry a referral code. <c>referrer</c>: those that are credited to a code. <c>decision</c>: those of a
    /// review case. <c>rebuild</c>: <see cref="Subjects"/>. <c>revision</c> and <c>rate</c>: all.
    /// </summary>
    public required string CauseKind { get; init; }

    /// <summary>The code, the decision's id, campaign and number as <c>default/2</c>, the rate, the run.</summary>
    public required string CauseId { get; init; }

    /// <summary>The referrals and customers that a <c>rebuild</c> found different, as JSON; null for all other kinds.</summary>
    public string? Subjects { get; init; }

    /// <summary>How far it got: the last referral done.</summary>
    public long DoneUpTo { get; set; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }
}

internal sealed class RefoldRequestMap : IEntityTypeConfiguration<RefoldRequest>
{
    public void Configure(EntityTypeBuilder<RefoldRequest> request) => request.ToTable("refold_requests");
}

/// <summary>The room's table.</summary>
public static class PipelineSets
{
    extension(PortalDb db)
    {
        /// <summary>What is to be folded again.</summary>
        public DbSet<RefoldRequest> RefoldRequests => db.Set<RefoldRequest>();
    }
}
