using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Access;

/// <summary>A provider's webhook signing secret, encrypted at rest and never shown again.</summary>
public sealed class SigningSecret
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>The environment whose endpoint it opens.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary><c>stripe</c>, <c>chargebee</c> or <c>product</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The secret, encrypted by Data Protection.</summary>
    public required string ProtectedValue { get; init; }

    /// <summary>Its last four characters, all that a page ever shows.</summary>
    public required string LastFour { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who added it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>The end of its overlap with the secret that replaces it; null while it is the current one.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When somebody revoked it.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>When a delivery last matched it (kept to within some seconds).</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Whether deliveries signed with it are accepted.</summary>
    public bool IsActive(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);
}

internal sealed class SigningSecretMap : IEntityTypeConfiguration<SigningSecret>
{
    public void Configure(EntityTypeBuilder<SigningSecret> secret)
    {
        secret.ToTable("signing_secrets");
        secret.HasIndex(s => new { s.Environment, s.Source });
    }
}
