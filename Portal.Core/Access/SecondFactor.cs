using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Access;

/// <summary>A person's second factor: the secret of an authenticator app, and the codes for when the app is lost.</summary>
public sealed class SecondFactor
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required long UserId { get; init; }

    /// <summary>The app's secret, encrypted by Data Protection.</summary>
    public required string ProtectedSecret { get; set; }

    /// <summary>When a first code proved that the app has it; before that, it is asked of nobody.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>The half minute of the last code taken: none is taken twice.</summary>
    public long LastStep { get; set; }

    /// <summary>SHA-256 of the recovery codes that are left, each 80 random bits, with blanks between.</summary>
    public required string RecoveryHashes { get; set; }
}

internal sealed class SecondFactorMap : IEntityTypeConfiguration<SecondFactor>
{
    public void Configure(EntityTypeBuilder<SecondFactor> factor)
    {
        factor.ToTable("second_factors");
        factor.HasIndex(f => f.UserId).IsUnique();
        factor.HasOne<PortalUser>().WithMany().HasForeignKey(f => f.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
