using System.Net;
using System.Text.Json;
using Portal.Core;
using Portal.Tests.Reviews;
using Xunit;

namespace Portal.Tests.Api;

public sealed class ReviewsApiTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();
    private HttpClient _api = null!;
    private string _id = "";

    public async Task InitializeAsync()
    {
        _api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await _api.SendAsync("referrers", new { productUserId = "ann", ucc = SmallWorld.Ann });
        await _api.SendAsync("referrers", new { productUserId = "bo", ucc = SmallWorld.Bo });
        await _api.SendAsync("campaigns/default/revisions", """{"effectiveFrom":"2020-01-01T00:00:00Z","rules":[{"kind":"purchase","percent":"20","maxMonths":12}]}""");
        await _api.TellAsync(ReviewStory.All["codeChanged"].Events);
        _id = (await _api.UntilAsync("review-cases?state=open", list => list.GetProperty("items").GetArrayLength() == 1)).GetProperty("items")[0].Text("id")!;
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_case_is_read_decided_and_taken_back()
    {
        var open = await _api.ReadAsync($"review-cases/{_id}");
        Assert.Equal(("codeChanged", "open", "cus_1", "user-1", "ann"), (open.Text("kind"), open.Text("state"), open.Text("customerId"), open.Text("newUserId"), open.Text("referrer")));
        Assert.Equal(4_000, open.GetProperty("atStake")[0].Number("amount"));
        Assert.Equal(2, open.GetProperty("waitingRewards").GetArrayLength());
        Assert.Equal(["keep", "switch"], open.GetProperty("preview").EnumerateArray().Select(p => p.Text("choice")));
        Assert.Equal([("ann", -4_000L), ("bo", 4_000)], open.GetProperty("preview")[1].GetProperty("sums").EnumerateArray().Select(s => (s.Text("referrer")!, s.Number("by"))));

        var (tried, preview) = await PostAsync("""{"choice":"switch","dryRun":true}""");
        Assert.Equal((HttpStatusCode.OK, open.GetProperty("preview")[1].GetRawText()), (tried, preview.GetRawText()));
        Assert.Equal(JsonValueKind.Null, (await _api.ReadAsync($"review-cases/{_id}")).GetProperty("standingDecisionId").ValueKind);

        var (decided, decision) = await PostAsync("""{"choice":"switch","reason":"Bo brought them."}""");
        Assert.Equal((HttpStatusCode.Created, "switch", "Bo brought them."), (decided, decision.Text("choice"), decision.Text("reason")));
        await _api.UntilAsync("ledger/balances", b => b.GetProperty("items").EnumerateArray().Any(i => i.Text("referrer") == "bo" && i.Number("net") == 4_000));
        Assert.Equal(_id, Assert.Single(await _api.ListAsync("review-cases?state=settled&kind=codeChanged&q=user-1")).Text("id"));
        Assert.Empty(await _api.ListAsync("review-cases?state=open"));

        var (taken, _) = await PostAsync($$"""{"choice":"reopen","reason":"Mistaken.","expectedDecisionId":"{{decision.Text("id")}}"}""");
        Assert.Equal(HttpStatusCode.Created, taken);
        await _api.UntilAsync("review-cases?state=open", list => list.GetProperty("items").GetArrayLength() == 1);
        Assert.Equal(4_000, Assert.Single(await _api.ListAsync("ledger/balances"), b => b.Number("net") > 0).Number("pending"));
    }

    [Fact]
    public async Task Who_did_not_see_the_decision_that_stands_cannot_decide_over_it()
    {
        await PostAsync("""{"choice":"keep","reason":"First come."}""");

        var (status, problem) = await PostAsync("""{"choice":"switch","reason":"I was first, too."}""");

        Assert.Equal((HttpStatusCode.Conflict, "decidedMeanwhile", "expectedDecisionId"), (status, problem.Text("title"), problem.Text("field")));
        Assert.Contains("First come.", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("""{"choice":"switch","dryRun":true}""")).Status);
    }

    [Theory]
    [InlineData("""{"choice":"reward","reason":"x"}""", "choice")]
    [InlineData("""{"reason":"x"}""", "choice")]
    [InlineData("""{"choice":"keep"}""", "reason")]
    [InlineData("""{"choice":"keep","reason":" "}""", "reason")]
    [InlineData("""{"choice":"keep","reason":"x","expectedDecisionId":"one"}""", "expectedDecisionId")]
    [InlineData("""{"choise":"keep","reason":"x"}""", "choise")]
    public async Task A_wrong_field_is_named(string body, string field)
    {
        var (status, problem) = await PostAsync(body);
        Assert.Equal((HttpStatusCode.BadRequest, "invalidField", field), (status, problem.Text("title"), problem.Text("field")));
    }

    [Fact]
    public async Task Nobody_else_reads_or_decides()
    {
        var production = await _host.CreateApiClientAsync(PortalEnvironment.Production);
        Assert.Equal(HttpStatusCode.NotFound, (await production.GetAsync(new Uri($"/api/production/v1/review-cases/{_id}", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await production.GetAsync(new Uri($"/api/sandbox/v1/review-cases/{_id}", UriKind.Relative))).StatusCode);
        using var stranger = _host.CreateVisitor();
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsync(new Uri($"/api/sandbox/v1/review-cases/{_id}/decision", UriKind.Relative), null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _api.SendAsync("review-cases/999/decision", """{"choice":"keep","reason":"x"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _api.GetAsync(new Uri("/api/sandbox/v1/review-cases?state=closed", UriKind.Relative))).StatusCode);
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string body) => _api.SendAsync($"review-cases/{_id}/decision", body);
}
