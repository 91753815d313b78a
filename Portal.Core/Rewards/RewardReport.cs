using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Rewards;

/// <summary>What a product reported of a reward that it grants itself, such as credits (in-product rewards).</summary>
public sealed class RewardReport
{
    /// <summary>The reward.</summary>
    public required long RewardId { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>How it went.</summary>
    public required ReportedStatus Status { get; set; }

    /// <summary>When it was reported last.</summary>
    public required DateTimeOffset ReportedAt { get; set; }

    /// <summary>By which access key.</summary>
    public required string ReportedBy { get; set; }
}

/// <summary>How far a product is with a reward.</summary>
public enum ReportedStatus
{
    /// <summary>Nothing was reported.</summary>
    Open,

    /// <summary>The user has it.</summary>
    Processed,

    /// <summary>The product does not grant it.</summary>
    Rejected,
}

internal sealed class RewardReportMap : IEntityTypeConfiguration<RewardReport>
{
    public void Configure(EntityTypeBuilder<RewardReport> report)
    {
        report.ToTable("reward_reports");
        report.HasKey(r => r.RewardId);
        report.Property(r => r.RewardId).ValueGeneratedNever();
        report.HasOne<Reward>().WithOne().HasForeignKey<RewardReport>(r => r.RewardId).OnDelete(DeleteBehavior.Restrict);
    }
}
