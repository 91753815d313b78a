using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Reviews;

/// <summary>Something that no rule may decide: it waits for a person.</summary>
public sealed class ReviewCase
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>Names the case once: its kind and subject.</summary>
    public required string Key { get; init; }

    /// <summary>One of <see cref="ReviewKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The referral concerned, if there is one.</summary>
    public long? ReferralId { get; set; }

    /// <summary>The customer concerned.</summary>
    public string? CustomerId { get; set; }

    /// <summary>What is unclear, in a sentence.</summary>
    public required string Question { get; set; }

    /// <summary>The evidence, as JSON of <see cref="Rewards.Evidence"/> items.</summary>
    public required string EvidenceJson { get; set; }

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When later facts settled it; null while open.</summary>
    public DateTimeOffset? SettledAt { get; set; }
}

/// <summary>The kinds of unclear cases.</summary>
public static class ReviewKinds
{
    /// <summary>Another valid code came after the first.</summary>
    public const string CodeChanged = "codeChanged";

    /// <summary>A customer was first one person and then another.</summary>
    public const string IdentityChanged = "identityChanged";

    /// <summary>A refunded charge fits more than one invoice, and which one changes the money.</summary>
    public const string AmbiguousRefund = "ambiguousRefund";
}

internal sealed class ReviewCaseMap : IEntityTypeConfiguration<ReviewCase>
{
    public void Configure(EntityTypeBuilder<ReviewCase> review)
    {
        review.ToTable("review_cases");
        review.HasIndex(r => new { r.Environment, r.Key }).IsUnique();                              // a question is asked once
        review.HasIndex(r => new { r.Environment, r.Id }, "ix_review_cases_open").HasFilter("settled_at IS NULL");
    }
}

/// <summary>The room's table.</summary>
public static class ReviewSets
{
    extension(PortalDb db)
    {
        /// <summary>What waits for a person.</summary>
        public DbSet<ReviewCase> ReviewCases => db.Set<ReviewCase>();
    }
}
