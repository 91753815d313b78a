using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Core.Products;

/// <summary>A product as everything else reads it.</summary>
/// <param name="Environment">Whose.</param>
/// <param name="ProductId">Its public id.</param>
/// <param name="Settings">What people have set.</param>
/// <param name="Version">Of the settings.</param>
public sealed record ProductProfile(PortalEnvironment Environment, string ProductId, ProductSettings Settings, int Version);

/// <summary>The product of each environment. Read on every visit of a link and every boot of a script, so it is believed for some seconds.</summary>
public sealed class ProductRegister(PortalStore store, TimeProvider clock)
{
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);

    private volatile Known? _known;

    /// <summary>Makes sure that an environment has a product: by the given id, which also takes the place of one that we made up, or by a new one.</summary>
    public async Task EnsureAsync(PortalEnvironment environment, string? productId, Actor actor, CancellationToken ct)
    {
        await store.WriteAsync(db =>
        {
            var product = db.Products.SingleOrDefault(p => p.Environment == environment);
            var wanted = db.Products.Any(p => p.Environment != environment && p.ProductId == productId) ? null : productId;   // an id names one environment
            if (product is not null && (wanted is null || product.ProductId == wanted)) return;
            var id = wanted ?? $"prd_{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
            if (product is null) db.Products.Add(new Product { Environment = environment, ProductId = id, Settings = new ProductSettings().ToJson() });
            else product.ProductId = id;
            db.Audit(actor, clock.GetUtcNow(), environment, product is null ? "product.created" : "product.named", id);
        }, ct);
        _known = null;
    }

    /// <summary>Why this is no product id; null when it is one.</summary>
    public static Problem? Refuse(string? productId) => productId is { Length: >= 1 and <= 100 } && productId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        ? null
        : new Problem("productIdInvalid", "A product id has 1 to 100 letters, digits, '-', '_' and '.'.", "productId");

    /// <summary>The product of an environment.</summary>
    public async ValueTask<ProductProfile> GetAsync(PortalEnvironment environment, CancellationToken ct) =>
        (await AllAsync(ct)).Single(p => p.Environment == environment);

    /// <summary>The product with this id, in whatever environment; null for none.</summary>
    public async ValueTask<ProductProfile?> FindAsync(string productId, CancellationToken ct) =>
        (await AllAsync(ct)).FirstOrDefault(p => p.ProductId == productId);

    /// <summary>Changes the settings, unless somebody else did meanwhile.</summary>
    /// <param name="environment">Whose.</param>
    /// <param name="version">Of the settings that were looked at; null to change whatever stands.</param>
    /// <param name="change">Makes the new settings of the old.</param>
    /// <param name="actor">Who changes them.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<Outcome<ProductProfile>> ChangeAsync(
        PortalEnvironment environment, int? version, Func<ProductSettings, ProductSettings> change, Actor actor, CancellationToken ct)
    {
        var outcome = await store.WriteAsync<Outcome<ProductProfile>>(db =>
        {
            var product = db.Products.Single(p => p.Environment == environment);
            if (version is { } seen && seen != product.Version)
                return new Problem("settingsChanged", "Somebody else has changed the settings meanwhile. Load the page anew.", null, ProblemKind.Conflict);
            var (before, stood) = (product.Settings, ProductSettings.FromJson(product.Settings));
            var settings = change(stood);
            if (ProductRules.Refuse(settings) is { } problem) return problem;
            if (settings.PreLaunch && stood is { PreLaunch: false, LaunchedAt: not null })
                return new Problem("launchedAlready", "This product was launched already: going back would make real rewards test data.", "preLaunch", ProblemKind.Conflict);
            product.Settings = settings.ToJson();
            if (product.Settings != before)
            {
                product.Version++;
                db.Audit(actor, clock.GetUtcNow(), environment, "product.changed", product.ProductId, before, product.Settings);
            }
            return new ProductProfile(environment, product.ProductId, settings, product.Version);
        }, ct);
        _known = null;
        return outcome;
    }

    private async ValueTask<IReadOnlyList<ProductProfile>> AllAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (_known is { } known && now < known.Until) return known.Products;
        await using var db = store.OpenRead();
        var products = (await db.Products.ToListAsync(ct)).ConvertAll(p => new ProductProfile(p.Environment, p.ProductId, ProductSettings.FromJson(p.Settings), p.Version));
        _known = new Known(products, now + Believed);
        return products;
    }

    private sealed record Known(IReadOnlyList<ProductProfile> Products, DateTimeOffset Until);
}
