using System.Globalization;
using Portal.Core.Audit;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/audit-log</c>: who changed what in this environment, and when.</summary>
internal static class AuditApi
{
    public static void MapAudit(this IEndpointRouteBuilder api) =>
        api.MapGet("/audit-log", ListAsync).WithTags("Audit").WithSummary("Changes by people, keys and the portal itself, newest first. Filters: actor, action, from, to.");

    private static async Task<IResult> ListAsync(World environment, HttpRequest request, AuditSearch search, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        if (!ApiInput.Moment(request, "from").TryGet(out var from, out problem)) return ApiProblem.From(problem);
        if (!ApiInput.Moment(request, "to").TryGet(out var to, out problem)) return ApiProblem.From(problem);
        var page = await search.FindAsync(new AuditQuery
        {
            Environment = environment.Environment,
            Actor = ApiInput.Text(request, "actor"),
            Action = ApiInput.Text(request, "action"),
            From = from.Value,
            To = to.Value,
            Cursor = paging.Value.Cursor,
            Limit = paging.Value.Limit,
        }, ct);
        return TypedResults.Ok(ItemList<AuditItem>.From(page, Item));
    }

    private static AuditItem Item(AuditEntry a) =>
        new(a.Id.ToString(CultureInfo.InvariantCulture), a.At, a.Actor, a.RemoteAddress, a.Action, a.Target, a.Before, a.After, a.Hash);

    private sealed record AuditItem(
        string Id, DateTimeOffset At, string Actor, string? RemoteAddress, string Action, string Target, string? Before, string? After, string? Hash);
}
