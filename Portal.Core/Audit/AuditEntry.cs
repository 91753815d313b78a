using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Audit;

/// <summary>Who acts, and from where: a signed-in person, an access key, or the portal itself.</summary>
/// <param name="Name">E-mail address, <c>key:…</c>, or <c>system</c>.</param>
/// <param name="RemoteAddress">The peer's address, if there is one.</param>
public sealed record Actor(string Name, string? RemoteAddress)
{
    /// <summary>The portal itself, at start-up.</summary>
    public static readonly Actor System = new("system", null);
}

/// <summary>A change that somebody made. Written in the same transaction as the change; never changed or deleted.</summary>
public sealed class AuditEntry
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>The environment that was changed; null for what belongs to none, such as a user.</summary>
    public PortalEnvironment? Environment { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }

    /// <summary>From where.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>What was done, such as <c>signingSecret.added</c>.</summary>
    public required string Action { get; init; }

    /// <summary>To what.</summary>
    public required string Target { get; init; }

    /// <summary>How it was, without secrets.</summary>
    public string? Before { get; init; }

    /// <summary>How it is now, without secrets.</summary>
    public string? After { get; init; }

    /// <summary>SHA-256 over the hash of the entry before and all of the above; null for what is older than the chain.</summary>
    public string? Hash { get; internal set; }
}

internal sealed class AuditEntryMap : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.ToTable("audit_log");
        entry.Property(a => a.Actor).HasMaxLength(320);
        entry.Property(a => a.Action).HasMaxLength(100);
        entry.Property(a => a.Hash).HasMaxLength(64);
        entry.HasIndex(a => new { a.Environment, a.Id });
        entry.HasIndex(a => new { a.Actor, a.Id });
        entry.HasIndex(a => new { a.Action, a.Id });
        entry.HasIndex(a => a.At);
    }
}

/// <summary>The room's table and its one way in.</summary>
public static class AuditSets
{
    extension(PortalDb db)
    {
        /// <summary>Every change a person made.</summary>
        public DbSet<AuditEntry> AuditLog => db.Set<AuditEntry>();

        /// <summary>Up to where the log is chained.</summary>
        public DbSet<AuditHead> AuditHeads => db.Set<AuditHead>();

        /// <summary>Notes a change, to be saved with it: the next link of the chain. Only inside of a write, which runs alone.</summary>
        public void Audit(Actor actor, DateTimeOffset at, PortalEnvironment? environment, string action, string target, string? before = null, string? after = null) =>
            AuditChain.Append(db, new AuditEntry
            {
                Environment = environment,
                At = at,
                Actor = PlainText.Of(actor.Name),
                RemoteAddress = PlainText.Of(actor.RemoteAddress),
                Action = action,
                Target = PlainText.Of(target),
                Before = PlainText.Of(before),
                After = PlainText.Of(after),
            });
    }
}
