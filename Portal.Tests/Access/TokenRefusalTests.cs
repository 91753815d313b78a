using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Portal.Tests.Access;

/// <summary>What the API says to whoever has no key, or no token, of ours.</summary>
public sealed class TokenRefusalTests(ProbedHost host) : IClassFixture<ProbedHost>
{
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
        var client = host.CreateVisitor();
        if (token is not null) client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");

        var answer = await client.GetAsync("/api/sandbox/probe");

        Assert.Equal((HttpStatusCode.Unauthorized, challenge), (answer.StatusCode, answer.Headers.WwwAuthenticate.ToString()));
        Assert.Equal("Unauthorized", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString());
    }

    private Task<HttpResponseMessage> AskAsync(string environment, string body) =>
        host.CreateVisitor().PostAsync($"/api/{environment}/token", new StringContent(body, Encoding.UTF8, "application/json"));
}
