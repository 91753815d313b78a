using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Payouts;

/// <summary>How far a payout has come.</summary>
public enum PayoutState
{
    /// <summary>Put together; nothing is posted.</summary>
    Draft,

    /// <summary>Somebody looked and agreed; nothing is posted.</summary>
    Approved,

    /// <summary>Posted: the money went out. Final.</summary>
    Settled,

    /// <summary>Given up before anything was posted. Final.</summary>
    Cancelled,
}

/// <summary>A batch of rewards in one currency that are paid out together.</summary>
public sealed class Payout
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>ISO code.</summary>
    public required string Currency { get; init; }

    /// <summary>Rewards whose hold was over by then.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Whoever is owed less waits for another payout, minor units.</summary>
    public required long Minimum { get; init; }

    /// <summary>What it is for.</summary>
    public string? Note { get; init; }

    /// <summary>How many referrers are paid.</summary>
    public required int Referrers { get; init; }

    /// <summary>How many rewards it pays or nets.</summary>
    public required int Lines { get; init; }

    /// <summary>What all of its lines came to when it was put together, minor units.</summary>
    public required long Amount { get; init; }

    /// <summary>What was paid, minor units; null before.</summary>
    public long? Paid { get; set; }

    /// <summary>How far it has come. Two who move it at once do not both succeed.</summary>
    public required PayoutState State { get; set; }

    /// <summary>When it was put together.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>By whom.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was approved.</summary>
    public DateTimeOffset? ApprovedAt { get; set; }

    /// <summary>By whom.</summary>
    public string? ApprovedBy { get; set; }

    /// <summary>When its file was taken last.</summary>
    public DateTimeOffset? ExportedAt { get; set; }

    /// <summary>By whom.</summary>
    public string? ExportedBy { get; set; }

    /// <summary>What that file came to, minor units.</summary>
    public long? Exported { get; set; }

    /// <summary>When it was settled or cancelled.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>By whom.</summary>
    public string? EndedBy { get; set; }
}

/// <summary>What a payout pays of one reward, or nets of one that was clawed back.</summary>
public sealed class PayoutLine
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>The batch.</summary>
    public required long PayoutId { get; init; }

    /// <summary>Who is paid.</summary>
    public required long ReferrerId { get; init; }

    /// <summary>The reward.</summary>
    public required long RewardId { get; init; }

    /// <summary>Minor units: above zero is paid, below zero is netted.</summary>
    public required long Amount { get; init; }

    /// <summary>What was posted when it was settled, minor units; null before.</summary>
    public long? Paid { get; set; }

    /// <summary>Whether the payout is neither settled nor cancelled: a reward stands in one such payout at most.</summary>
    public bool IsOpen { get; set; } = true;
}

internal sealed class PayoutMap : IEntityTypeConfiguration<Payout>
{
    public void Configure(EntityTypeBuilder<Payout> payout)
    {
        payout.ToTable("payouts");
        payout.Property(p => p.Currency).HasMaxLength(3);
        payout.Property(p => p.Note).HasMaxLength(NewPayout.LongestNote);
        payout.Property(p => p.State).IsConcurrencyToken();
        payout.HasIndex(p => new { p.Environment, p.Id });                                   // the list
        payout.HasIndex(p => new { p.Environment, p.State, p.Id });                          // … of one state
    }
}

internal sealed class PayoutLineMap : IEntityTypeConfiguration<PayoutLine>
{
    public void Configure(EntityTypeBuilder<PayoutLine> line)
    {
        line.ToTable("payout_lines", table => table.HasCheckConstraint("ck_payout_lines_pays_at_most_its_amount",
            "amount <> 0 AND (paid IS NULL OR (amount > 0 AND paid >= 0 AND paid <= amount) OR (amount < 0 AND paid <= 0 AND paid >= amount))"));
        line.HasOne<Payout>().WithMany().HasForeignKey(l => l.PayoutId).OnDelete(DeleteBehavior.Restrict);
        line.HasIndex(l => l.RewardId, "ix_payout_lines_open").IsUnique().HasFilter("is_open");   // a reward stands in one open payout at most
    }
}

/// <summary>The room's tables.</summary>
public static class PayoutSets
{
    extension(PortalDb db)
    {
        /// <summary>The batches.</summary>
        public DbSet<Payout> Payouts => db.Set<Payout>();

        /// <summary>What is in them.</summary>
        public DbSet<PayoutLine> PayoutLines => db.Set<PayoutLine>();
    }
}
