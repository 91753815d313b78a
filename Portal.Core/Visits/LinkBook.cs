using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Core.Products;
using Portal.Core.Referrers;

namespace Portal.Core.Visits;

/// <summary>A code as its link sees it.</summary>
/// <param name="Environment">Whose.</param>
/// <param name="Code">The code.</param>
/// <param name="CampaignId">The campaign whose rules its signups follow.</param>
/// <param name="IsDisabled">Whether its link leads to the page without it.</param>
/// <param name="Page">The referrer's page, else the campaign's; null for the product's.</param>
/// <param name="FirstName">The referrer's, if given.</param>
public sealed record KnownCode(PortalEnvironment Environment, string Code, string CampaignId, bool IsDisabled, string? Page, string? FirstName);

/// <summary>Where a link leads.</summary>
/// <param name="Address">The URL to send the visitor to; null when no page is set.</param>
/// <param name="Counted">The code whose view it is; null for none.</param>
public sealed record LinkTarget(string? Address, KnownCode? Counted);

/// <summary>
/// Where links lead. Asked on every visit, so an answer is believed for some seconds; and while the database is away, what was known last
/// is still good: no visitor is kept waiting for it.
/// </summary>
public sealed class LinkBook(PortalStore store, ProductRegister products, TimeProvider clock, ILogger<LinkBook> logger)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Where a code that both environments have belongs: to real money.</summary>
    private static readonly PortalEnvironment[] InOrder = [PortalEnvironment.Production, PortalEnvironment.Sandbox];

    private readonly ConcurrentDictionary<string, Remembered> _remembered = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<ProductProfile> _products = [];
    private long _awayUntil;

    /// <summary>Where the link of a code leads. What is no code, unknown or disabled leads to the page without it; nothing throws.</summary>
    public async Task<LinkTarget> FollowAsync(string? code, CancellationToken ct)
    {
        if (await TryAsync(async asking => await Task.WhenAll(InOrder.Select(e => products.GetAsync(e, asking).AsTask())), ct) is { } known) _products = known;
        var asked = ReferrerRegister.IsCode(code) ? await OfCodeAsync(code!, ct) : [];
        if (asked is null)   // the database is away and the code was not seen before: it is passed on, for whoever signs up with it is checked anyway
            return _products.FirstOrDefault(p => p.Settings.LandingPage is not null) is { } likely ? new LinkTarget(LinkAddress.Of(likely.Settings.LandingPage!, code!, likely.ProductId, null), null) : new LinkTarget(null, null);
        if (asked is not [var found, ..])
            return new LinkTarget(_products.Select(p => p.Settings.LandingPage).FirstOrDefault(p => p is not null) is { } any ? LinkAddress.Of(any) : null, null);
        var product = _products.FirstOrDefault(p => p.Environment == found.Environment);
        if ((found.Page ?? product?.Settings.LandingPage) is not { } page) return new LinkTarget(null, found.IsDisabled ? null : found);
        return found.IsDisabled || product is null
            ? new LinkTarget(LinkAddress.Of(page), null)
            : new LinkTarget(LinkAddress.Of(page, found.Code, product.ProductId, found.FirstName), found);
    }

    /// <summary>A code of an environment, if there is such a one and its link is not disabled.</summary>
    public async Task<KnownCode?> FindAsync(PortalEnvironment environment, string? code, CancellationToken ct) =>
        ReferrerRegister.IsCode(code) && await OfCodeAsync(code!, ct) is { } known ? known.FirstOrDefault(k => k.Environment == environment && !k.IsDisabled) : null;

    /// <summary>The codes of this name, Production's first; null when that cannot be told just now.</summary>
    private async Task<IReadOnlyList<KnownCode>?> OfCodeAsync(string code, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        _remembered.TryGetValue(code, out var remembered);
        if (remembered is not null && now < remembered.Until) return remembered.Codes;
        if (await TryAsync(asking => ReadAsync(code, asking), ct) is not { } read) return remembered?.Codes;
        if (_remembered.Count >= MostRemembered) _remembered.Clear();
        _remembered[code] = new Remembered(read, now + Believed);
        return read;
    }

    private async Task<IReadOnlyList<KnownCode>> ReadAsync(string code, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var campaigns = db.Campaigns;
        var found = await db.ReferralCodes
            .Where(c => InOrder.Contains(c.Environment) && c.Code == code)
            .Select(c => new KnownCode(c.Environment, c.Code, c.CampaignId, c.DisabledAt != null,
                c.Referrer!.LandingPage ?? campaigns.Where(a => a.Environment == c.Environment && a.CampaignId == c.CampaignId).Select(a => a.LandingPage).FirstOrDefault(),
                c.Referrer.FirstName))
            .ToListAsync(ct);
        return [.. found.OrderByDescending(f => f.Environment == PortalEnvironment.Production)];
    }

    /// <summary>Asks the database, but not for long, and not again within the second in which it did not answer.</summary>
    private async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken ct) where T : class
    {
        if (clock.GetUtcNow().UtcTicks < Interlocked.Read(ref _awayUntil)) return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            return await ask(patience.Token);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _awayUntil, clock.GetUtcNow().AddSeconds(1).UtcTicks);
            logger.LinksFromMemory(exception.Message);
            return null;
        }
    }

    private sealed record Remembered(IReadOnlyList<KnownCode> Codes, DateTimeOffset Until);
}
