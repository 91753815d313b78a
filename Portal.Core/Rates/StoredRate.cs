using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Rates;

/// <summary>Somebody set a pair's rate for a day, or took it back. Never changed: of several rows for the same pair and day the newest holds.</summary>
public sealed class StoredRate
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>One major unit of this currency</summary>
    public required string FromCurrency { get; init; }

    /// <summary>costs so many major units of this one.</summary>
    public required string ToCurrency { get; init; }

    /// <summary>The first day it holds for, by UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>How many, as it was given; null takes the day's rate back.</summary>
    public string? Rate { get; init; }

    /// <summary>Where it is from, or why it was taken back.</summary>
    public string? Note { get; init; }

    /// <summary>When it was written down.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>By whom.</summary>
    public required string CreatedBy { get; init; }
}

internal sealed class StoredRateMap : IEntityTypeConfiguration<StoredRate>
{
    public void Configure(EntityTypeBuilder<StoredRate> rate)
    {
        rate.ToTable("exchange_rates");
        rate.Property(r => r.FromCurrency).HasMaxLength(3);
        rate.Property(r => r.ToCurrency).HasMaxLength(3);
        rate.Property(r => r.Rate).HasMaxLength(25);
        rate.Property(r => r.Note).HasMaxLength(200);
        rate.HasIndex(r => new { r.Environment, r.Id });
        rate.HasIndex(r => new { r.Environment, r.FromCurrency, r.Id });
        rate.HasIndex(r => new { r.Environment, r.ToCurrency, r.Id });
        rate.HasIndex(r => new { r.Environment, r.FromCurrency, r.ToCurrency, r.Id });
    }
}

/// <summary>The room's table.</summary>
public static class RateSets
{
    extension(PortalDb db)
    {
        /// <summary>What was said about rates, ever.</summary>
        public DbSet<StoredRate> Rates => db.Set<StoredRate>();
    }
}
