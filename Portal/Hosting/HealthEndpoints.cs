using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Campaigns;
using Portal.Core.Data;

namespace Portal.Hosting;

/// <summary>Probes: alive means that the process answers, ready that the store does too. They tell nothing else.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/healthz").AllowAnonymous().ExcludeFromDescription();
        health.MapGet("/live", () => TypedResults.Ok(new Health("alive")));
        health.MapGet("/ready", ReadyAsync);
    }

    private static async Task<Results<Ok<Health>, JsonHttpResult<Health>>> ReadyAsync(PortalStore store, CancellationToken ct)
    {
        try
        {
            await using var db = store.OpenRead();
            await db.Campaigns.AnyAsync(ct);
            return TypedResults.Ok(new Health("ready"));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return TypedResults.Json(new Health("unavailable"), statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private sealed record Health(string Status);
}
