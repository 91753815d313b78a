using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Referrers;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/referrers</c>.</summary>
internal static class ReferrersApi
{
    public static void MapReferrers(this IEndpointRouteBuilder api)
    {
        var referrers = api.MapGroup("/referrers").WithTags("Referrers");
        referrers.MapPost("", AddAsync).WithSummary("Creates or returns a referrer.").Accepts<NewReferrer>("application/json");
        referrers.MapGet("", ListAsync).WithSummary("Lists referrers, oldest first. Filters: productUserId, ucc.");
    }

    private static async Task<IResult> AddAsync(
        World environment, HttpRequest request, ReferrerRegister register, CurrentActor actor, IOptions<PortalOptions> options, CancellationToken ct)
    {
        if (!(await ApiInput.BodyAsync<NewReferrer>(request, ct)).TryGet(out var given, out var problem)) return ApiProblem.From(problem);
        if (!(await register.AddAsync(environment.Environment, given, actor.Actor, ct)).TryGet(out var added, out problem)) return ApiProblem.From(problem);
        return added.IsNew ? TypedResults.Created((string?)null, Item(added.Referrer, options.Value)) : TypedResults.Ok(Item(added.Referrer, options.Value));
    }

    private static async Task<IResult> ListAsync(
        World environment, HttpRequest request, ReferrerRegister register, IOptions<PortalOptions> options, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        var rows = await register.FindAsync(environment.Environment, ApiInput.Text(request, "productUserId"), ApiInput.Text(request, "ucc"),
            paging.Value.Cursor ?? 0, paging.Value.Limit + 1, ct);
        var more = rows.Count > paging.Value.Limit;
        return TypedResults.Ok(new ItemList<ReferrerItem>([.. rows.Take(paging.Value.Limit).Select(r => Item(r, options.Value))],
            more ? rows[paging.Value.Limit - 1].Id.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static ReferrerItem Item(ReferrerRow r, PortalOptions options) =>
        new(r.ProductUserId, r.Ucc, $"{options.PublicUrl?.TrimEnd('/')}/r/{r.Ucc}", r.Email, r.FirstName, r.LastName, r.CampaignId, r.CreatedAt);

    private sealed record ReferrerItem(
        string ProductUserId, string Ucc, string Link, string? Email, string? FirstName, string? LastName, string CampaignId, DateTimeOffset CreatedAt);
}
