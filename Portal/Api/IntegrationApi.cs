using Portal.Core.Data;
using Portal.Core.Integration;

namespace Portal.Api;

/// <summary><c>v1/integration-status</c>: the four components.</summary>
internal static class IntegrationApi
{
    public static void MapIntegration(this IEndpointRouteBuilder api) => api.MapGet("/integration-status", FindAsync).WithTags("Integration")
        .WithSummary("Whether the referral component, the attribution script, signups and purchases are connected, and why not.").Produces<StatusItem>();

    private static async Task<IResult> FindAsync(World environment, IntegrationBoard board, CancellationToken ct)
    {
        var status = await board.FindAsync(environment.Environment, ct);
        return TypedResults.Ok(new StatusItem(status.Words, (long)status.Window.TotalSeconds, status.CheckedAt, [.. status.Components.Select(c => new ComponentItem(
            c.Component.Word(), c.Connection.Word(), c.Warning?.Word(), c.Why, c.Source, c.LastEventAt, [.. c.Days.Select(d => new DayItem(d.Day, d.Valid))],
            PortalUrls.Feed(environment.Environment, c)))]));
    }

    private sealed record StatusItem(string Status, long HealthWindowSeconds, DateTimeOffset CheckedAt, IReadOnlyList<ComponentItem> Components);

    private sealed record ComponentItem(
        string Component, string ConnectionStatus, string? WarningType, string Why, string? Source, DateTimeOffset? LastEventReceived, IReadOnlyList<DayItem> Days, string? Feed);

    private sealed record DayItem(DateOnly Day, long Valid);
}
