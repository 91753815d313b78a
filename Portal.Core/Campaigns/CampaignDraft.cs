using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Campaigns;

/// <summary>The next revision of a campaign while people still work on it. A campaign has one at most; it binds nobody.</summary>
public sealed class CampaignDraft
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>The campaign.</summary>
    public required string CampaignId { get; init; }

    /// <summary>The rules, as JSON of the contract's shape.</summary>
    public required string Data { get; set; }

    /// <summary>1 for the first, one more with every change: who saves says which one they saw.</summary>
    public required int Version { get; set; }

    /// <summary>When it was changed last.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>By whom.</summary>
    public required string UpdatedBy { get; set; }
}

internal sealed class CampaignDraftMap : IEntityTypeConfiguration<CampaignDraft>
{
    public void Configure(EntityTypeBuilder<CampaignDraft> draft)
    {
        draft.ToTable("campaign_drafts");
        draft.HasKey(d => new { d.Environment, d.CampaignId });   // one per campaign
        draft.Property(d => d.CampaignId).HasMaxLength(60);
        draft.Property(d => d.Version).IsConcurrencyToken();
    }
}

/// <summary>The table of the drafts.</summary>
public static class CampaignDraftSets
{
    extension(PortalDb db)
    {
        /// <summary>Revisions that people still work on.</summary>
        public DbSet<CampaignDraft> CampaignDrafts => db.Set<CampaignDraft>();
    }
}
