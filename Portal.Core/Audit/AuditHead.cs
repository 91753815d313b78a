using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Audit;

/// <summary>The end of the chain, moved on with each entry: without it, taking the last entries away would not be seen.</summary>
public sealed class AuditHead
{
    /// <summary>The id of the one row.</summary>
    public const int TheOne = 1;

    /// <summary>Always <see cref="TheOne"/>.</summary>
    public int Id { get; init; } = TheOne;

    /// <summary>Entries in the chain.</summary>
    public long Entries { get; set; }

    /// <summary>The hash of the last of them; before the first, that of what is older.</summary>
    public required string Hash { get; set; }

    /// <summary>Entries that are older than the chain.</summary>
    public long OlderEntries { get; init; }

    /// <summary>One hash over all of them, with which the chain begins.</summary>
    public required string OlderHash { get; init; }
}

internal sealed class AuditHeadMap : IEntityTypeConfiguration<AuditHead>
{
    public void Configure(EntityTypeBuilder<AuditHead> head)
    {
        head.ToTable("audit_head");
        head.Property(h => h.Id).ValueGeneratedNever();
        head.Property(h => h.Entries).IsConcurrencyToken();   // two links to the same entry cannot both be saved
        head.Property(h => h.Hash).HasMaxLength(64);
        head.Property(h => h.OlderHash).HasMaxLength(64);
    }
}
