using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
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

    [Theory]
    [InlineData("""{"accessKeyId":"key-sandbox","secretAccessKey":"wrong-secret"}""")]
    [InlineData("""{"accessKeyId":"nobody","secretAccessKey":"access-secret-of-sandbox"}""")]
    [InlineData("""{"accessKeyId":"key-production","secretAccessKey":"access-secret-of-production"}""")]
    [InlineData("""{"refreshToken":"garbage"}""")]
    public async Task Wrong_credentials_are_401_with_a_message(string body)
    {
        using var answer = await AskAsync("sandbox", body);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Invalid API Credentials", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("[]", null)]
    [InlineData("{\"accessKeyId\"", null)]
    [InlineData("[[[[[[[[[[1]]]]]]]]]]", null)]
    [InlineData("{}", "accessKeyId")]
    [InlineData("""{"accessKeyId":7,"secretAccessKey":"x"}""", "accessKeyId")]
    [InlineData("""{"accessKeyId":"a"}""", "secretAccessKey")]
    [InlineData("""{"accessKeyId":"a","secretAccessKey":null}""", "secretAccessKey")]
    [InlineData("""{"refreshToken":""}""", "refreshToken")]
    public async Task A_malformed_body_is_400_and_names_the_field(string body, string? field)
    {
        using var answer = await AskAsync("sandbox", body);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
        Assert.NotEmpty(problem.GetProperty("message").GetString()!);
    }

    [Theory]
    [InlineData("mars")]
    [InlineData("Sandbox")]
    public async Task An_unknown_environment_is_404(string environment)
    {
        using var answer = await AskAsync(environment, """{"accessKeyId":"key-sandbox","secretAccessKey":"access-secret-of-sandbox"}""");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, "Bearer")]
    [InlineData("garbage", "Bearer error=\"invalid_token\"")]
    [InlineData("", "Bearer error=\"invalid_token\"")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAA", "Bearer error=\"invalid_token\"")]
    public async Task Without_a_token_that_we_gave_the_api_is_closed(string? token, string challenge)
    {
        var client = _host.CreateVisitor();
        if (token is not null) client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");

        var answer = await client.GetAsync("/api/sandbox/probe");

        Assert.Equal((HttpStatusCode.Unauthorized, challenge), (answer.StatusCode, answer.Headers.WwwAuthenticate.ToString()));
        Assert.Equal("Unauthorized", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString());
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

    private async Task<HttpResponseMessage> AskAsync(string environment, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _host.CreateVisitor().PostAsync($"/api/{environment}/token", content);
    }

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
