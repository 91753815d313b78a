using Portal.Core.Access;
using Portal.Core.Erasure;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/erasures</c>: takes name and address of a person out of everything that is stored.</summary>
internal static class ErasuresApi
{
    public static void MapErasures(this IEndpointRouteBuilder api) => api.MapPost("/erasures", EraseAsync).WithTags("Erasures").Accepts<ErasureRequest>("application/json")
        .WithSummary("Erases a person by productUserId, newUserId or customerId. Says what would go unless dryRun is false; then a reason is needed, which must not name the person.");

    private static async Task<IResult> EraseAsync(World environment, HttpRequest request, PersonEraser eraser, CurrentActor actor, CancellationToken ct)
    {
        if (!(await ApiInput.BodyAsync<ErasureRequest>(request, ct)).TryGet(out var given, out var problem)) return ApiProblem.From(problem);
        return (await eraser.RunAsync(environment.Environment, given, actor.Actor, ct)).TryGet(out var report, out problem) ? TypedResults.Ok(report) : ApiProblem.From(problem);
    }
}
