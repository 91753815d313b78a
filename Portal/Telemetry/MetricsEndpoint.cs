using Portal.Access;

namespace Portal.Telemetry;

/// <summary><c>GET /metrics</c>: all figures for Prometheus. Only for who calls from this machine, or has the token.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", ShowAsync).RequireAuthorization(Policies.ReadMetrics).ExcludeFromDescription();

    private static async Task<IResult> ShowAsync(InstanceMeters instance, FigureBook book)
    {
        await instance.ReadAsync();
        var (families, round) = book.Look();
        return Results.Text(PrometheusText.Write(families, round), PrometheusText.MediaType);
    }
}
