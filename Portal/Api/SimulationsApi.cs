using System.Globalization;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Core.Simulations;
using Portal.Exports;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/campaigns/{id}/simulate</c> and <c>v1/simulations</c>: what a draft would have cost. Nothing is posted.</summary>
internal static class SimulationsApi
{
    private const int DefaultWait = 30;
    private const int LongestWait = 60;

    public static void MapSimulations(this IEndpointRouteBuilder api)
    {
        api.MapPost("/campaigns/{id}/simulate", StartAsync).WithTags("Campaigns").Accepts<SimulateBody>("application/json")
            .WithSummary("Runs {revision} or {draft: true} over history, within from and to. ?wait= seconds for the result, 0 to 60, default 30.");
        var runs = api.MapGroup("/simulations/{id:long}").WithTags("Campaigns");
        runs.MapGet("", GetAsync).WithSummary("A simulation with its progress, and its report once it is done.");
        runs.MapPost("/cancel", CancelAsync).WithSummary("Stops a simulation.");
        runs.MapGet("/table.csv", SimulationTable.FileAsync).WithSummary("What was found per month, referrer and currency.");
    }

    private static async Task<IResult> StartAsync(
        World environment, string id, HttpRequest request, SimulationDesk desk, CurrentActor actor, CancellationToken ct)
    {
        if (!Wait(request).TryGet(out var wait, out var problem)) return ApiProblem.From(problem);
        if (!(await ApiInput.BodyAsync<SimulateBody>(request, ct)).TryGet(out var body, out problem)) return ApiProblem.From(problem);
        if (body.Revision is null == (body.Draft != true))
            return ApiProblem.From(new Problem("invalidField", "Send revision with the rules to try, or \"draft\": true: one of the two.", "revision"));
        var asked = new NewSimulation(body.Revision, body.EffectiveFrom, body.From, body.To);
        if (!(await desk.StartAsync(environment.Environment, id, asked, actor.Actor, ct)).TryGet(out var run, out problem)) return ApiProblem.From(problem);
        if (wait.Seconds > 0) run = await desk.WaitAsync(environment.Environment, run.Id, TimeSpan.FromSeconds(wait.Seconds), ct) ?? run;
        var item = Item(run);
        return run.IsOpen ? TypedResults.Accepted($"/api/{environment.Environment.Slug()}/v1/simulations/{item.Id}", item) : TypedResults.Ok(item);
    }

    private static async Task<IResult> GetAsync(World environment, long id, SimulationDesk desk, CancellationToken ct) =>
        await desk.FindAsync(environment.Environment, id, ct) is { } run
            ? TypedResults.Ok(Item(run))
            : ApiProblem.Of(404, "notFound", $"There is no simulation {id} in {environment.Environment.Slug()}.");

    private static async Task<IResult> CancelAsync(World environment, long id, SimulationDesk desk, CurrentActor actor, CancellationToken ct) =>
        (await desk.CancelAsync(environment.Environment, id, actor.Actor, ct)).TryGet(out var run, out var problem) ? TypedResults.Ok(Item(run)) : ApiProblem.From(problem);

    private static Outcome<Waiting> Wait(HttpRequest request)
    {
        if (ApiInput.Text(request, "wait") is not { } text) return new Waiting(DefaultWait);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LongestWait
            ? new Waiting(seconds)
            : new Problem("invalidField", $"wait must be 0 to {LongestWait} seconds.", "wait");
    }

    private static SimulationItem Item(SimulationRow r) => new(r.Id.ToString(CultureInfo.InvariantCulture), r.CampaignId, r.State.Word(), r.Done, r.Total, r.Terms, r.EffectiveFrom,
        r.From, r.To, r.RequestedAt, r.RequestedBy, r.EndedAt, r.Report);

    private sealed record Waiting(int Seconds);

    private sealed record SimulateBody(RevisionDocument? Revision, bool? Draft, DateTimeOffset? EffectiveFrom, DateTimeOffset? From, DateTimeOffset? To);

    private sealed record SimulationItem(
        string Id, string CampaignId, string State, int Done, int Total, RevisionDocument Terms, DateTimeOffset EffectiveFrom, DateTimeOffset? From, DateTimeOffset? To,
        DateTimeOffset RequestedAt, string RequestedBy, DateTimeOffset? EndedAt, SimulationReport? Report);
}
