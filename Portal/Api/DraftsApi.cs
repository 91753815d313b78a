using System.Globalization;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Campaigns;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/campaigns/{id}/draft</c>: the next revision while people still work on it.</summary>
internal static class DraftsApi
{
    public static void MapDrafts(this IEndpointRouteBuilder api)
    {
        var draft = api.MapGroup("/campaigns/{id}/draft").WithTags("Campaigns");
        draft.MapGet("", GetAsync).WithSummary("The campaign's draft.");
        draft.MapPut("", PutAsync).WithSummary("Saves the draft: {version, terms}, with the version that was changed; none for the first.").Accepts<DraftBody>("application/json");
        draft.MapDelete("", RemoveAsync).WithSummary("Throws the draft away: ?version= for one that nobody changed meanwhile.");
        draft.MapPost("/publish", PublishAsync).WithSummary("Makes the draft a revision: {version, effectiveFrom, rebind}.").Accepts<PublishBody>("application/json");
    }

    private static async Task<IResult> GetAsync(World environment, string id, CampaignDrafts drafts, CancellationToken ct) =>
        await drafts.FindAsync(environment.Environment, id, ct) is { } draft ? TypedResults.Ok(Item(draft)) : ApiProblem.From(None(id));

    private static async Task<IResult> PutAsync(World environment, string id, HttpRequest request, CampaignDrafts drafts, CurrentActor actor, CancellationToken ct)
    {
        if (!(await ApiInput.BodyAsync<DraftBody>(request, ct)).TryGet(out var body, out var problem)) return ApiProblem.From(problem);
        if (body.Terms is null) return ApiProblem.From(new Problem("invalidField", "terms is required: a revision's rules.", "terms"));
        return (await drafts.PutAsync(environment.Environment, id, body.Version, body.Terms, actor.Actor, ct)).TryGet(out var draft, out problem)
            ? TypedResults.Ok(Item(draft))
            : ApiProblem.From(problem with { Field = problem.Code == "invalidField" ? $"terms.{problem.Field}" : problem.Field });
    }

    private static async Task<IResult> RemoveAsync(World environment, string id, HttpRequest request, CampaignDrafts drafts, CurrentActor actor, CancellationToken ct)
    {
        int? version = null;
        if (ApiInput.Text(request, "version") is { } text)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var given)) return ApiProblem.From(new Problem("invalidField", "version must be a whole number.", "version"));
            version = given;
        }
        return (await drafts.RemoveAsync(environment.Environment, id, version, actor.Actor, ct)).TryGet(out _, out var problem) ? TypedResults.NoContent() : ApiProblem.From(problem);
    }

    private static async Task<IResult> PublishAsync(
        World environment, string id, HttpRequest request, CampaignDrafts drafts, CampaignEditor editor, CurrentActor actor, CancellationToken ct)
    {
        if (!(await ApiInput.BodyAsync<PublishBody>(request, ct)).TryGet(out var body, out var problem)) return ApiProblem.From(problem);
        if (await drafts.FindAsync(environment.Environment, id, ct) is not { } draft) return ApiProblem.From(None(id));
        var terms = draft.Terms with { EffectiveFrom = body.EffectiveFrom ?? draft.Terms.EffectiveFrom, Rebind = body.Rebind };
        return (await editor.AddRevisionAsync(environment.Environment, id, terms, actor.Actor, ct, body.Version ?? draft.Version)).TryGet(out var revision, out problem)
            ? TypedResults.Created((string?)null, CampaignsApi.Item(revision))
            : ApiProblem.From(problem);
    }

    private static Problem None(string id) => new("notFound", $"Campaign {id} has no draft.", Kind: ProblemKind.Missing);

    private static DraftItem Item(DraftRow d) => new(d.Version, d.UpdatedAt, d.UpdatedBy, d.Terms);

    private sealed record DraftBody(int? Version, RevisionDocument? Terms);

    private sealed record PublishBody(int? Version, DateTimeOffset? EffectiveFrom, bool? Rebind);

    private sealed record DraftItem(int Version, DateTimeOffset UpdatedAt, string UpdatedBy, RevisionDocument Terms);
}
