using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Referrers;

/// <summary>Where a referrer wants to be paid, as the referrer's own self said it in the component; encrypted at rest.</summary>
public sealed class PayoutDetails
{
    /// <summary>The referrer.</summary>
    public required long ReferrerId { get; init; }

    /// <summary><c>paypal</c>, <c>venmo</c>, <c>bank</c> or <c>other</c>.</summary>
    public required string Method { get; set; }

    /// <summary>The account, encrypted by Data Protection.</summary>
    public required string ProtectedAccount { get; set; }

    /// <summary>Enough of it to be recognised, such as <c>m…@example.com</c>.</summary>
    public required string Hint { get; set; }

    /// <summary>When it was said last.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class PayoutDetailsMap : IEntityTypeConfiguration<PayoutDetails>
{
    public void Configure(EntityTypeBuilder<PayoutDetails> details)
    {
        details.ToTable("payout_details");
        details.HasKey(d => d.ReferrerId);
        details.Property(d => d.ReferrerId).ValueGeneratedNever();
        details.Property(d => d.Method).HasMaxLength(20);
        details.Property(d => d.Hint).HasMaxLength(100);
        details.HasOne<Referrer>().WithOne().HasForeignKey<PayoutDetails>(d => d.ReferrerId).OnDelete(DeleteBehavior.Restrict);
    }
}
