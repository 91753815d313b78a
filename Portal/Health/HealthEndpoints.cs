using Microsoft.AspNetCore.Http.HttpResults;

namespace Portal.Health;

/// <summary>Probes: alive means that the process answers, ready that all it needs does too. Strangers learn which part fails, and no more.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/healthz").AllowAnonymous().ExcludeFromDescription();
        health.MapGet("/live", () => TypedResults.Ok(new Life("alive")));
        health.MapGet("/ready", ReadyAsync);
    }

    private static async Task<JsonHttpResult<Readiness>> ReadyAsync(HealthBoard board)
    {
        var report = await board.LookAsync();
        return TypedResults.Json(
            new Readiness(report.Status, [.. report.Checks.Select(c => new Part(c.Name, c.IsWell ? "ok" : "failing"))]),
            statusCode: report.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private sealed record Life(string Status);

    private sealed record Readiness(string Status, IReadOnlyList<Part> Checks);

    private sealed record Part(string Name, string Status);
}
