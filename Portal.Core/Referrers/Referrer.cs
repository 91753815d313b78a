using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Referrers;

/// <summary>A user of the product who refers others and earns rewards.</summary>
public sealed class Referrer
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>The product's own id of the user: opaque, unique per environment.</summary>
    public required string ProductUserId { get; init; }

    /// <summary>E-mail address, if given.</summary>
    public string? Email { get; set; }

    /// <summary>First name, if given.</summary>
    public string? FirstName { get; set; }

    /// <summary>Last name, if given.</summary>
    public string? LastName { get; set; }

    /// <summary>Stands in for an address that was erased.</summary>
    public string? AddressMark { get; set; }

    /// <summary>When name and address were erased; none is kept from then on.</summary>
    public DateTimeOffset? ErasedAt { get; set; }

    /// <summary>When the portal first heard of the referrer.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where the referrer's links lead, if not to the campaign's page.</summary>
    public string? LandingPage { get; set; }

    /// <summary>When the component was first booted for the referrer.</summary>
    public DateTimeOffset? BootedAt { get; set; }

    /// <summary>When the referrer first opened it: active, as the reference product counts.</summary>
    public DateTimeOffset? OpenedAt { get; set; }

    /// <summary>When the referrer first shared the link.</summary>
    public DateTimeOffset? SharedAt { get; set; }

    /// <summary>The codes by which newcomers name the referrer.</summary>
    public List<ReferralCode> Codes { get; init; } = [];
}

/// <summary>A referral code (ucc): one per referrer and campaign, case-sensitive.</summary>
public sealed class ReferralCode
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>4 to 32 letters and digits; generated ones have 11.</summary>
    public required string Code { get; init; }

    /// <summary>The referrer.</summary>
    public long ReferrerId { get; init; }

    /// <summary>The referrer.</summary>
    public Referrer? Referrer { get; init; }

    /// <summary>The campaign whose rules its signups follow.</summary>
    public required string CampaignId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when its link leads to the landing page without it; what was attributed stays.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}

internal sealed class ReferrerMap : IEntityTypeConfiguration<Referrer>
{
    public void Configure(EntityTypeBuilder<Referrer> referrer)
    {
        referrer.ToTable("referrers");
        referrer.Property(r => r.ProductUserId).HasMaxLength(255);
        referrer.HasIndex(r => new { r.Environment, r.ProductUserId }).IsUnique();   // a user refers as one referrer
        referrer.HasMany(r => r.Codes).WithOne(c => c.Referrer).HasForeignKey(c => c.ReferrerId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ReferralCodeMap : IEntityTypeConfiguration<ReferralCode>
{
    public void Configure(EntityTypeBuilder<ReferralCode> code)
    {
        code.ToTable("referral_codes");
        code.Property(c => c.Code).HasMaxLength(32);
        code.HasIndex(c => new { c.Environment, c.Code }).IsUnique();                        // a code names one referrer
        code.HasIndex(c => new { c.ReferrerId, c.CampaignId }).IsUnique();                   // one code per referrer and campaign
        code.HasIndex(c => new { c.Environment, c.CampaignId, c.Id });                       // a simulation goes through a campaign's codes
    }
}

/// <summary>The room's tables.</summary>
public static class ReferrerSets
{
    extension(PortalDb db)
    {
        /// <summary>Who refers.</summary>
        public DbSet<Referrer> Referrers => db.Set<Referrer>();

        /// <summary>By which codes.</summary>
        public DbSet<ReferralCode> ReferralCodes => db.Set<ReferralCode>();

        /// <summary>Where they want to be paid.</summary>
        public DbSet<PayoutDetails> PayoutDetails => db.Set<PayoutDetails>();
    }
}
