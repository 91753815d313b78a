using System.Buffers;
using System.Diagnostics;
using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Pipeline;
using Portal.Core.Telemetry;
using Portal.Hosting;

namespace Portal.Webhooks;

/// <summary>What every endpoint that takes events does the same way: read the raw body within limits, store before it answers, keep what it refuses.</summary>
internal static class Receiving
{
    private static readonly byte[] Received = "{\"received\":true}"u8.ToArray();

    /// <summary>How long a delivery may wait for the disk: less than providers wait for the answer.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <summary>The raw body. Where there is none that can be taken, the request is answered already and the outcome says how.</summary>
    public static async Task<(byte[]? Body, string Outcome)> BodyAsync(HttpContext context, PortalEnvironment environment, string source, string? signature = null)
    {
        byte[]? body;
        try
        {
            body = await ReadAsync(context.Request, context.RequestAborted);
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
            return (null, WebhookOutcomes.Broken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            context.Abort();   // the sender hung up; it will come again
            return (null, WebhookOutcomes.Broken);
        }
        if (body is not null) return (body, "");

        context.Response.Headers.Connection = "close";   // the rest of the body is not read, so no other request may follow it here
        return (null, await RejectAsync(context, environment, source, signature, 413, new Problem("tooLarge", "The body is larger than 1 MiB."), []));
    }

    /// <summary>Stores a verified delivery. Where that cannot be done just now, the request is answered already.</summary>
    /// <returns>Null where it was not stored.</returns>
    public static async Task<Receipt?> StoreAsync(HttpContext context, IncomingDelivery delivery)
    {
        try
        {
            using var storing = PortalTelemetry.Spans.StartActivity("portal.store");   // as long as the wait for the commit
            var handedOver = Stopwatch.GetTimestamp();
            // It may be stored still when the wait ends; the provider's next try then is a duplicate.
            var receipt = await context.RequestServices.GetRequiredService<IIntake>().AcceptAsync(delivery).WaitAsync(LongestWait);
            PortalMeters.Committed(delivery.Environment.Slug(), delivery.Source, Stopwatch.GetElapsedTime(handedOver));
            context.RequestServices.GetRequiredService<EventPipeline>().Arrivals.Note(delivery.Environment, receipt.EventId);
            return receipt;
        }
        catch (Exception exception)
        {
            await NotStoredAsync(context, delivery.Environment, delivery.Source, exception);
            return null;
        }
    }

    /// <summary>Says that it is stored.</summary>
    public static async Task<string> AcknowledgeAsync(HttpContext context, Receipt receipt)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Received.Length;
        await context.Response.BodyWriter.WriteAsync(Received);
        return receipt.Outcome.Word();
    }

    /// <summary>Refuses a request, and keeps it with the reason for whoever has to find out what was wrong.</summary>
    public static async Task<string> RejectAsync(HttpContext context, PortalEnvironment environment, string source, string? signature, int status, Problem why, byte[] body)
    {
        context.RequestServices.GetRequiredService<IIntake>().Refuse(new RefusedDelivery
        {
            Environment = environment,
            Source = source,
            ReceivedAt = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
            Signature = signature,
            Body = body,
            BodyLength = Math.Max(body.Length, context.Request.ContentLength ?? 0),
            ReasonCode = why.Code,
            Reason = why.Detail,
        });
        await RefuseAsync(context, status, why.Code, why.Detail, why.Field);
        return WebhookOutcomes.Rejected;
    }

    /// <summary>Under pressure, or with the database away: never a 2xx, and the sender knows when to come again.</summary>
    public static Task NotStoredAsync(HttpContext context, PortalEnvironment environment, string source, Exception exception)
    {
        var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Receiving));
        using (logger.In(environment, source)) logger.NotStored(exception.GetType().Name, exception.Message);
        context.Response.Headers.RetryAfter = "5";
        return RefuseAsync(context, 503, "notStored", "The delivery could not be stored just now; send it again.");
    }

    /// <summary>Answers with a problem.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string code, string detail, string? field = null) =>
        ApiProblem.Of(status, code, detail, field).ExecuteAsync(context);

    /// <summary>The raw body; null when it is larger than <see cref="Listening.LargestBody"/>.</summary>
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > Listening.LargestBody) return null;
        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(ct);
            if (result.Buffer.Length > Listening.LargestBody)
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
}

/// <summary>What becomes of a request that brings an event, for the figures.</summary>
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
