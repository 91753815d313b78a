using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Ledger;

/// <summary>The accounts of the books. Signs: debits are positive, credits negative; every entry set sums to zero.</summary>
public enum LedgerAccount
{
    /// <summary>What the program costs; one per environment.</summary>
    RewardExpense,

    /// <summary>What is owed to a referrer, in its hold or past it: the hold is derived from time, not posted.</summary>
    Payable,

    /// <summary>What was paid out to a referrer.</summary>
    PaidOut,

    /// <summary>What a referrer owes back after a reversal that came after the payout.</summary>
    Receivable,
}

/// <summary>Which amount of a reward an entry set moves.</summary>
public enum EntrySetKind
{
    /// <summary>Moves what was earned.</summary>
    Earned,

    /// <summary>Moves what was taken back.</summary>
    Reversed,

    /// <summary>Moves what was paid out.</summary>
    Paid,
}

/// <summary>One line of an entry set. Written once; the database refuses to change or delete it.</summary>
public sealed class LedgerEntry
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>The set it belongs to.</summary>
    public required long EntrySetId { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>The account.</summary>
    public required LedgerAccount Account { get; init; }

    /// <summary>Whose account, for accounts per referrer.</summary>
    public long? ReferrerId { get; init; }

    /// <summary>ISO code.</summary>
    public required string Currency { get; init; }

    /// <summary>Minor units; debit positive, credit negative.</summary>
    public required long Amount { get; init; }
}

/// <summary>
/// A balanced set of entries with its cause and the reward it changes. It is written after its entries: its arrival seals them,
/// and the database refuses it unless they sum to zero.
/// </summary>
public sealed class LedgerEntrySet
{
    /// <summary>Our id, rising without gaps in the order of posting.</summary>
    public required long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>Our clock.</summary>
    public required DateTimeOffset PostedAt { get; init; }

    /// <summary>Which amount of the reward it moves.</summary>
    public required EntrySetKind Kind { get; init; }

    /// <summary>The reward.</summary>
    public required long RewardId { get; init; }

    /// <summary>By how much, minor units; positive raises what was earned, reversed or paid.</summary>
    public required long Amount { get; init; }

    /// <summary>ISO code.</summary>
    public required string Currency { get; init; }

    /// <summary>What caused it: <c>event</c>, <c>code</c>, <c>referrer</c>, <c>revision</c>, <c>rate</c>, <c>decision</c>, <c>rebuild</c> or <c>payout</c>.</summary>
    public required string CauseKind { get; init; }

    /// <summary>Its id: of the event in our inbox, the referral code, the revision, the decision and so on.</summary>
    public required string CauseId { get; init; }
}

internal sealed class LedgerEntryMap : IEntityTypeConfiguration<LedgerEntry>
{
    public void Configure(EntityTypeBuilder<LedgerEntry> entry)
    {
        entry.ToTable("ledger_entries");
        entry.HasIndex(e => e.EntrySetId);
        entry.HasIndex(e => new { e.Environment, e.ReferrerId, e.Currency, e.Account });   // a referrer's account
        entry.HasIndex(e => new { e.Environment, e.ReferrerId, e.EntrySetId, e.Currency, e.Account, e.Amount }, "ix_ledger_entries_statement")
            .HasFilter("referrer_id IS NOT NULL");                                         // a referrer's statement, summed without a look at the rows
    }
}

internal sealed class LedgerEntrySetMap : IEntityTypeConfiguration<LedgerEntrySet>
{
    public void Configure(EntityTypeBuilder<LedgerEntrySet> set)
    {
        set.ToTable("ledger_entry_sets");
        set.Property(s => s.Id).ValueGeneratedNever();
        set.HasIndex(s => s.RewardId);                                                     // a reward's history
        set.HasIndex(s => new { s.CauseKind, s.CauseId });                                 // what an event posted
        set.HasIndex(s => new { s.Environment, s.Id });                                    // the journal
        set.HasIndex(s => new { s.Environment, s.Currency, s.Id });                        // the journal of a currency
        set.HasIndex(s => new { s.Environment, s.CauseKind, s.Id });                       // … of one kind of cause
        set.HasIndex(s => new { s.Environment, s.PostedAt, s.Id });                        // … of a period; a balance as of a day
    }
}

/// <summary>The room's tables.</summary>
public static class LedgerSets
{
    extension(PortalDb db)
    {
        /// <summary>The lines.</summary>
        public DbSet<LedgerEntry> LedgerEntries => db.Set<LedgerEntry>();

        /// <summary>The sets that seal them.</summary>
        public DbSet<LedgerEntrySet> LedgerEntrySets => db.Set<LedgerEntrySet>();
    }
}
