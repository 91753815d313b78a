using System.Net;
using Portal.Core;
using Xunit;

namespace Portal.Tests.Api;

public sealed class CampaignsApiTests : IAsyncLifetime
{
    private const string TwentyPercent = """{"effectiveFrom":"2020-01-01T00:00:00Z","rules":[{"kind":"purchase","percent":"20","maxMonths":12}]}""";
    private readonly PortalHost _host = new();
    private HttpClient _api = null!;

    public async Task InitializeAsync() => _api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task The_default_campaign_is_there_from_the_start_without_rules()
    {
        var campaign = Assert.Single(await _api.ListAsync("campaigns"));
        Assert.Equal(("default", 0), (campaign.Text("id"), campaign.GetProperty("revisions").GetArrayLength()));
    }

    [Fact]
    public async Task A_campaign_is_created_and_renamed()
    {
        var (created, campaign) = await _api.SendAsync("campaigns/spring", new { name = "Spring" }, HttpMethod.Put);
        await _api.SendAsync("campaigns/spring", new { name = "Spring 2026" }, HttpMethod.Put);

        Assert.Equal((HttpStatusCode.OK, "Spring"), (created, campaign.Text("name")));
        Assert.Contains(await _api.ListAsync("campaigns"), c => c.Text("name") == "Spring 2026");
        Assert.Equal(HttpStatusCode.BadRequest, (await _api.SendAsync("campaigns/spring", new { name = " " }, HttpMethod.Put)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _api.SendAsync("campaigns/sp%20ring", new { name = "x" }, HttpMethod.Put)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _api.SendAsync("campaigns/nowhere/revisions", TwentyPercent)).Status);
    }

    [Theory]
    [InlineData("""{"capPerReferral":{"amount":-1,"currency":"USD"}}""", "invalidField", "capPerReferral.amount")]
    [InlineData("""{"rules":[{"kind":"firstPurchase","flat":{"amount":5000,"currency":"dollars"}}]}""", "invalidField", "rules[0].flat.currency")]
    [InlineData("""{"rules":[{"kind":"purchase","percentTiers":{"by":"month","steps":[]}}]}""", "invalidField", "rules[0].percentTiers.steps")]
    [InlineData("""{"rules":[{"kind":"purchase","percent":"120"}]}""", "invalidField", "rules[0].percent")]
    [InlineData("""{"ruls":[]}""", "invalidField", "ruls")]
    [InlineData("""{"rules":[{"kind":"purchase","percent":"20","maxMonth":12}]}""", "invalidField", "rules[0].maxMonth")]
    [InlineData("""{"rules":[{"kind":"purchase","percent":20}]}""", "invalidField", "rules[0].percent")]
    [InlineData("""{"effectiveFrom":"yesterday"}""", "invalidField", "effectiveFrom")]
    public async Task What_cannot_be_kept_to_is_refused_by_name(string revision, string code, string field)
    {
        var (status, problem) = await _api.SendAsync("campaigns/default/revisions", revision);
        Assert.Equal((HttpStatusCode.BadRequest, code, field), (status, problem.Text("title"), problem.Text("field")));
    }

    [Fact]
    public async Task A_revision_over_bound_referrals_needs_the_word_and_then_moves_their_rewards()
    {
        await _api.SendAsync("referrers", new { productUserId = "ann", ucc = "abcDEF12345" });
        Assert.Equal(HttpStatusCode.Created, (await _api.SendAsync("campaigns/default/revisions", TwentyPercent)).Status);
        await _api.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid());
        await EarnedAsync(2_000);

        var thirty = TwentyPercent.Replace("\"20\"", "\"30\"", StringComparison.Ordinal);
        var (refused, problem) = await _api.SendAsync("campaigns/default/revisions", thirty);
        Assert.Equal((HttpStatusCode.Conflict, "referralsBound", "effectiveFrom"), (refused, problem.Text("title"), problem.Text("field")));
        Assert.StartsWith("1 referrals", problem.Text("detail"), StringComparison.Ordinal);

        var (taken, revision) = await _api.SendAsync("campaigns/default/revisions", thirty.Replace("{\"eff", "{\"rebind\":true,\"eff", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.Created, 2), (taken, revision.Number("revision")));
        await EarnedAsync(3_000);
        var entries = await _api.ListAsync("ledger/entries");
        Assert.Equal([("revision", "default/2", 1_000L), ("event", entries[1].Text("causeId"), 2_000L)], entries.Select(e => (e.Text("causeKind"), e.Text("causeId"), e.Number("amount"))));
        Assert.Equal(2, Assert.Single(await _api.ListAsync("rewards")).Number("revision"));
    }

    [Fact]
    public async Task A_revision_for_later_signups_leaves_those_before_as_they_are()
    {
        await _api.SendAsync("referrers", new { productUserId = "ann", ucc = "abcDEF12345" });
        await _api.SendAsync("campaigns/default/revisions", TwentyPercent);
        await _api.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid());

        var later = TwentyPercent.Replace("\"20\"", "\"30\"", StringComparison.Ordinal).Replace("2020-01-01", "2026-03-03", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await _api.SendAsync("campaigns/default/revisions", later)).Status);
        var next = StripeSamples.Noon.AddDays(2);
        await _api.TellAsync(
            StripeSamples.Customer(customer: "cus_2", newUserId: "user-2", at: next), StripeSamples.InvoicePaid("cus_2", "in_2", paidAt: next),
            StripeSamples.InvoicePaid(invoice: "in_3", paidAt: next));

        await EarnedAsync(2_000 + 3_000 + 2_000);
        Assert.Equal([("in_1", 1L), ("in_2", 2), ("in_3", 1)], (await _api.ListAsync("rewards")).Select(r => (r.Text("invoiceId")!, r.Number("revision"))).Order());
    }

    private Task<System.Text.Json.JsonElement> EarnedAsync(long earned) =>
        _api.UntilAsync("ledger/balances", b => b.GetProperty("items").EnumerateArray().Sum(i => i.Number("earned")) == earned);
}
