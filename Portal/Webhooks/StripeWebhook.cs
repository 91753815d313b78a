using System.Security.Cryptography;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Inbox;
using Portal.Core.Sources.Stripe;
using Portal.Core.Telemetry;

namespace Portal.Webhooks;

/// <summary>Takes Stripe's events: signed over their raw bytes, so that nothing of them is believed, or parsed, before.</summary>
internal static class StripeWebhook
{
    public const string Source = "stripe";

    /// <summary>Receives one request and answers it.</summary>
    /// <returns>What became of it, one of <see cref="WebhookOutcomes"/>.</returns>
    public static async Task<string> ReceiveAsync(HttpContext context, PortalEnvironment environment)
    {
        var header = context.Request.Headers[StripeSignature.HeaderName].ToString();
        var (read, outcome) = await Receiving.BodyAsync(context, environment, Source, Short(header));
        if (read is not { } body) return outcome;

        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var signing = context.RequestServices.GetRequiredService<SigningSecrets>();
        SecretSnapshot secrets;
        SignatureVerdict verdict;
        try
        {
            using (PortalTelemetry.Spans.StartActivity("portal.verify")) (secrets, verdict) = signing.Verify(environment, now, Verify, v => v.Accepted);
        }
        catch (Exception exception)
        {
            await Receiving.NotStoredAsync(context, environment, Source, exception);
            return WebhookOutcomes.NotStored;
        }
        if (secrets.Values.Count == 0) return await RefuseAsync(404, "noSecret", $"No signing secret is configured for {environment.Slug()}.");
        if (!verdict.Accepted)
        {
            var code = verdict.Failure!.Value.ToString();
            return await RefuseAsync(400, char.ToLowerInvariant(code[0]) + code[1..], verdict.Reason);
        }
        var sha256 = SHA256.HashData(body);
        if (!StripeEnvelope.TryRead(body, sha256, out var envelope, out var problem)) return await RefuseAsync(400, "notJson", problem);

        var receipt = await Receiving.StoreAsync(context, new IncomingDelivery
        {
            Environment = environment,
            Source = Source,
            ReceivedAt = now,
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
            Signature = Short(header),
            Body = body,
            BodySha256 = sha256,
            Envelope = envelope,
            SecretId = secrets.Ids[verdict.SecretIndex],
        });
        return receipt is { } stored ? await Receiving.AcknowledgeAsync(context, stored) : WebhookOutcomes.NotStored;

        SignatureVerdict Verify(SecretSnapshot with) => StripeSignature.Verify(body, header, with.Values, now, StripeSignature.DefaultTolerance);

        Task<string> RefuseAsync(int status, string code, string reason) => Receiving.RejectAsync(context, environment, Source, Short(header), status, new Problem(code, reason), body);
    }

    private static string? Short(string header) => header.Length == 0 ? null : header.Length <= 4096 ? header : header[..4096];
}
