using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Visits;

/// <summary>How often an invite link was opened on a day.</summary>
public sealed class LinkView
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>The referral code.</summary>
    public required string Code { get; init; }

    /// <summary>Days since 0001-01-01, UTC (<see cref="DateOnly.DayNumber"/>).</summary>
    public required int Day { get; init; }

    /// <summary>Visits, without those of programs.</summary>
    public long Views { get; set; }

    /// <summary>Different visitors of that day.</summary>
    public long Visitors { get; set; }
}

/// <summary>That somebody opened a link on a day: a digest that nobody can turn back, thrown away after the day.</summary>
public sealed class LinkVisitor
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>The day.</summary>
    public required int Day { get; init; }

    /// <summary>The referral code.</summary>
    public required string Code { get; init; }

    /// <summary>16 bytes of the address and browser, hashed with the day's salt.</summary>
    public required byte[] Digest { get; init; }
}

/// <summary>What the digests of a day are salted with; thrown away with them, so that the next day nobody can be recognised.</summary>
public sealed class VisitSalt
{
    /// <summary>The day.</summary>
    public required int Day { get; init; }

    /// <summary>32 random bytes.</summary>
    public required byte[] Salt { get; init; }
}

internal sealed class LinkViewMap : IEntityTypeConfiguration<LinkView>
{
    public void Configure(EntityTypeBuilder<LinkView> view)
    {
        view.ToTable("link_views");
        view.HasKey(v => new { v.Environment, v.Code, v.Day });
        view.Property(v => v.Code).HasMaxLength(32);
        view.HasIndex(v => new { v.Environment, v.Day });                                    // the overview's period
    }
}

internal sealed class LinkVisitorMap : IEntityTypeConfiguration<LinkVisitor>
{
    public void Configure(EntityTypeBuilder<LinkVisitor> visitor)
    {
        visitor.ToTable("link_visitors");
        visitor.HasKey(v => new { v.Environment, v.Day, v.Code, v.Digest });                 // a visitor counts once a day
        visitor.Property(v => v.Code).HasMaxLength(32);
    }
}

internal sealed class VisitSaltMap : IEntityTypeConfiguration<VisitSalt>
{
    public void Configure(EntityTypeBuilder<VisitSalt> salt)
    {
        salt.ToTable("visit_salts");
        salt.HasKey(s => s.Day);
        salt.Property(s => s.Day).ValueGeneratedNever();
    }
}

/// <summary>The room's tables.</summary>
public static class VisitSets
{
    extension(PortalDb db)
    {
        /// <summary>How often links were opened.</summary>
        public DbSet<LinkView> LinkViews => db.Set<LinkView>();

        /// <summary>By whom, for a day.</summary>
        public DbSet<LinkVisitor> LinkVisitors => db.Set<LinkVisitor>();

        /// <summary>Salts of the last days.</summary>
        public DbSet<VisitSalt> VisitSalts => db.Set<VisitSalt>();
    }
}
