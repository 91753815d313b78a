using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Portal.Core;

namespace Portal.Tests;

/// <summary>How programs talk to a running portal: a provider that signs, a client that reads.</summary>
internal static class Conversation
{
    /// <summary>Posts a body as Stripe would; the signature is right unless told otherwise.</summary>
    public static async Task<HttpResponseMessage> PostStripeAsync(
        this HttpClient client, string body, PortalEnvironment environment = PortalEnvironment.Sandbox, string? secret = null, DateTimeOffset? at = null, string? signature = null)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/{environment.Slug()}/stripe") { Content = content };
        content.Headers.ContentType = new("application/json");
        signature ??= StripeSamples.Sign(body, secret ?? PortalHost.SigningSecret(environment), at ?? TimeProvider.System.GetUtcNow());
        if (signature.Length > 0) request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
        return await client.SendAsync(request);
    }

    /// <summary>Posts some events one after the other, each acknowledged, and waits until the inbox is empty.</summary>
    public static async Task TellAsync(this HttpClient api, params string[] bodies)
    {
        foreach (var body in bodies)
        {
            using var answer = await api.PostStripeAsync(body);
            if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
        await api.UntilAsync("inbox", inbox => inbox.GetProperty("pending").GetInt64() == 0);
    }

    /// <summary>Reads from the Sandbox's API.</summary>
    public static async Task<JsonElement> ReadAsync(this HttpClient api, string path) =>
        await api.GetFromJsonAsync<JsonElement>($"/api/sandbox/v1/{path}");

    /// <summary>The items of a list.</summary>
    public static async Task<List<JsonElement>> ListAsync(this HttpClient api, string path) => [.. (await api.ReadAsync(path)).GetProperty("items").EnumerateArray()];

    /// <summary>Posts to the Sandbox's API.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(this HttpClient api, string path, object body, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, $"/api/sandbox/v1/{path}")
        {
            Content = body is string text ? new StringContent(text, Encoding.UTF8, "application/json") : JsonContent.Create(body),
        };
        using var answer = await api.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Asks until the answer is as wanted.</summary>
    public static async Task<JsonElement> UntilAsync(this HttpClient api, string path, Func<JsonElement, bool> wanted)
    {
        for (var tries = 0; tries < 400; tries++)
        {
            var answer = await api.ReadAsync(path);
            if (wanted(answer)) return answer;
            await Task.Delay(50);
        }
        throw new TimeoutException($"{path} did not become what was wanted: {await api.ReadAsync(path)}");
    }

    /// <summary>A text of an answer.</summary>
    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    /// <summary>A number of an answer.</summary>
    public static long Number(this JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
