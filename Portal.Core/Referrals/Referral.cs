using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Referrals;

/// <summary>One referred person, to whom any number of provider customers is linked. What is kept here is what the last fold found.</summary>
public sealed class Referral
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>Whether it is of a person or of an organisation.</summary>
    public IdentityKind IdentityKind { get; init; }

    /// <summary>The product's id of the referred person, <c>new_user_id</c>; of the organisation where that is what was referred.</summary>
    public required string NewUserId { get; init; }

    /// <summary>Who was referred.</summary>
    public Identity Identity => new(IdentityKind, NewUserId);

    /// <summary>The referrer who is credited; none while no valid code is known.</summary>
    public long? ReferrerId { get; set; }

    /// <summary>The code that won.</summary>
    public string? Code { get; set; }

    /// <summary>When the attribution became known, by the provider's clock.</summary>
    public DateTimeOffset? AttributedAt { get; set; }

    /// <summary>When the person signed up, by the earliest of the customers.</summary>
    public DateTimeOffset? SignedUpAt { get; set; }

    /// <summary>The first payment above zero: where the clock of limited durations starts.</summary>
    public DateTimeOffset? FirstPaidAt { get; set; }

    /// <summary>The revision that binds it; 0 while the campaign had no rules.</summary>
    public int? RevisionNumber { get; set; }

    /// <summary>Why nobody is credited, as a reason code; null when somebody is.</summary>
    public string? Reason { get; set; }

    /// <summary>E-mail address of the newest customer that had one.</summary>
    public string? Email { get; set; }
}

/// <summary>A customer of the payment provider, as last seen.</summary>
public sealed class Customer
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>Source and account.</summary>
    public required string Scope { get; init; }

    /// <summary>The provider's id.</summary>
    public required string CustomerId { get; init; }

    /// <summary>E-mail address.</summary>
    public string? Email { get; set; }

    /// <summary>Name.</summary>
    public string? Name { get; set; }

    /// <summary>Who it is in the product; null while nobody said.</summary>
    public string? NewUserId { get; set; }

    /// <summary>The organisation that it belongs to; null while nobody said.</summary>
    public string? OrganizationId { get; set; }

    /// <summary>The key of the identity whose referral it belongs to (<see cref="Identity.Key"/>); null without one.</summary>
    public string? IdentityKey { get; set; }

    /// <summary>When the provider created it.</summary>
    public DateTimeOffset? CreatedAt { get; set; }

    /// <summary>When the provider deleted it.</summary>
    public DateTimeOffset? RemovedAt { get; set; }
}

internal sealed class ReferralMap : IEntityTypeConfiguration<Referral>
{
    public void Configure(EntityTypeBuilder<Referral> referral)
    {
        referral.ToTable("referrals");
        referral.Ignore(r => r.Identity);
        referral.HasIndex(r => new { r.Environment, r.IdentityKind, r.NewUserId }).IsUnique();   // one referral per person or organisation
        referral.HasIndex(r => new { r.Environment, r.NewUserId });
        referral.HasIndex(r => new { r.Environment, r.Code, r.Id });                  // a code's referrals
        referral.HasIndex(r => new { r.Environment, r.ReferrerId, r.Id });            // a referrer's referrals
    }
}

internal sealed class CustomerMap : IEntityTypeConfiguration<Customer>
{
    public void Configure(EntityTypeBuilder<Customer> customer)
    {
        customer.ToTable("customers");
        customer.HasIndex(c => new { c.Environment, c.Scope, c.CustomerId }).IsUnique();
        customer.HasIndex(c => new { c.Environment, c.NewUserId }).HasFilter("new_user_id IS NOT NULL");   // all customers of a person
        customer.HasIndex(c => new { c.Environment, c.IdentityKey }).HasFilter("identity_key IS NOT NULL");   // all customers of a referral
        customer.HasIndex(c => new { c.Environment, c.OrganizationId }).HasFilter("organization_id IS NOT NULL");   // all customers of an organisation
    }
}

/// <summary>The room's tables.</summary>
public static class ReferralSets
{
    extension(PortalDb db)
    {
        /// <summary>Who was referred.</summary>
        public DbSet<Referral> Referrals => db.Set<Referral>();

        /// <summary>As whom the provider knows them.</summary>
        public DbSet<Customer> Customers => db.Set<Customer>();
    }
}
