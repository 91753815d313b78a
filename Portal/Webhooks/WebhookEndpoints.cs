using System.Buffers;
using System.Security.Cryptography;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Inbox;
using Portal.Core.Sources.Stripe;

namespace Portal.Webhooks;

/// <summary>
/// The door for providers: bytes, verified, made durable, acknowledged. No business happens here, and no answer is a 2xx before
/// the delivery is on disk. Answers are those of the contract: 200, 400, 404, 413, 503 with <c>Retry-After</c>.
/// </summary>
public static class WebhookEndpoints
{
    /// <summary>The largest body taken, in bytes.</summary>
    public const int LargestBody = 1024 * 1024;

    private const string Stripe = "stripe";

    private static readonly byte[] Received = "{\"received\":true}"u8.ToArray();

    /// <summary>Maps the endpoints. They run right after routing: their own signature check is all the authorisation there is.</summary>
    public static void MapWebhooks(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/webhooks/{environment}/stripe", (RequestDelegate)ReceiveAsync)
            .AllowAnonymous().DisableAntiforgery().ShortCircuit().WithTags("Webhooks")
            .WithSummary("Receives Stripe events, signed by Stripe-Signature.");

    private static async Task ReceiveAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var clock = services.GetRequiredService<TimeProvider>();
        var intake = services.GetRequiredService<IIntake>();
        if (!PortalEnvironments.TryParse(context.Request.RouteValues["environment"] as string, out var environment))
        {
            await RefuseAsync(context, 404, "unknownEnvironment", "The environment is 'sandbox' or 'production'.");
            return;
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
            return;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            context.Abort();   // the sender hung up; it will come again
            return;
        }

        var now = clock.GetUtcNow();
        var header = context.Request.Headers[StripeSignature.HeaderName].ToString();
        if (body is null)
        {
            Keep("tooLarge", "The body is larger than 1 MiB.", []);
            context.Response.Headers.Connection = "close";   // the rest of the body is not read, so no other request may follow it here
            await RefuseAsync(context, 413, "tooLarge", "The body is larger than 1 MiB.");
            return;
        }

        SecretSnapshot secrets;
        try
        {
            secrets = services.GetRequiredService<SigningSecrets>().ActiveFor(environment, now);
        }
        catch (Exception exception)
        {
            await NotStoredAsync(context, exception);
            return;
        }
        if (secrets.Values.Count == 0)
        {
            Keep("noSecret", $"No signing secret is configured for {environment.Slug()}.", body);
            await RefuseAsync(context, 404, "noSecret", $"No signing secret is configured for {environment.Slug()}.");
            return;
        }
        var verdict = StripeSignature.Verify(body, header, secrets.Values, now, StripeSignature.DefaultTolerance);
        if (!verdict.Accepted)
        {
            var code = verdict.Failure!.Value.ToString();
            code = char.ToLowerInvariant(code[0]) + code[1..];
            Keep(code, verdict.Reason, body);
            await RefuseAsync(context, 400, code, verdict.Reason);
            return;
        }
        var sha256 = SHA256.HashData(body);
        if (!StripeEnvelope.TryRead(body, sha256, out var envelope, out var problem))
        {
            Keep("notJson", problem, body);
            await RefuseAsync(context, 400, "notJson", problem);
            return;
        }

        try
        {
            await intake.AcceptAsync(new IncomingDelivery
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
            });
        }
        catch (Exception exception)
        {
            await NotStoredAsync(context, exception);
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Received.Length;
        await context.Response.BodyWriter.WriteAsync(Received);

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
    private static Task NotStoredAsync(HttpContext context, Exception exception)
    {
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(WebhookEndpoints)).NotStored(exception.GetType().Name, exception.Message);
        context.Response.Headers.RetryAfter = "5";
        return RefuseAsync(context, 503, "notStored", "The delivery could not be stored just now; send it again.");
    }

    private static string? Short(string header) => header.Length == 0 ? null : header.Length <= 4096 ? header : header[..4096];

    private static Task RefuseAsync(HttpContext context, int status, string code, string detail) =>
        Hosting.ApiProblem.Of(status, code, detail).ExecuteAsync(context);
}

internal static partial class WebhookLog
{
    [LoggerMessage(1200, LogLevel.Error, "A verified delivery could not be stored ({Kind}): {Message}")]
    public static partial void NotStored(this ILogger logger, string kind, string message);
}
