using Portal.Access;

namespace Portal.Api;

/// <summary>The portal's own API: one group with one policy, one file per resource.</summary>
public static class ApiEndpoints
{
    /// <summary>Maps <c>/api/{environment}/v1/…</c>.</summary>
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/{environment}/v1").RequireAuthorization(Policies.ManageApi).RequireRateLimiting(RateLimits.Api).DisableAntiforgery();
        api.MapReferrers();
        api.MapReferrals();
        api.MapCampaigns();
        api.MapDrafts();
        api.MapSimulations();
        api.MapRates();
        api.MapEvents();
        api.MapRewards();
        api.MapLedger();
        api.MapReviews();
        api.MapRebuild();
        api.MapPayouts();
        api.MapAudit();
        api.MapErasures();
    }
}
