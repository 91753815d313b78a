using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Access;

/// <summary>A person's session, as the server knows it: a cookie alone is worth nothing.</summary>
public sealed class PersonSession
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>A hash of the random name that the cookie carries.</summary>
    public required string Key { get; init; }

    /// <summary>Whose.</summary>
    public required long UserId { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the person last did something (kept to within a minute).</summary>
    public required DateTimeOffset SeenAt { get; set; }

    /// <summary>When the person last gave a code of the second factor.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>When it was ended.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

internal sealed class PersonSessionMap : IEntityTypeConfiguration<PersonSession>
{
    public void Configure(EntityTypeBuilder<PersonSession> session)
    {
        session.ToTable("sessions");
        session.Property(s => s.Key).HasMaxLength(64);
        session.HasIndex(s => s.Key).IsUnique();
        session.HasIndex(s => s.StartedAt);   // to forget
    }
}
