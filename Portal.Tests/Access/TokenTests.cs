using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Xunit;

namespace Portal.Tests.Access;

public sealed class TokenTests : IAsyncLifetime
{
    private readonly PortalHost _host = new() { MoreServices = ProbeEndpoints.AddTo };

    [Fact]
    public async Task An_access_key_is_exchanged_for_a_token_that_opens_its_environment()
    {
        using var answer = await AskAsync("sandbox", """{"accessKeyId":"key-sandbox","secretAccessKey":"access-secret-of-sandbox"}""");
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(["accessToken", "refreshToken", "expiresIn", "refreshTokenExpiresIn"], body.EnumerateObject().Select(p => p.Name));
        Assert.Equal((18_000, 432_000), (body.GetProperty("expiresIn").GetInt32(), body.GetProperty("refreshTokenExpiresIn").GetInt32()));
        Assert.Equal((HttpStatusCode.OK, "key:key-sandbox"), await UseAsync("sandbox", body.GetProperty("accessToken").GetString()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await UseAsync("production", body.GetProperty("accessToken").GetString())).Status);
    }

    [Fact]
    public async Task A_refresh_token_gives_access_tokens_for_five_days_and_is_none_itself()
    {
        var (access, refresh) = await TokensAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await UseAsync("sandbox", refresh)).Status);
        _host.Clock.Pass(TimeSpan.FromHours(5.1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await UseAsync("sandbox", access)).Status);

        using var answer = await AskAsync("sandbox", $$"""{"refreshToken":"{{refresh}}"}""");
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(["accessToken", "expiresIn"], body.EnumerateObject().Select(p => p.Name));
        Assert.Equal(HttpStatusCode.OK, (await UseAsync("sandbox", body.GetProperty("accessToken").GetString())).Status);
        using var elsewhere = await AskAsync("production", $$"""{"refreshToken":"{{refresh}}"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.StatusCode);
        _host.Clock.Pass(TimeSpan.FromDays(5));
        using var late = await AskAsync("sandbox", $$"""{"refreshToken":"{{refresh}}"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
    }

    [Fact]
    public async Task A_revoked_key_ends_its_tokens_at_once()
    {
        var (access, refresh) = await TokensAsync();
        var keys = _host.Services.GetRequiredService<AccessKeys>();
        var key = Assert.Single(await keys.ListAsync(PortalEnvironment.Sandbox, default));

        Assert.False(await keys.RevokeAsync(PortalEnvironment.Production, key.Id, Actor.System, default));
        Assert.True(await keys.RevokeAsync(PortalEnvironment.Sandbox, key.Id, Actor.System, default));

        Assert.Equal(HttpStatusCode.Unauthorized, (await UseAsync("sandbox", access)).Status);
        using var refreshed = await AskAsync("sandbox", $$"""{"refreshToken":"{{refresh}}"}""");
        using var again = await AskAsync("sandbox", """{"accessKeyId":"key-sandbox","secretAccessKey":"access-secret-of-sandbox"}""");
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (refreshed.StatusCode, again.StatusCode));
    }

    [Fact]
    public async Task A_new_key_works_and_its_secret_is_in_no_file()
    {
        var key = await _host.Services.GetRequiredService<AccessKeys>().CreateAsync(PortalEnvironment.Production, Actor.System, default);

        using var answer = await AskAsync("production", JsonSerializer.Serialize(new { accessKeyId = key.AccessKeyId, secretAccessKey = key.SecretAccessKey }));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.False(_host.Database.Holds(key.SecretAccessKey));
        Assert.True(_host.Database.Holds(key.AccessKeyId));   // so the search does find what is there
    }

    [Fact]
    public async Task Forged_tokens_open_nothing()
    {
        var (access, refresh) = await TokensAsync();
        var key = Encoding.UTF8.GetBytes(PortalHost.SecretAccessKey(PortalEnvironment.Sandbox));
        var other = Encoding.UTF8.GetBytes("whatever I like");
        string[] forged =
        [
            Jwt("none", _ => []),
            Jwt("HS256", text => HMACSHA256.HashData(key, text)),
            Jwt("HS512", text => HMACSHA512.HashData(key, text)),
            Jwt("RS256", text => HMACSHA256.HashData(other, text)),
            access[..^8] + "AAAAAAAA",
            access[..20] + (access[20] == 'A' ? 'B' : 'A') + access[21..],
            access[..^20],
            access + access,
            refresh,
            PortalHost.SecretAccessKey(PortalEnvironment.Sandbox),
        ];

        Assert.Equal(HttpStatusCode.OK, (await UseAsync("sandbox", access)).Status);
        foreach (var token in forged) Assert.Equal(HttpStatusCode.Unauthorized, (await UseAsync("sandbox", token)).Status);
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_come_again()
    {
        var client = _host.CreateVisitor();
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 125; i++) answers.Add(await client.PostAsJsonAsync("/api/sandbox/token", new { }));

        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.Equal(5, refused.Count);
        Assert.All(refused, a => Assert.InRange(a.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>A token as another maker of tokens would write it, for the right key and with a year to go.</summary>
    private static string Jwt(string algorithm, Func<byte[], byte[]> sign)
    {
        var text = $"{Part(new { alg = algorithm, typ = "JWT" })}.{Part(new { sub = PortalHost.AccessKeyId(PortalEnvironment.Sandbox), environment = "sandbox", exp = 1_900_000_000 })}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.UTF8.GetBytes(text)))}";

        static string Part(object content) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(content));
    }

    private Task<HttpResponseMessage> AskAsync(string environment, string body) =>
        _host.CreateVisitor().PostAsync($"/api/{environment}/token", new StringContent(body, Encoding.UTF8, "application/json"));

    private async Task<(string Access, string Refresh)> TokensAsync()
    {
        using var answer = await AskAsync("sandbox", """{"accessKeyId":"key-sandbox","secretAccessKey":"access-secret-of-sandbox"}""");
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (body.GetProperty("accessToken").GetString()!, body.GetProperty("refreshToken").GetString()!);
    }

    private async Task<(HttpStatusCode Status, string Body)> UseAsync(string environment, string? token)
    {
        var client = _host.CreateVisitor();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await client.GetAsync($"/api/{environment}/probe");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
