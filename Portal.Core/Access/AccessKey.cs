using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>A key pair for the REST API of one environment. Only the secret's hash is kept.</summary>
public sealed class AccessKey
{
    /// <summary>The scope that the portal's own API asks for; it opens the product's paths too.</summary>
    public const string ManageScope = "manage";

    /// <summary>The scope of the paths that a product calls: events, codes, links, rewards of new users, erasure.</summary>
    public const string ProductScope = "product";

    /// <summary>Both.</summary>
    public static readonly IReadOnlyList<string> Scopes = [ProductScope, ManageScope];

    /// <summary>The longest name.</summary>
    public const int LongestName = 80;

    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>The one environment it opens.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>The public half.</summary>
    public required string AccessKeyId { get; init; }

    /// <summary>Salted hash of the secret half.</summary>
    public required string SecretHash { get; init; }

    /// <summary>What it may do.</summary>
    public required string Scope { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What people call it; empty where nobody named it.</summary>
    public string Name { get; set; } = "";

    /// <summary>The end of its overlap with the key that replaces it; its tokens end then too.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When a token of it was last asked for or used (kept to within some minutes).</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>When it was revoked; its tokens end with it.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Whether it and its tokens are accepted.</summary>
    public bool IsActive(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);
}

internal sealed class AccessKeyMap : IEntityTypeConfiguration<AccessKey>
{
    public void Configure(EntityTypeBuilder<AccessKey> key)
    {
        key.ToTable("access_keys");
        key.Property(k => k.AccessKeyId).HasMaxLength(100);
        key.Property(k => k.Name).HasMaxLength(AccessKey.LongestName).HasDefaultValue("");
        key.HasIndex(k => new { k.Environment, k.AccessKeyId }).IsUnique();
    }
}

/// <summary>The room's tables.</summary>
public static class AccessSets
{
    extension(PortalDb db)
    {
        /// <summary>Who signs in.</summary>
        public DbSet<PortalUser> Users => db.Set<PortalUser>();

        /// <summary>Which programs call the API.</summary>
        public DbSet<AccessKey> AccessKeys => db.Set<AccessKey>();

        /// <summary>With which secrets providers sign.</summary>
        public DbSet<SigningSecret> SigningSecrets => db.Set<SigningSecret>();

        /// <summary>By which keys all of these are protected.</summary>
        public DbSet<KeyRingElement> KeyRing => db.Set<KeyRingElement>();

        /// <summary>How often somebody guessed.</summary>
        public DbSet<SignInTally> SignInTallies => db.Set<SignInTally>();

        /// <summary>Who is signed in.</summary>
        public DbSet<PersonSession> Sessions => db.Set<PersonSession>();

        /// <summary>Whose app shows which codes.</summary>
        public DbSet<SecondFactor> SecondFactors => db.Set<SecondFactor>();
    }
}
