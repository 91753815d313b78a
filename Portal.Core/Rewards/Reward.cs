using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Rewards;

/// <summary>What one referrer earns for one cause. The two amounts are kept by the journal's triggers and nothing else.</summary>
public sealed class Reward
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>Names the reward once: referrer's code, referral, component and cause.</summary>
    public required string Key { get; init; }

    /// <summary>The referral.</summary>
    public required long ReferralId { get; init; }

    /// <summary>Who earns it.</summary>
    public required long ReferrerId { get; init; }

    /// <summary>The code that credited the referrer.</summary>
    public required string Code { get; init; }

    /// <summary>Which rule: its kind and place in the revision, such as <c>purchase:1</c>.</summary>
    public required string Component { get; init; }

    /// <summary>The invoice that caused it; null for a signup or a demonstration.</summary>
    public string? InvoiceId { get; init; }

    /// <summary>Source and account that the invoice belongs to; <c>portal</c> without an invoice.</summary>
    public required string Scope { get; init; }

    /// <summary>ISO code.</summary>
    public required string Currency { get; init; }

    /// <summary>Earned in all, minor units.</summary>
    public long Earned { get; init; }

    /// <summary>Taken back in all, minor units; never above <see cref="Earned"/>.</summary>
    public long Reversed { get; init; }

    /// <summary>Paid out, minor units; what was netted against a claw-back is taken off again.</summary>
    public long Paid { get; init; }

    /// <summary>What was taken back after it had been paid out, minor units; part of <see cref="Reversed"/>.</summary>
    public long ClawedBack { get; init; }

    /// <summary>When it counts: the invoice's payment, the month of a monthly part, the signup.</summary>
    public required DateTimeOffset PaidAt { get; set; }

    /// <summary>Not payable before this moment.</summary>
    public required DateTimeOffset HoldUntil { get; set; }

    /// <summary>Why it may not be paid out although its hold may be over, one of <see cref="WaitReasons"/>; null when only the hold counts.</summary>
    public string? WaitsFor { get; set; }

    /// <summary>What is left of it before the limit per referrer, minor units; null where there is no such limit.</summary>
    public long? NetBeforeCap { get; set; }

    /// <summary>The revision by which it was computed.</summary>
    public required int RevisionNumber { get; set; }

    /// <summary>From event to amount, as JSON of <see cref="Rewards.Explanation"/>.</summary>
    public required string Explanation { get; set; }

    /// <summary>When it was first posted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A paid invoice, or a charge without one, with what came of it.</summary>
public sealed class Transaction
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary><c>invoice</c> or <c>charge</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Source and account.</summary>
    public required string Scope { get; init; }

    /// <summary>The provider's id of the invoice or charge.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The provider's customer.</summary>
    public string? CustomerId { get; set; }

    /// <summary>The referral; none while the customer has no identity.</summary>
    public long? ReferralId { get; set; }

    /// <summary>ISO code.</summary>
    public required string Currency { get; set; }

    /// <summary>Paid, minor units.</summary>
    public required long AmountPaid { get; set; }

    /// <summary>Given back so far, minor units.</summary>
    public required long AmountRefunded { get; set; }

    /// <summary>When it was paid.</summary>
    public required DateTimeOffset PaidAt { get; set; }

    /// <summary>Why it earns nothing, one of <see cref="ReasonCodes"/>; null when it earns something.</summary>
    public string? Reason { get; set; }

    /// <summary>How that came about, as JSON of <see cref="Rewards.Explanation"/>.</summary>
    public required string Explanation { get; set; }
}

internal sealed class RewardMap : IEntityTypeConfiguration<Reward>
{
    public void Configure(EntityTypeBuilder<Reward> reward)
    {
        reward.ToTable("rewards", table =>
        {
            table.HasCheckConstraint("ck_rewards_reversed_at_most_earned", "reversed >= 0 AND reversed <= earned");
            table.HasCheckConstraint("ck_rewards_paid_is_none_or_more", "paid >= 0 AND clawed_back >= 0");
        });
        reward.HasIndex(r => new { r.Environment, r.Key }).IsUnique();                 // one cause earns one referrer once per rule
        reward.HasIndex(r => new { r.Environment, r.InvoiceId });                      // why did this invoice earn what it earned
        reward.HasIndex(r => new { r.Environment, r.ReferrerId, r.Id });               // a referrer's rewards
        reward.HasIndex(r => r.ReferralId);                                            // what stands for a referral
        reward.HasIndex(r => new { r.Environment, r.Id });                             // the list
        reward.HasIndex(r => new { r.Environment, r.HoldUntil });                      // what is in its hold
        reward.HasIndex(r => new { r.Environment, r.PaidAt });                         // the figures of a period
        reward.HasIndex(r => new { r.Environment, r.Id }, "ix_rewards_cancelled").HasFilter("earned = reversed");
        reward.HasIndex(r => new { r.Environment, r.Id }, "ix_rewards_waiting").HasFilter("waits_for IS NOT NULL");
        reward.HasIndex(r => new { r.Environment, r.Currency, r.ReferrerId }, "ix_rewards_unpaid").HasFilter("earned - reversed <> paid");   // what is to be paid out
        reward.HasIndex(r => new { r.Environment, r.Code }, "ix_rewards_under_a_limit").HasFilter("net_before_cap IS NOT NULL");
    }
}

internal sealed class TransactionMap : IEntityTypeConfiguration<Transaction>
{
    public void Configure(EntityTypeBuilder<Transaction> transaction)
    {
        transaction.ToTable("transactions");
        transaction.HasIndex(t => new { t.Environment, t.Scope, t.Kind, t.ExternalId }).IsUnique();   // a payment is shown once
        transaction.HasIndex(t => new { t.Environment, t.ExternalId });
        transaction.HasIndex(t => new { t.CustomerId, t.Environment });
        transaction.HasIndex(t => new { t.Environment, t.Reason, t.Id });
        transaction.HasIndex(t => new { t.Environment, t.Id });                                       // the list
    }
}

/// <summary>The room's tables.</summary>
public static class RewardSets
{
    extension(PortalDb db)
    {
        /// <summary>What is earned.</summary>
        public DbSet<Reward> Rewards => db.Set<Reward>();

        /// <summary>What was paid.</summary>
        public DbSet<Transaction> Transactions => db.Set<Transaction>();

        /// <summary>What products reported of rewards that they grant themselves.</summary>
        public DbSet<RewardReport> RewardReports => db.Set<RewardReport>();
    }
}
