using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Pipeline;

/// <summary>Something other than an event changed what the fold depends on: a code became known, a revision was added.</summary>
public sealed class RefoldRequest
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose referrals.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary><c>code</c>: those that carry a referral code. <c>revision</c>: all of a campaign's.</summary>
    public required string CauseKind { get; init; }

    /// <summary>The code, or campaign and number as <c>default/2</c>.</summary>
    public required string CauseId { get; init; }

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
