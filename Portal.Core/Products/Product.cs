using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Products;

/// <summary>What an environment's portal serves: one product, known to its pages and scripts by an id.</summary>
public sealed class Product
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>The id that tokens, links and scripts carry; public, and not changed once a secret of it is out.</summary>
    public required string ProductId { get; set; }

    /// <summary>A <see cref="ProductSettings"/> as JSON.</summary>
    public required string Settings { get; set; }

    /// <summary>Goes up with each change, so that of two people who save at once one is told.</summary>
    public int Version { get; set; }
}

/// <summary>How often a script in somebody's browser called, per hour.</summary>
public sealed class ScriptCall
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>Which: one of <see cref="ScriptNames"/>.</summary>
    public required string Script { get; init; }

    /// <summary>Hours since 1970-01-01, UTC.</summary>
    public required int Hour { get; init; }

    /// <summary>Calls that were right.</summary>
    public long Calls { get; set; }

    /// <summary>Calls that were refused, such as a boot with a wrong token.</summary>
    public long Refused { get; set; }

    /// <summary>The last that was right.</summary>
    public DateTimeOffset? LastAt { get; set; }

    /// <summary>Why the last refused one was.</summary>
    public string? LastRefusal { get; set; }
}

/// <summary>The scripts that products embed.</summary>
public static class ScriptNames
{
    /// <summary><c>cello.js</c>.</summary>
    public const string Component = "component";

    /// <summary><c>cello-attribution.js</c>.</summary>
    public const string Attribution = "attribution";
}

internal sealed class ProductMap : IEntityTypeConfiguration<Product>
{
    public void Configure(EntityTypeBuilder<Product> product)
    {
        product.ToTable("products");
        product.HasKey(p => p.Environment);
        product.Property(p => p.ProductId).HasMaxLength(100);
        product.Property(p => p.Version).IsConcurrencyToken();
        product.HasIndex(p => p.ProductId).IsUnique();                                       // a product id names its environment
    }
}

internal sealed class ScriptCallMap : IEntityTypeConfiguration<ScriptCall>
{
    public void Configure(EntityTypeBuilder<ScriptCall> call)
    {
        call.ToTable("script_calls");
        call.HasKey(c => new { c.Environment, c.Script, c.Hour });
        call.Property(c => c.Script).HasMaxLength(20);
        call.Property(c => c.LastRefusal).HasMaxLength(100);
    }
}

/// <summary>The room's tables.</summary>
public static class ProductSets
{
    extension(PortalDb db)
    {
        /// <summary>What each environment serves.</summary>
        public DbSet<Product> Products => db.Set<Product>();

        /// <summary>How often scripts called.</summary>
        public DbSet<ScriptCall> ScriptCalls => db.Set<ScriptCall>();
    }
}
