using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Core.Access;
using Xunit;

namespace Portal.Tests.Hosting;

public sealed class AnswerTests(ProbedHost host) : IClassFixture<ProbedHost>
{
    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/probe/forgotten")]
    [InlineData("/probe/broken")]
    [InlineData("/api/sandbox/nothing")]
    [InlineData("/_framework/blazor.web.js")]
    public async Task Every_answer_tells_the_browser_what_it_must_not_do(string path)
    {
        var answer = await host.CreateVisitor().GetAsync(path);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.EndsWith("connect-src 'self' ws://localhost", policy, StringComparison.Ordinal);   // sockets to this host, and to no other
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);   // so that scripts fall under default-src
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.True(answer.Headers.Contains("Permissions-Policy"));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task By_https_the_browser_is_told_to_stay_there()
    {
        var client = host.CreateVisitor();
        client.BaseAddress = new Uri("https://localhost/");

        Assert.True((await client.GetAsync("/healthz/live")).Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/probe/broken", "text/html")]
    [InlineData("/api/sandbox/broken", "application/problem+json")]
    public async Task A_fault_of_ours_shows_a_reference_and_nothing_else(string path, string mediaType)
    {
        var answer = await host.CreateVisitor().GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.InternalServerError, mediaType), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Matches("reference: [0-9a-f]{12}", body);
        Assert.DoesNotContain("secret detail", body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_of_the_api_that_does_not_exist_is_404_to_who_has_a_token()
    {
        var client = await host.CreateApiClientAsync(Portal.Core.PortalEnvironment.Sandbox);

        var answer = await client.GetAsync("/api/sandbox/nothing");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("notFound", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("GET", "/foo/bar", HttpStatusCode.NotFound)]
    [InlineData("GET", "/sandbox/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/nowhere/events", HttpStatusCode.NotFound)]
    [InlineData("GET", "/sandbox/events/999999", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/sandbox/events", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/account/sign-in", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/sandbox/events", HttpStatusCode.BadRequest)]
    public async Task Who_is_signed_in_and_takes_a_wrong_turn_gets_a_page_that_says_so(string method, string path, HttpStatusCode status)
    {
        var client = await host.CreateSignedInClientAsync(PortalRole.Viewer);

        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var answer = await client.SendAsync(request);

        var body = await answer.Content.ReadAsStringAsync();
        Assert.Equal((status, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Matches("<h1[^>]*>(There is nothing here|This address cannot do that|The portal did not take this)</h1>", body);
    }

    [Fact]
    public async Task A_stranger_who_takes_a_wrong_turn_is_asked_who_they_are()
    {
        var answer = await host.CreateVisitor().GetAsync("/foo/bar");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/account/sign-in", answer.Headers.Location!.AbsolutePath);
    }

    [Fact]
    public async Task A_page_for_strangers_that_is_gone_says_so_without_asking_who_they_are()
    {
        var answer = await host.CreateVisitor().GetAsync("/account/setup");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is nothing here", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_answer_anybody()
    {
        var client = host.CreateVisitor();

        Assert.Equal("""{"status":"alive"}""", await client.GetStringAsync("/healthz/live"));
        Assert.Contains("""{"name":"databaseRead","status":"ok"}""", await client.GetStringAsync("/healthz/ready"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost", HttpStatusCode.Unauthorized)]   // the right place, but nobody we know
    public async Task Another_site_opens_no_circuit(string origin, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", origin);

        Assert.Equal(status, (await host.CreateVisitor().SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused_by_the_real_server()
    {
        await using var listening = new PortalHost();
        listening.Listen();
        using var content = new ByteArrayContent(new byte[(1024 * 1024) + 1]);

        var answer = await listening.CreateVisitor().PostAsync("/api/sandbox/token", content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Server"));
    }
}
