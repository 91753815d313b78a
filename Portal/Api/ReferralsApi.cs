using Portal.Core.Referrals;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/referrals</c>.</summary>
internal static class ReferralsApi
{
    public static void MapReferrals(this IEndpointRouteBuilder api) => api.MapGet("/referrals", ListAsync)
        .WithTags("Referrals").WithSummary("Lists referred people, newest first. Filters: newUserId, ucc.");

    private static async Task<IResult> ListAsync(World environment, HttpRequest request, ReferralSearch search, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        var page = await search.FindAsync(environment.Environment, ApiInput.Text(request, "newUserId"), ApiInput.Text(request, "ucc"),
            paging.Value.Cursor, paging.Value.Limit, ct);
        return TypedResults.Ok(ItemList<ReferralRow>.From(page, r => r));
    }
}
