using System.Diagnostics;
using Portal.Core;
using Portal.Core.Sources.Api;
using Portal.Core.Sources.Auto;
using Portal.Core.Telemetry;

namespace Portal.Webhooks;

/// <summary>
/// The door for providers: bytes, verified, made durable, acknowledged. No business happens here, and no answer is a 2xx before
/// the delivery is on disk. Answers are those of the contract: 200, 400, 401, 404, 413, 503 with <c>Retry-After</c>.
/// </summary>
public static class WebhookEndpoints
{
    /// <summary>Where events come from.</summary>
    public static readonly IReadOnlyList<string> Sources = [StripeWebhook.Source, ChargebeeWebhook.Source, ApiTriggers.Source, AutoSignup.Source];

    /// <summary>Maps the endpoints. They run right after routing: their own check of who sends is all the authorisation there is.</summary>
    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        Map(routes, StripeWebhook.Source, StripeWebhook.ReceiveAsync, "Receives Stripe events, signed by Stripe-Signature.");
        Map(routes, ChargebeeWebhook.Source, ChargebeeWebhook.ReceiveAsync, "Receives Chargebee events, with HTTP basic authentication.");
    }

    private static void Map(IEndpointRouteBuilder routes, string source, Func<HttpContext, PortalEnvironment, Task<string>> receive, string summary) =>
        routes.MapPost($"/webhooks/{{environment}}/{source}", (RequestDelegate)(context => WatchAsync(context, source, receive)))
            .AllowAnonymous().DisableAntiforgery().ShortCircuit().WithTags("Webhooks").WithSummary(summary);

    /// <summary>Takes the time, and counts what became of the request.</summary>
    private static async Task WatchAsync(HttpContext context, string source, Func<HttpContext, PortalEnvironment, Task<string>> receive)
    {
        var started = Stopwatch.GetTimestamp();
        using var span = PortalTelemetry.Spans.StartActivity("portal.receive");
        var isKnown = PortalEnvironments.TryParse(context.Request.RouteValues["environment"] as string, out var environment);
        var outcome = isKnown ? await receive(context, environment) : await UnknownAsync(context);
        var named = isKnown ? environment.Slug() : "unknown";
        PortalMeters.Answered(named, source, outcome, Stopwatch.GetElapsedTime(started));
        span?.SetTag(PortalTelemetry.Environment, named).SetTag(PortalTelemetry.Source, source).SetTag(PortalTelemetry.Outcome, outcome);
        if (outcome == WebhookOutcomes.NotStored) span?.SetStatus(ActivityStatusCode.Error);
    }

    private static async Task<string> UnknownAsync(HttpContext context)
    {
        await Receiving.RefuseAsync(context, 404, "unknownEnvironment", "The environment is 'sandbox' or 'production'.");
        return WebhookOutcomes.Rejected;
    }
}
