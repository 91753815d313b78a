using System.Security.Cryptography;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Inbox;
using Portal.Core.Sources;
using Portal.Core.Sources.Chargebee;
using Portal.Core.Telemetry;

namespace Portal.Webhooks;

/// <summary>Takes Chargebee's events. It does not sign: user name and password stand in the request (https://www.chargebee.com/docs/2.0/webhook_settings.html).</summary>
internal static class ChargebeeWebhook
{
    public const string Source = ChargebeeEventTypes.Source;

    /// <summary>Receives one request and answers it.</summary>
    /// <returns>What became of it, one of <see cref="WebhookOutcomes"/>.</returns>
    public static async Task<string> ReceiveAsync(HttpContext context, PortalEnvironment environment)
    {
        var (read, outcome) = await Receiving.BodyAsync(context, environment, Source);
        if (read is not { } body) return outcome;

        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var header = context.Request.Headers.Authorization.ToString();
        var credentials = context.RequestServices.GetRequiredService<BasicCredentials>();
        SecretSnapshot known;
        int match;
        try
        {
            using (PortalTelemetry.Spans.StartActivity("portal.verify")) (known, match) = credentials.Verify(environment, now, some => BasicCredentials.Match(header, some), found => found >= 0);
        }
        catch (Exception exception)
        {
            await Receiving.NotStoredAsync(context, environment, Source, exception);
            return WebhookOutcomes.NotStored;
        }
        if (known.Values.Count == 0) return await RefuseAsync(404, "noSecret", $"No user name and password are configured for Chargebee in {environment.Slug()}.");
        if (match < 0)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"webhooks\"";
            return await RefuseAsync(401, "badCredentials", header.Length == 0 ? "The request has no Authorization header." : "The Authorization header does not carry this endpoint's user name and password.");
        }
        var sha256 = SHA256.HashData(body);
        if (!ChargebeeEnvelope.Read(body, Envelope.DigestId(sha256)).TryGet(out var envelope, out var problem)) return await RefuseAsync(400, problem.Code, problem.Detail);

        var receipt = await Receiving.StoreAsync(context, new IncomingDelivery
        {
            Environment = environment,
            Source = Source,
            ReceivedAt = now,
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
            Body = body,
            BodySha256 = sha256,
            Envelope = envelope,
            SecretId = known.Ids[match],
        });
        return receipt is { } stored ? await Receiving.AcknowledgeAsync(context, stored) : WebhookOutcomes.NotStored;

        // Without the header: it is a password, and is kept nowhere.
        Task<string> RefuseAsync(int status, string code, string reason) => Receiving.RejectAsync(context, environment, Source, null, status, new Problem(code, reason), body);
    }
}
