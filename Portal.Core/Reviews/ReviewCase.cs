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

    /// <summary>What may be decided, as JSON of <see cref="Rewards.CaseChoice"/> items.</summary>
    public string ChoicesJson { get; set; } = "[]";

    /// <summary>When later facts or a decision settled it; null while open.</summary>
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>The decision that settled it; null while open, and where later facts did.</summary>
    public long? DecisionId { get; set; }
}

/// <summary>The kinds of unclear cases, with the choices of each.</summary>
public static class ReviewKinds
{
    /// <summary>Another valid code came after the first. Choices: <see cref="Keep"/>, <see cref="Switch"/>.</summary>
    public const string CodeChanged = "codeChanged";

    /// <summary>A customer was first one person and then another. Choices: <see cref="Keep"/>, <see cref="Move"/>.</summary>
    public const string IdentityChanged = "identityChanged";

    /// <summary>Referrer and referred share an e-mail address or an organisation. Choices: <see cref="Reward"/>, <see cref="Reject"/>.</summary>
    public const string SelfReferral = "selfReferral";

    /// <summary>A refunded charge fits more than one invoice, and which one changes the money. Choices: <c>invoice:</c> and its id, <see cref="None"/>.</summary>
    public const string AmbiguousRefund = "ambiguousRefund";

    /// <summary>A limit is in another currency, and there is no rate. Choices: <see cref="Reward"/>, <see cref="Reject"/>; a rate settles it too.</summary>
    public const string NoRate = "noRate";

    /// <summary>An invoice was marked as paid outside the provider. Choices: <see cref="Reward"/>, <see cref="Reject"/>.</summary>
    public const string PaidOutOfBand = "paidOutOfBand";

    /// <summary>A rule asks for products, and the payload lists only some of the invoice's lines. Choices: <see cref="Reward"/>, <see cref="Reject"/>.</summary>
    public const string LinesIncomplete = "linesIncomplete";

    /// <summary>The card's issuer warned of fraud. Choices: <see cref="Reward"/>, <see cref="Reject"/>.</summary>
    public const string FraudWarning = "fraudWarning";

    /// <summary>Disputed money moved in another currency than the payment's. Choices: <see cref="TakeBack"/>, <see cref="None"/>.</summary>
    public const string DisputeUnclear = "disputeUnclear";

    /// <summary>The first stays.</summary>
    public const string Keep = "keep";

    /// <summary>The later code takes the referral over.</summary>
    public const string Switch = "switch";

    /// <summary>The customer belongs to the later person.</summary>
    public const string Move = "move";

    /// <summary>It earns.</summary>
    public const string Reward = "reward";

    /// <summary>It earns nothing.</summary>
    public const string Reject = "reject";

    /// <summary>The whole payment counts as given back.</summary>
    public const string TakeBack = "takeBack";

    /// <summary>Nothing is taken back.</summary>
    public const string None = "none";
}

internal sealed class ReviewCaseMap : IEntityTypeConfiguration<ReviewCase>
{
    public void Configure(EntityTypeBuilder<ReviewCase> review)
    {
        review.ToTable("review_cases");
        review.HasIndex(r => new { r.Environment, r.Key }).IsUnique();                              // a question is asked once
        review.HasIndex(r => new { r.Environment, r.Id }, "ix_review_cases_open").HasFilter("settled_at IS NULL");
        review.HasIndex(r => new { r.Environment, r.Id }, "ix_review_cases_settled").HasFilter("settled_at IS NOT NULL");
        review.HasIndex(r => new { r.Environment, r.Kind, r.Id });                                  // those of a kind
        review.HasIndex(r => r.ReferralId);                                                         // the cases of a referral
        review.HasIndex(r => new { r.CustomerId, r.Environment });                                  // the cases of a customer
    }
}

/// <summary>The room's table.</summary>
public static class ReviewSets
{
    extension(PortalDb db)
    {
        /// <summary>What waits for a person.</summary>
        public DbSet<ReviewCase> ReviewCases => db.Set<ReviewCase>();

        /// <summary>What persons decided.</summary>
        public DbSet<StoredDecision> ReviewDecisions => db.Set<StoredDecision>();
    }
}
