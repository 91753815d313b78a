using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Pipeline;
using Portal.Core.Sources.Stripe;
using Portal.Core.Telemetry;

namespace Portal.Webhooks;

/// <summary>
/// The door for providers: bytes, verified, made durable, acknowledged. No business happens here, and no answer is a 2xx before
/// the delivery is on disk. Answers are those of the contract: 200, 400, 404, 413, 503 with <c>Retry-After</c>.
/// </summary>
public static class WebhookEndpoints
{
    /// <summary>The largest body taken, in bytes.</summary>
    public const int LargestBody = 1024 * 1024;

    /// <summary>The providers that are served.</summary>
    public static readonly IReadOnlyList<string> Sources = [Stripe];

    /// <summary>How long a delivery may wait for the disk: less than providers wait for the answer.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private const string Stripe = "stripe";

    private static readonly byte[] Received = "{\"received\":true}"u8.ToArray();

    /// <summary>Maps the endpoints. They run right after routing: their own signature check is all the authorisation there is.</summary>
    public static void MapWebhooks(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/webhooks/{environment}/stripe", (RequestDelegate)WatchAsync)
            .AllowAnonymous().DisableAntiforgery().ShortCircuit().WithTags("Webhooks")
            .WithSummary("Receives Stripe events, signed by Stripe-Signature.");

    /// <summary>Takes the time, and counts what became of the request.</summary>
    private static async Task WatchAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        using var span = PortalTelemetry.Spans.StartActivity("portal.receive");
        var outcome = await ReceiveAsync(context);
        var environment = PortalEnvironments.TryParse(context.Request.RouteValues["environment"] as string, out var known) ? known.Slug() : "unknown";
        PortalMeters.Answered(environment, Stripe, outcome, Stopwatch.GetElapsedTime(started));
        span?.SetTag(PortalTelemetry.Environment, environment).SetTag(PortalTelemetry.Source, Stripe).SetTag(PortalTelemetry.Outcome, outcome);
        if (outcome == WebhookOutcomes.NotStored) span?.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Receives one request and answers it.</summary>
    /// <returns>What became of it, one of <see cref="WebhookOutcomes"/>.</returns>
    private static async Task<string> ReceiveAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var clock = services.GetRequiredService<TimeProvider>();
        var intake = services.GetRequiredService<IIntake>();
        if (!PortalEnvironments.TryParse(context.Request.RouteValues["environment"] as string, out var environment))
        {
            await RefuseAsync(context, 404, "unknownEnvironment", "The environment is 'sandbox' or 'production'.");
            return WebhookOutcomes.Rejected;
        }

        byte[]? body;
        try
        {
            body = await ReadBodyAsync(context.Request, context.RequestAborted);
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            body = null;
        }
        catch (BadHttpRequestException broken)
        {
            // A body that broke off or came too slowly was not received: whatever else, no 2xx for it.
            context.Response.Headers.Connection = "close";
            await RefuseAsync(context, broken.StatusCode, "bodyIncomplete", "The body did not arrive whole; send it again.");
            return WebhookOutcomes.Broken;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            context.Abort();   // the sender hung up; it will come again
            return WebhookOutcomes.Broken;
        }

        var now = clock.GetUtcNow();
        var header = context.Request.Headers[StripeSignature.HeaderName].ToString();
        if (body is null)
        {
            Keep("tooLarge", "The body is larger than 1 MiB.", []);
            context.Response.Headers.Connection = "close";   // the rest of the body is not read, so no other request may follow it here
            await RefuseAsync(context, 413, "tooLarge", "The body is larger than 1 MiB.");
            return WebhookOutcomes.Rejected;
        }

        var signing = services.GetRequiredService<SigningSecrets>();
        SecretSnapshot secrets;
        SignatureVerdict verdict;
        try
        {
            secrets = signing.ActiveFor(environment, now);
            using (PortalTelemetry.Spans.StartActivity("portal.verify")) verdict = Verify(secrets);
            if (!verdict.Accepted && signing.AskAgain(environment, secrets, now) is { } newer) (secrets, verdict) = (newer, Verify(newer));
        }
        catch (Exception exception)
        {
            await NotStoredAsync(context, environment, exception);
            return WebhookOutcomes.NotStored;
        }
        if (secrets.Values.Count == 0)
        {
            Keep("noSecret", $"No signing secret is configured for {environment.Slug()}.", body);
            await RefuseAsync(context, 404, "noSecret", $"No signing secret is configured for {environment.Slug()}.");
            return WebhookOutcomes.Rejected;
        }
        if (!verdict.Accepted)
        {
            var code = verdict.Failure!.Value.ToString();
            code = char.ToLowerInvariant(code[0]) + code[1..];
            Keep(code, verdict.Reason, body);
            await RefuseAsync(context, 400, code, verdict.Reason);
            return WebhookOutcomes.Rejected;
        }
        var sha256 = SHA256.HashData(body);
        if (!StripeEnvelope.TryRead(body, sha256, out var envelope, out var problem))
        {
            Keep("notJson", problem, body);
            await RefuseAsync(context, 400, "notJson", problem);
            return WebhookOutcomes.Rejected;
        }

        Receipt receipt;
        try
        {
            using var storing = PortalTelemetry.Spans.StartActivity("portal.store");   // as long as the wait for the commit
            var handedOver = Stopwatch.GetTimestamp();
            receipt = await intake.AcceptAsync(new IncomingDelivery
            {
                Environment = environment,
                Source = Stripe,
                ReceivedAt = now,
                RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
                Signature = Short(header),
                Body = body,
                BodySha256 = sha256,
                Envelope = envelope,
                SecretId = secrets.Ids[verdict.SecretIndex],
            }).WaitAsync(LongestWait);   // it may be stored still; the provider's next try then is a duplicate
            PortalMeters.Committed(environment.Slug(), Stripe, Stopwatch.GetElapsedTime(handedOver));
            services.GetRequiredService<EventPipeline>().Arrivals.Note(environment, receipt.EventId);
        }
        catch (Exception exception)
        {
            await NotStoredAsync(context, environment, exception);
            return WebhookOutcomes.NotStored;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Received.Length;
        await context.Response.BodyWriter.WriteAsync(Received);
        return receipt.Outcome.Word();

        SignatureVerdict Verify(SecretSnapshot with) => StripeSignature.Verify(body, header, with.Values, now, StripeSignature.DefaultTolerance);

        void Keep(string code, string reason, byte[] bytes) => intake.Refuse(new RefusedDelivery
        {
            Environment = environment,
            Source = Stripe,
            ReceivedAt = now,
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
            Signature = Short(header),
            Body = bytes,
            BodyLength = Math.Max(bytes.Length, context.Request.ContentLength ?? 0),
            ReasonCode = code,
            Reason = reason,
        });
    }

    /// <summary>The raw body; null when it is larger than <see cref="LargestBody"/>.</summary>
    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > LargestBody) return null;
        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(ct);
            if (result.Buffer.Length > LargestBody)
            {
                reader.AdvanceTo(result.Buffer.End);
                return null;
            }
            if (result.IsCompleted)
            {
                var body = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return body;
            }
            if (result.IsCanceled) throw new OperationCanceledException(ct);
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Under pressure, or with the database away: never a 2xx, and the provider knows when to come again.</summary>
    private static Task NotStoredAsync(HttpContext context, PortalEnvironment environment, Exception exception)
    {
        var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(WebhookEndpoints));
        using (logger.In(environment, Stripe)) logger.NotStored(exception.GetType().Name, exception.Message);
        context.Response.Headers.RetryAfter = "5";
        return RefuseAsync(context, 503, "notStored", "The delivery could not be stored just now; send it again.");
    }

    private static string? Short(string header) => header.Length == 0 ? null : header.Length <= 4096 ? header : header[..4096];

    private static Task RefuseAsync(HttpContext context, int status, string code, string detail) =>
        Hosting.ApiProblem.Of(status, code, detail).ExecuteAsync(context);
}

/// <summary>What becomes of a provider's request, for the figures.</summary>
internal static class WebhookOutcomes
{
    /// <summary>Refused, and kept in the quarantine where it names an environment.</summary>
    public const string Rejected = "rejected";

    /// <summary>Verified, but not durable: the provider comes again.</summary>
    public const string NotStored = "notStored";

    /// <summary>The body did not arrive whole.</summary>
    public const string Broken = "broken";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [DeliveryOutcome.Accepted.Word(), DeliveryOutcome.Duplicate.Word(), Rejected, NotStored, Broken];
}

internal static partial class WebhookLog
{
    [LoggerMessage(1200, LogLevel.Error, "A verified delivery could not be stored ({Kind}): {Message}")]
    public static partial void NotStored(this ILogger logger, string kind, string message);
}
