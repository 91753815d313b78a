using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Campaigns;

/// <summary>A named set of rules, in revisions. The campaign <c>default</c> exists from the start, without rules.</summary>
public sealed class Campaign
{
    /// <summary>The id of the campaign that exists from the start.</summary>
    public const string Default = "default";

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>A short name for URLs: 1 to 60 letters, digits, <c>-</c> and <c>_</c>.</summary>
    public required string CampaignId { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; set; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where its links lead, if not to the product's page.</summary>
    public string? LandingPage { get; set; }
}

/// <summary>A campaign's rules from a moment on; never edited. A referral keeps the revision that was in force at its signup.</summary>
public sealed class StoredRevision
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>The campaign.</summary>
    public required string CampaignId { get; init; }

    /// <summary>1 for the first.</summary>
    public required int Number { get; init; }

    /// <summary>In force for signups from this moment on.</summary>
    public required DateTimeOffset EffectiveFrom { get; init; }

    /// <summary>The rules, as JSON of the contract's shape.</summary>
    public required string Data { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }
}

internal sealed class CampaignMap : IEntityTypeConfiguration<Campaign>
{
    public void Configure(EntityTypeBuilder<Campaign> campaign)
    {
        campaign.ToTable("campaigns");
        campaign.HasKey(c => new { c.Environment, c.CampaignId });
        campaign.Property(c => c.CampaignId).HasMaxLength(60);
    }
}

internal sealed class StoredRevisionMap : IEntityTypeConfiguration<StoredRevision>
{
    public void Configure(EntityTypeBuilder<StoredRevision> revision)
    {
        revision.ToTable("campaign_revisions");
        revision.HasIndex(r => new { r.Environment, r.CampaignId, r.Number }).IsUnique();   // two people saving at once: one is told
    }
}

/// <summary>The room's tables.</summary>
public static class CampaignSets
{
    extension(PortalDb db)
    {
        /// <summary>Named sets of rules.</summary>
        public DbSet<Campaign> Campaigns => db.Set<Campaign>();

        /// <summary>Their revisions.</summary>
        public DbSet<StoredRevision> Revisions => db.Set<StoredRevision>();
    }
}
