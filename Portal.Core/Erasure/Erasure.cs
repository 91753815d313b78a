using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Erasure;

/// <summary>A person was erased: who asked for it and why, and nothing of the person but opaque ids.</summary>
public sealed class ErasureRecord
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Where.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>By which id: <c>user:42</c> or <c>customer:cus_1</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Why, in words that do not name the person.</summary>
    public required string Reason { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset ErasedAt { get; init; }

    /// <summary>By whom.</summary>
    public required string ErasedBy { get; init; }
}

/// <summary>What a mark is of.</summary>
public enum ErasedKind
{
    /// <summary>A provider's customer, as scope and id.</summary>
    Customer,

    /// <summary>An e-mail address, as its salted digest.</summary>
    Address,
}

/// <summary>Something that must not come back: what brings it is stored without it.</summary>
public sealed class ErasedMark
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Where.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>Of what.</summary>
    public required ErasedKind Kind { get; init; }

    /// <summary>The opaque id, or the digest.</summary>
    public required string Value { get; init; }
}

/// <summary>The salt of the digests: one for the database, made at the first erasure.</summary>
public sealed class ErasureSalt
{
    /// <summary>Always 1: there is one.</summary>
    public int Id { get; init; } = 1;

    /// <summary>32 random bytes.</summary>
    public required byte[] Salt { get; init; }
}

internal sealed class ErasureRecordMap : IEntityTypeConfiguration<ErasureRecord>
{
    public void Configure(EntityTypeBuilder<ErasureRecord> erasure)
    {
        erasure.ToTable("erasures");
        erasure.HasIndex(e => new { e.Environment, e.Id });
    }
}

internal sealed class ErasedMarkMap : IEntityTypeConfiguration<ErasedMark>
{
    public void Configure(EntityTypeBuilder<ErasedMark> mark)
    {
        mark.ToTable("erased_marks");
        mark.HasIndex(m => new { m.Environment, m.Kind, m.Value }).IsUnique();   // looked up for every event, once anybody was erased
    }
}

internal sealed class ErasureSaltMap : IEntityTypeConfiguration<ErasureSalt>
{
    public void Configure(EntityTypeBuilder<ErasureSalt> salt)
    {
        salt.ToTable("erasure_salts");
        salt.Property(s => s.Id).ValueGeneratedNever();
    }
}

/// <summary>The room's tables.</summary>
public static class ErasureSets
{
    extension(PortalDb db)
    {
        /// <summary>Every erasure.</summary>
        public DbSet<ErasureRecord> Erasures => db.Set<ErasureRecord>();

        /// <summary>What must not come back.</summary>
        public DbSet<ErasedMark> ErasedMarks => db.Set<ErasedMark>();

        /// <summary>The salt of the digests.</summary>
        public DbSet<ErasureSalt> ErasureSalts => db.Set<ErasureSalt>();
    }
}
