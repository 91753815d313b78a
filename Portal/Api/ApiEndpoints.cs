using Portal.Access;

namespace Portal.Api;

/// <summary>The API for programs: the reference product's paths, and the portal's own under <c>v1</c>; one policy, one file per resource.</summary>
public static class ApiEndpoints
{
    /// <summary>Maps <c>/api/{environment}/…</c>.</summary>
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/api/{environment}").RequireRateLimiting(RateLimits.Api).DisableAntiforgery();
        var product = all.MapGroup("").RequireAuthorization(Policies.UseProductApi);
        product.MapProduct();
        product.MapInProductRewards();
        var api = all.MapGroup("/v1").RequireAuthorization(Policies.ManageApi);
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
        api.MapIntegration();
    }
}
