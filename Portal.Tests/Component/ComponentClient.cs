using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Portal.Tests.Component;

/// <summary>A portal with a product in its Sandbox, and calls as the component in a product's page makes them.</summary>
internal static class ComponentClient
{
    public const string ProductId = "prd_orbit";
    public const string Secret = "mFq3tZ0c7Vn1uYw8Lk5Rb2Xs9Pd4Ga6He0Jf3Ki7Mo1Nq5Tt9Uv2Wx6Yz8Ab4Cd0Ef3Gh7Ij";

    public static PortalHost WithProduct(this PortalHost host)
    {
        (host.Settings["Bootstrap:Sandbox:ProductId"], host.Settings["Bootstrap:Sandbox:ProductSecret"]) = (ProductId, Secret);
        return host;
    }

    /// <summary>A token as a product's server signs it.</summary>
    public static string Token(this PortalHost host, string userId, string? secret = null, string? productId = null, TimeSpan? age = null) =>
        Sign(string.Create(CultureInfo.InvariantCulture,
            $$"""{"productId":"{{productId ?? ProductId}}","productUserId":{{JsonSerializer.Serialize(userId)}},"iat":{{(host.Clock.GetUtcNow() - (age ?? TimeSpan.Zero)).ToUnixTimeSeconds()}}}"""), secret);

    public static string Sign(string claims, string? secret = null)
    {
        var signed = $"{Part("""{"alg":"HS512","typ":"JWT"}""")}.{Part(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA512.HashData(Encoding.UTF8.GetBytes(secret ?? Secret), Encoding.ASCII.GetBytes(signed)))}";

        static string Part(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
    }

    public static Task<(HttpStatusCode Status, JsonElement Body)> BootAsync(this PortalHost host, string userId, object? body = null) =>
        host.CallAsync(HttpMethod.Post, "boot", host.Token(userId), body ?? new { });

    public static async Task<(HttpStatusCode Status, JsonElement Body)> CallAsync(
        this PortalHost host, HttpMethod method, string path, string? token, object? body = null, string productId = ProductId, string? origin = null)
    {
        using var client = host.CreateVisitor();
        using var request = new HttpRequestMessage(method, $"/component/{productId}/{path}");
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
        if (body is not null) request.Content = body is string text ? new StringContent(text, Encoding.UTF8, "application/json") : JsonContent.Create(body);
        using var answer = await client.SendAsync(request);
        if (!answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var readers) || readers.Single() != "*") throw new InvalidOperationException($"{answer.StatusCode} cannot be read by the page.");
        return (answer.StatusCode, answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    public static string? Code(this (HttpStatusCode Status, JsonElement Body) answer) => answer.Body.TryGetProperty("title", out var title) ? title.GetString() : null;
}
