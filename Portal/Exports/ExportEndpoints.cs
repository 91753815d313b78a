using Portal.Access;
using Portal.Api;
using Portal.Core.Access;
using Portal.Core.Ledger;
using Portal.Core.Payouts;
using Portal.Core.Referrers;
using Portal.Core.Statements;
using Portal.Hosting;

namespace Portal.Exports;

/// <summary>The pages' downloads: what their filters show, whole.</summary>
internal static class ExportEndpoints
{
    /// <summary>Maps <c>/{environment}/ledger.csv</c>, <c>/{environment}/statement.csv</c>, <c>/{environment}/payout.csv</c> and <c>/{environment}/simulations/{id}/table.csv</c>.</summary>
    public static void MapExports(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/{environment}").RequireAuthorization(Policies.View).RequireRateLimiting(RateLimits.Files);
        files.MapGet("/ledger.csv", (World environment, HttpRequest request, JournalSearch journal, CancellationToken ct) =>
            LedgerApi.Read(environment.Environment, request).TryGet(out var query, out var problem) ? MoneyFiles.Journal(journal, query, ct) : ApiProblem.From(problem));
        files.MapGet("/statement.csv", async (World environment, string referrer, HttpRequest request, ReferrerSearch referrers, ReferrerStatement statement, CancellationToken ct) =>
            !ReferrersApi.ReadStatement(environment.Environment, referrer, request).TryGet(out var query, out var problem) ? ApiProblem.From(problem)
            : await referrers.FindAsync(query.Environment, referrer, ct) is null ? ReferrersApi.NotFound(query.Environment, referrer)
            : MoneyFiles.Statement(statement, query, ct));
        files.MapGet("/simulations/{id:long}/table.csv", SimulationTable.FileAsync);
        files.MapGet("/payout.csv", async (World environment, long id, PayoutDesk desk, PayoutDetailsBook book, CurrentActor actor, CancellationToken ct) =>
            (await desk.ExportAsync(environment.Environment, id, actor.Actor, ct)).TryGet(out var payout, out var problem) ? await PayoutFile.OfAsync(payout, book, ct) : ApiProblem.From(problem))
            .RequireAuthorization(Policies.ManageMoney);
    }
}
