using Portal.Core.Audit;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Core.Products;
using Portal.Core.Referrers;

namespace Portal.Core.Visits;

/// <summary>What people set of links: where they lead, and which of them lead to the page without their code.</summary>
public sealed class LinkDesk(PortalStore store, ChangeFeed changes, TimeProvider clock)
{
    /// <summary>Sets the page that a campaign's links lead to; empty for the product's.</summary>
    /// <returns>The page; problems <c>notFound</c>, <c>invalidField</c>.</returns>
    public Task<Outcome<PageSet>> SetCampaignPageAsync(PortalEnvironment environment, string campaignId, string? page, Actor actor, CancellationToken ct) =>
        SetAsync(environment, page, (db, wanted) =>
        {
            if (db.Campaigns.SingleOrDefault(c => c.Environment == environment && c.CampaignId == campaignId) is not { } campaign)
                return new Problem("notFound", $"There is no campaign {campaignId}.", Kind: ProblemKind.Missing);
            if (campaign.LandingPage != wanted) db.Audit(actor, clock.GetUtcNow(), environment, "campaign.landingPage", campaignId, campaign.LandingPage, wanted);
            campaign.LandingPage = wanted;
            return new PageSet(wanted);
        }, ct);

    /// <summary>Sets the page that a referrer's links lead to; empty for the campaign's.</summary>
    /// <returns>The page; problems <c>notFound</c>, <c>invalidField</c>.</returns>
    public Task<Outcome<PageSet>> SetReferrerPageAsync(PortalEnvironment environment, long referrerId, string? page, Actor actor, CancellationToken ct) =>
        SetAsync(environment, page, (db, wanted) =>
        {
            if (db.Referrers.SingleOrDefault(r => r.Environment == environment && r.Id == referrerId) is not { } referrer)
                return new Problem("notFound", "There is no such referrer.", Kind: ProblemKind.Missing);
            if (referrer.LandingPage != wanted) db.Audit(actor, clock.GetUtcNow(), environment, "referrer.landingPage", referrer.ProductUserId, Said(referrer.LandingPage), Said(wanted));
            referrer.LandingPage = wanted;
            return new PageSet(wanted);
        }, ct);

    /// <summary>Not the page itself: it may be the person's own, and what is in the log can never be erased.</summary>
    private static string? Said(string? page) => page is null ? null : "set";

    /// <summary>Disables a code's link, or enables it again. What was attributed by it stays, and so does what is signed up with it by other ways.</summary>
    /// <returns>Whether it was otherwise before.</returns>
    public async Task<bool> SetDisabledAsync(PortalEnvironment environment, string code, bool disabled, Actor actor, CancellationToken ct)
    {
        var changed = await store.WriteAsync(db =>
        {
            if (db.ReferralCodes.SingleOrDefault(c => c.Environment == environment && c.Code == code) is not { } known || known.DisabledAt is not null == disabled) return false;
            var now = clock.GetUtcNow();
            known.DisabledAt = disabled ? now : null;
            db.Audit(actor, now, environment, disabled ? "code.disabled" : "code.enabled", code);
            return true;
        }, ct);
        if (changed) changes.Publish(environment);
        return changed;
    }

    private async Task<Outcome<PageSet>> SetAsync(PortalEnvironment environment, string? page, Func<PortalDb, string?, Outcome<PageSet>> set, CancellationToken ct)
    {
        var wanted = string.IsNullOrWhiteSpace(page) ? null : page.Trim();
        if (wanted is not null && !ProductRules.IsPage(wanted))
            return new Problem("invalidField", "The landing page must be an absolute URL that begins with https:// or http://, or empty.", "landingPage");
        var outcome = await store.WriteAsync(db => set(db, wanted), ct);
        changes.Publish(environment);
        return outcome;
    }
}

/// <summary>A landing page as it stands now.</summary>
/// <param name="Page">Its URL; null for none of its own.</param>
public sealed record PageSet(string? Page);
