using System.Net;
using System.Net.Http.Json;
using Portal.Core;
using Xunit;

namespace Portal.Tests.Api;

public sealed class ReferrersApiTests(PortalHost host) : IClassFixture<PortalHost>, IAsyncLifetime
{
    private HttpClient _api = null!;

    public async Task InitializeAsync() => _api = await host.CreateApiClientAsync(PortalEnvironment.Sandbox);

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("referrers")]
    [InlineData("referrals")]
    [InlineData("campaigns")]
    [InlineData("exchange-rates")]
    [InlineData("events")]
    [InlineData("deliveries")]
    [InlineData("inbox")]
    [InlineData("rewards")]
    [InlineData("transactions")]
    [InlineData("invoices/in_1/explanation")]
    [InlineData("ledger/balances")]
    [InlineData("ledger/entries")]
    [InlineData("ledger/entries.csv")]
    [InlineData("referrers/ann/statement")]
    [InlineData("referrals/1")]
    [InlineData("ledger/hash")]
    public async Task Nothing_is_read_without_a_token_or_with_that_of_the_other_environment(string path)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.CreateVisitor().GetAsync($"/api/sandbox/v1/{path}")).StatusCode);
        var production = await host.CreateApiClientAsync(PortalEnvironment.Production);
        Assert.Contains((await production.GetAsync($"/api/sandbox/v1/{path}")).StatusCode, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
    }

    [Fact]
    public async Task A_referrer_is_created_once_and_returned_after_that()
    {
        var (created, first) = await _api.SendAsync("referrers", new { productUserId = "ann", email = "ann@example.com", ucc = "annsCode1" });
        var (returned, again) = await _api.SendAsync("referrers", new { productUserId = "ann", firstName = "Ann" });

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created, returned));
        Assert.Equal(("ann", "annsCode1"), (first.Text("productUserId"), first.Text("ucc")));
        Assert.EndsWith("/r/annsCode1", first.Text("link"), StringComparison.Ordinal);
        Assert.Equal(("annsCode1", "ann@example.com", "Ann"), (again.Text("ucc"), again.Text("email"), again.Text("firstName")));
        Assert.Equal("ann", Assert.Single(await _api.ListAsync("referrers?ucc=annsCode1")).Text("productUserId"));
    }

    [Fact]
    public async Task A_code_that_is_not_given_is_made_with_eleven_letters_and_digits()
    {
        var (_, referrer) = await _api.SendAsync("referrers", new { productUserId = "generated" });
        Assert.Matches("^[A-Za-z0-9]{11}$", referrer.Text("ucc"));
    }

    [Fact]
    public async Task A_code_that_is_taken_or_would_change_is_a_conflict()
    {
        await _api.SendAsync("referrers", new { productUserId = "owner", ucc = "takenCode" });

        var (taken, takenBody) = await _api.SendAsync("referrers", new { productUserId = "other", ucc = "takenCode" });
        var (differs, differsBody) = await _api.SendAsync("referrers", new { productUserId = "owner", ucc = "otherCode" });

        Assert.Equal((HttpStatusCode.Conflict, "codeTaken", "ucc"), (taken, takenBody.Text("title"), takenBody.Text("field")));
        Assert.Equal((HttpStatusCode.Conflict, "codeDiffers", "ucc"), (differs, differsBody.Text("title"), differsBody.Text("field")));
        Assert.Empty(await _api.ListAsync("referrers?productUserId=other"));
    }

    [Theory]
    [InlineData("""{}""", "productUserId")]
    [InlineData("""{"productUserId":""}""", "productUserId")]
    [InlineData("""{"productUserId":5}""", "productUserId")]
    [InlineData("""{"productUserId":"x","ucc":"abc"}""", "ucc")]
    [InlineData("""{"productUserId":"x","ucc":"with space"}""", "ucc")]
    [InlineData("""{"productUserId":"x","email":"nobody"}""", "email")]
    [InlineData("""{"productUserId":"x","emial":"x@example.com"}""", "emial")]
    public async Task A_wrong_field_is_named(string body, string field)
    {
        var (status, problem) = await _api.SendAsync("referrers", body);
        Assert.Equal((HttpStatusCode.BadRequest, "invalidField", field), (status, problem.Text("title"), problem.Text("field")));
        Assert.Equal(problem.Text("detail"), problem.Text("message"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task What_is_no_object_is_malformed(string body)
    {
        var (status, problem) = await _api.SendAsync("referrers", body);
        Assert.Equal((HttpStatusCode.BadRequest, "malformedBody"), (status, problem.Text("title")));
    }

    [Fact]
    public async Task The_two_environments_have_referrers_of_their_own()
    {
        await _api.SendAsync("referrers", new { productUserId = "both", ucc = "bothCode" });
        var production = await host.CreateApiClientAsync(PortalEnvironment.Production);
        using var answer = await production.PostAsJsonAsync("/api/production/v1/referrers", new { productUserId = "somebody else", ucc = "bothCode" });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("both", Assert.Single(await _api.ListAsync("referrers?ucc=bothCode")).Text("productUserId"));
    }
}
