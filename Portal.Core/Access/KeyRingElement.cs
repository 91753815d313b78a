using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Access;

/// <summary>An element of the key ring by which secrets, sessions and tokens are protected. Its own secret is encrypted under the master key, which is not in the database.</summary>
public sealed class KeyRingElement
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>What there may be one of only: a key's first day, so that instances that start at once agree on one key; an element's name otherwise.</summary>
    public required string Slot { get; init; }

    /// <summary>The element.</summary>
    public required string Xml { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class KeyRingElementMap : IEntityTypeConfiguration<KeyRingElement>
{
    public void Configure(EntityTypeBuilder<KeyRingElement> element)
    {
        element.ToTable("key_ring");
        element.Property(e => e.Slot).HasMaxLength(100);
        element.HasIndex(e => e.Slot).IsUnique();
    }
}
