using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Referrers;

namespace Portal.Core.Visits;

/// <summary>How often links were opened on a day.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Views">Visits.</param>
/// <param name="Visitors">Different visitors, of each link by itself.</param>
public sealed record ViewsOfDay(DateOnly Day, long Views, long Visitors);

/// <summary>A link and how often it was opened in the last days.</summary>
/// <param name="Code">The code.</param>
/// <param name="ProductUserId">Whose.</param>
/// <param name="Name">The referrer's first and last name, if given.</param>
/// <param name="CampaignId">The campaign whose rules its signups follow.</param>
/// <param name="DisabledAt">Since when it leads to the page without its code.</param>
/// <param name="Views">Visits.</param>
/// <param name="Visitors">Different visitors of each day.</param>
public sealed record LinkRow(string Code, string ProductUserId, string? Name, string CampaignId, DateTimeOffset? DisabledAt, long Views, long Visitors);

/// <summary>A referrer's links.</summary>
/// <param name="Page">Where they lead, if not to the campaign's page.</param>
/// <param name="Links">One for each code, oldest first.</param>
public sealed record ReferrerLinks(string? Page, IReadOnlyList<LinkRow> Links);

/// <summary>Reads how often links are opened.</summary>
public sealed class LinkSearch(PortalStore store, TimeProvider clock)
{
    /// <summary>How far back the pages look, today included.</summary>
    public const int Days = 30;

    private int From => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).DayNumber - Days + 1;

    /// <summary>The views of each of the last days, oldest first.</summary>
    public async Task<IReadOnlyList<ViewsOfDay>> DaysAsync(PortalEnvironment environment, CancellationToken ct)
    {
        var from = From;
        await using var db = store.OpenRead();
        var found = await db.LinkViews.Where(v => v.Environment == environment && v.Day >= from)
            .GroupBy(v => v.Day).Select(g => new { Day = g.Key, Views = g.Sum(v => v.Views), Visitors = g.Sum(v => v.Visitors) }).ToDictionaryAsync(v => v.Day, ct);
        return [.. Enumerable.Range(from, Days).Select(day => found.TryGetValue(day, out var of)
            ? new ViewsOfDay(DateOnly.FromDayNumber(day), of.Views, of.Visitors)
            : new ViewsOfDay(DateOnly.FromDayNumber(day), 0, 0))];
    }

    /// <summary>The links that were opened most in the last days.</summary>
    public async Task<IReadOnlyList<LinkRow>> MostViewedAsync(PortalEnvironment environment, int most, CancellationToken ct)
    {
        var from = From;
        await using var db = store.OpenRead();
        var codes = await db.LinkViews.Where(v => v.Environment == environment && v.Day >= from)
            .GroupBy(v => v.Code).Select(g => new { Code = g.Key, Views = g.Sum(v => v.Views) }).OrderByDescending(v => v.Views).ThenBy(v => v.Code)
            .Take(most).Select(v => v.Code).ToListAsync(ct);
        return [.. (await RowsAsync(db, db.ReferralCodes.Where(c => c.Environment == environment && codes.Contains(c.Code)), from, ct)).OrderByDescending(r => r.Views).ThenBy(r => r.Code, StringComparer.Ordinal)];
    }

    /// <summary>A referrer's links; null for no such referrer.</summary>
    public async Task<ReferrerLinks?> OfReferrerAsync(PortalEnvironment environment, long referrerId, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var referrer = await db.Referrers.Where(r => r.Environment == environment && r.Id == referrerId).Select(r => new { r.LandingPage }).FirstOrDefaultAsync(ct);
        return referrer is null ? null : new ReferrerLinks(referrer.LandingPage, await RowsAsync(db, db.ReferralCodes.Where(c => c.ReferrerId == referrerId), From, ct));
    }

    private static async Task<IReadOnlyList<LinkRow>> RowsAsync(PortalDb db, IQueryable<ReferralCode> codes, int from, CancellationToken ct)
    {
        var views = db.LinkViews.Where(v => v.Day >= from);
        var found = await codes.OrderBy(c => c.Id).Select(c => new
        {
            c.Code, c.Referrer!.ProductUserId, c.Referrer.FirstName, c.Referrer.LastName, c.CampaignId, c.DisabledAt,
            Views = views.Where(v => v.Environment == c.Environment && v.Code == c.Code).Sum(v => v.Views),
            Visitors = views.Where(v => v.Environment == c.Environment && v.Code == c.Code).Sum(v => v.Visitors),
        }).ToListAsync(ct);
        return found.ConvertAll(c => new LinkRow(c.Code, c.ProductUserId, $"{c.FirstName} {c.LastName}".Trim() is { Length: > 0 } name ? name : null, c.CampaignId, c.DisabledAt, c.Views, c.Visitors));
    }
}
