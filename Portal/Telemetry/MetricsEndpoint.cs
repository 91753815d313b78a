using Portal.Access;

namespace Portal.Telemetry;

/// <summary><c>GET /metrics</c>: all figures for Prometheus. Only for who calls from this machine, or has the token.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        // The book first: it must be open when the first thing is counted. A figure is there from the start, not from its first use.
        routes.ServiceProvider.GetRequiredService<FigureBook>();
        routes.ServiceProvider.GetRequiredService<CircuitMeters>();
        routes.MapGet("/metrics", ShowAsync).RequireAuthorization(Policies.ReadMetrics).ExcludeFromDescription();
    }

    private static async Task<IResult> ShowAsync(InstanceMeters instance, FigureBook book)
    {
        await instance.ReadAsync();
        var (families, round) = book.Look();
        return Results.Text(PrometheusText.Write(families, round), PrometheusText.MediaType);
    }
}
