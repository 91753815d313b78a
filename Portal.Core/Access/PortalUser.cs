using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Access;

/// <summary>What a person may do. Each role may do all that those after it may.</summary>
public enum PortalRole
{
    /// <summary>Everything, users and secrets included.</summary>
    Administrator,

    /// <summary>Money: campaigns, payouts, and what an operator may.</summary>
    Finance,

    /// <summary>Daily work: resend, attribute, settle cases.</summary>
    Operator,

    /// <summary>Look.</summary>
    Viewer,
}

/// <summary>A person who signs in.</summary>
public sealed class PortalUser
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>The e-mail address by which the person signs in.</summary>
    public required string Email { get; set; }

    /// <summary>The same, normalised.</summary>
    public required string NormalizedEmail { get; set; }

    /// <summary>Salted and slow.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Changes when sessions must end.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>What the person may do.</summary>
    public PortalRole Role { get; set; }

    /// <summary>Not used since wrong sign-ins are counted by <see cref="SignInTally"/>; the column stays while a version that writes it may run beside this one.</summary>
    public int AccessFailedCount { get; set; }

    /// <summary>The same.</summary>
    public DateTimeOffset? LockoutEnd { get; set; }

    /// <summary>When the account was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class PortalUserMap : IEntityTypeConfiguration<PortalUser>
{
    public void Configure(EntityTypeBuilder<PortalUser> user)
    {
        user.ToTable("users");
        user.HasIndex(u => u.NormalizedEmail).IsUnique();   // one account per address
    }
}
