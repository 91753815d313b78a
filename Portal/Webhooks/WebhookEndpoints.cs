using System.Diagnostics;
using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Products;
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

    private static void Map(IEndpointRouteBuilder routes, string source, Func<HttpContext, PortalEnvironment, Task<string>> receive, string summary)
    {
        Map(routes, $"/webhooks/{{environment}}/{source}", ByName, source, receive, summary);
        Map(routes, $"/products/{{productId}}/transaction-webhook/{source}", ByProductAsync, source, receive, $"{summary} The environment is that of the product.");
    }

    private static void Map(
        IEndpointRouteBuilder routes, string path, Func<HttpContext, ValueTask<PortalEnvironment?>> where, string source, Func<HttpContext, PortalEnvironment, Task<string>> receive, string summary) =>
        routes.MapPost(path, (RequestDelegate)(context => WatchAsync(context, where, source, receive)))
            .AllowAnonymous().DisableAntiforgery().ShortCircuit().WithTags("Webhooks").WithSummary(summary);

    private static ValueTask<PortalEnvironment?> ByName(HttpContext context) =>
        new(PortalEnvironments.TryParse(context.Request.RouteValues["environment"] as string, out var environment) ? environment : null);

    private static async ValueTask<PortalEnvironment?> ByProductAsync(HttpContext context)
    {
        try
        {
            return (await context.RequestServices.GetRequiredService<ProductRegister>().FindAsync((string)context.Request.RouteValues["productId"]!, context.RequestAborted))?.Environment;
        }
        catch (Exception exception) when (context.RequestServices.GetRequiredService<PortalStore>().IsUnavailable(exception))
        {
            await Receiving.NotStoredAsync(context, PortalEnvironment.Production, "unknown", exception);
            return null;
        }
    }

    /// <summary>Takes the time, and counts what became of the request.</summary>
    private static async Task WatchAsync(HttpContext context, Func<HttpContext, ValueTask<PortalEnvironment?>> where, string source, Func<HttpContext, PortalEnvironment, Task<string>> receive)
    {
        var started = Stopwatch.GetTimestamp();
        using var span = PortalTelemetry.Spans.StartActivity("portal.receive");
        var environment = await where(context);
        var named = environment?.Slug() ?? "unknown";
        var outcome = environment is { } known ? await receive(context, known) : context.Response.HasStarted ? WebhookOutcomes.NotStored : await UnknownAsync(context);
        PortalMeters.Answered(named, source, outcome, Stopwatch.GetElapsedTime(started));
        span?.SetTag(PortalTelemetry.Environment, named).SetTag(PortalTelemetry.Source, source).SetTag(PortalTelemetry.Outcome, outcome);
        if (outcome == WebhookOutcomes.NotStored) span?.SetStatus(ActivityStatusCode.Error);
    }

    private static async Task<string> UnknownAsync(HttpContext context)
    {
        await Receiving.RefuseAsync(context, 404, "unknownEnvironment", "The environment is 'sandbox' or 'production', and a product id one that the portal knows.");
        return WebhookOutcomes.Rejected;
    }
}
