using Portal.Core.Access;
using Portal.Core.Campaigns;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/campaigns</c>: rules as data, versioned.</summary>
internal static class CampaignsApi
{
    public static void MapCampaigns(this IEndpointRouteBuilder api)
    {
        var campaigns = api.MapGroup("/campaigns").WithTags("Campaigns");
        campaigns.MapGet("", ListAsync).WithSummary("Lists campaigns with their revisions.");
        campaigns.MapPut("/{id}", PutAsync).WithSummary("Creates or renames a campaign.").Accepts<CampaignBody>("application/json");
        campaigns.MapPost("/{id}/revisions", AddRevisionAsync).WithSummary("Adds a revision.").Accepts<RevisionDocument>("application/json");
    }

    private static async Task<IResult> ListAsync(World environment, CampaignEditor editor, CancellationToken ct) =>
        TypedResults.Ok(new ItemList<CampaignItem>([.. (await editor.ListAsync(environment.Environment, ct)).Select(Item)], null));

    private static async Task<IResult> PutAsync(World environment, string id, HttpRequest request, CampaignEditor editor, CurrentActor actor, CancellationToken ct)
    {
        if (!(await ApiInput.BodyAsync<CampaignBody>(request, ct)).TryGet(out var body, out var problem)) return ApiProblem.From(problem);
        return (await editor.PutAsync(environment.Environment, id, body.Name, actor.Actor, ct)).TryGet(out var campaign, out problem)
            ? TypedResults.Ok(Item(campaign))
            : ApiProblem.From(problem);
    }

    private static async Task<IResult> AddRevisionAsync(
        World environment, string id, HttpRequest request, CampaignEditor editor, CurrentActor actor, CancellationToken ct)
    {
        if (!(await ApiInput.BodyAsync<RevisionDocument>(request, ct)).TryGet(out var body, out var problem)) return ApiProblem.From(problem);
        return (await editor.AddRevisionAsync(environment.Environment, id, body, actor.Actor, ct)).TryGet(out var revision, out problem)
            ? TypedResults.Created((string?)null, Item(revision))
            : ApiProblem.From(problem);
    }

    private static CampaignItem Item(CampaignRow c) => new(c.Id, c.Name, c.CreatedAt, [.. c.Revisions.Select(Item)]);

    public static RevisionItem Item(RevisionRow r) => new(r.Number, r.EffectiveFrom, r.CreatedAt, r.CreatedBy, r.Terms);

    private sealed record CampaignBody(string? Name);

    private sealed record CampaignItem(string Id, string Name, DateTimeOffset CreatedAt, IReadOnlyList<RevisionItem> Revisions);

    public sealed record RevisionItem(int Revision, DateTimeOffset EffectiveFrom, DateTimeOffset CreatedAt, string CreatedBy, RevisionDocument Terms);
}
