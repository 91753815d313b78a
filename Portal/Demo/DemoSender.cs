using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Portal.Core;
using Portal.Core.Access;

namespace Portal.Demo;

/// <summary>
/// Plays the payment provider: posts every delivery to the portal's own address over a real connection, signed with the endpoint's
/// secret. Some at a time, as a busy provider would, and roughly in order.
/// </summary>
internal sealed class DemoSender(SigningSecrets secrets, DemoConsole console, TimeProvider clock)
{
    private const int AtATime = 8;
    private const int Step = 400;
    private const int Tries = 5;

    /// <summary>Sends all and tells how far it is.</summary>
    public async Task SendAsync(Uri endpoint, IReadOnlyList<DemoDelivery> deliveries, CancellationToken ct)
    {
        var secret = secrets.ActiveFor(PortalEnvironment.Sandbox, clock.GetUtcNow()).Values[0];
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var http = new HttpClient(handler);
        var sent = 0;
        await Parallel.ForEachAsync(deliveries, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = ct }, async (delivery, token) =>
        {
            await SendAsync(http, endpoint, delivery, secret, token);
            var now = Interlocked.Increment(ref sent);
            if (now % Step == 0 || now == deliveries.Count) console.Progress(now, deliveries.Count);
        });
    }

    private async Task SendAsync(HttpClient http, Uri endpoint, DemoDelivery delivery, byte[] secret, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(delivery.Body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.TryAddWithoutValidation("Stripe-Signature", Sign(delivery, secret));
            using var answer = await http.SendAsync(request, ct);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == Tries) return;   // refusals belong to the story
            await Task.Delay(TimeSpan.FromSeconds(attempt), ct);
        }
    }

    private string Sign(DemoDelivery delivery, byte[] secret)
    {
        var at = clock.GetUtcNow() - (delivery.Fault == DemoFault.OldSignature ? TimeSpan.FromHours(2) : TimeSpan.Zero);
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(time), (byte)'.', .. delivery.Body];
        var key = delivery.Fault == DemoFault.WrongSecret ? "whsec_of_another_endpoint"u8.ToArray() : secret;
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(key, signed))}";
    }
}
