using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Xunit;

namespace Portal.Tests.Api;

/// <summary>Drafts and their simulation over HTTP.</summary>
public sealed class SimulationsApiTests : IAsyncLifetime
{
    private const string Twenty = """{"effectiveFrom":"2020-01-01T00:00:00Z","rules":[{"kind":"purchase","percent":"20","maxMonths":12}]}""";
    private static readonly string Thirty = Twenty.Replace("\"20\"", "\"30\"", StringComparison.Ordinal);
    private readonly PortalHost _host = new();
    private HttpClient _api = null!;

    public async Task InitializeAsync()
    {
        _api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await _api.SendAsync("referrers", new { productUserId = "=HYPERLINK(\"http://x\")", ucc = "abcDEF12345" });
        await _api.SendAsync("campaigns/default/revisions", Twenty);
        await _api.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid());
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_draft_is_simulated_and_the_table_is_a_file_that_no_spreadsheet_runs()
    {
        await _api.SendAsync("campaigns/default/draft", $$"""{"terms":{{Thirty}}}""", HttpMethod.Put);

        var (status, run) = await _api.SendAsync("campaigns/default/simulate?wait=60", """{"draft":true,"effectiveFrom":"2020-01-01T00:00:00Z"}""");

        Assert.Equal((HttpStatusCode.OK, "done"), (status, run.Text("state")));
        var total = Assert.Single(run.GetProperty("report").GetProperty("totals").EnumerateArray());
        Assert.Equal(("USD", 2_000L, 3_000L, 1_000L), (total.Text("currency"), total.Number("now"), total.Number("draft"), total.Number("difference")));
        var file = await _api.GetAsync($"/api/sandbox/v1/simulations/{run.Text("id")}/table.csv");
        Assert.Equal("text/csv", file.Content.Headers.ContentType?.MediaType);
        Assert.Equal("month,referrer,ucc,currency,now_minor,now,draft_minor,draft,difference_minor,difference\r\n2026-03,\"'=HYPERLINK(\"\"http://x\"\")\",abcDEF12345,USD,2000,20.00,3000,30.00,1000,10.00\r\n",
            await file.Content.ReadAsStringAsync());
        Assert.Single(await _api.ListAsync("ledger/entries"));   // what the payment posted, and nothing since
    }

    [Fact]
    public async Task The_revision_in_force_costs_what_it_costs()
    {
        foreach (var same in new[] { Twenty, Twenty.Replace("\"effectiveFrom\":\"2020-01-01T00:00:00Z\",", "", StringComparison.Ordinal) })
        {
            var (_, run) = await _api.SendAsync("campaigns/default/simulate", $$"""{"revision":{{same}}}""");
            var report = run.GetProperty("report");
            Assert.Equal((0L, 0L, 1L), (report.Number("referralsChanged"), report.Number("paymentsChanged"), report.Number("referrals")));
            Assert.All(report.GetProperty("totals").EnumerateArray(), t => Assert.Equal(0, t.Number("difference")));
        }
    }

    [Fact]
    public async Task Who_does_not_wait_is_told_where_to_look()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sandbox/v1/campaigns/default/simulate?wait=0") { Content = new StringContent($$"""{"revision":{{Thirty}}}""", null, "application/json") };
        using var answer = await _api.SendAsync(request);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.StartsWith("/api/sandbox/v1/simulations/", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        await _api.UntilAsync(answer.Headers.Location.OriginalString["/api/sandbox/v1/".Length..], run => run.Text("state") == "done");
        Assert.Equal(HttpStatusCode.NotFound, (await (await _host.CreateApiClientAsync(PortalEnvironment.Production))
            .GetAsync(answer.Headers.Location.OriginalString.Replace("sandbox", "production", StringComparison.Ordinal))).StatusCode);
        var (cancelled, run) = await _api.SendAsync(answer.Headers.Location.OriginalString["/api/sandbox/v1/".Length..] + "/cancel", "{}");
        Assert.Equal((HttpStatusCode.OK, "done"), (cancelled, run.Text("state")));   // too late: it stays as it is
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.BadRequest, "revision")]
    [InlineData("""{"draft":true,"revision":{}}""", HttpStatusCode.BadRequest, "revision")]
    [InlineData("""{"draft":true}""", HttpStatusCode.NotFound, "draft")]
    [InlineData("""{"revision":{"rules":[{"kind":"purchase","percent":"120"}]}}""", HttpStatusCode.BadRequest, "revision.rules[0].percent")]
    [InlineData("""{"revision":{},"from":"2026-02-01T00:00:00Z","to":"2026-02-01T00:00:00Z"}""", HttpStatusCode.BadRequest, "from")]
    public async Task What_cannot_be_simulated_is_refused_by_name(string body, HttpStatusCode wanted, string field)
    {
        var (status, problem) = await _api.SendAsync("campaigns/default/simulate", body);
        Assert.Equal((wanted, field), (status, problem.Text("field")));
        Assert.Equal(HttpStatusCode.BadRequest, (await _api.SendAsync("campaigns/default/simulate?wait=61", """{"revision":{}}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _api.SendAsync("campaigns/nowhere/simulate", """{"revision":{}}""")).Status);
    }

    [Fact]
    public async Task Two_people_cannot_write_over_each_other_s_draft()
    {
        var (first, draft) = await _api.SendAsync("campaigns/default/draft", $$"""{"terms":{{Twenty}}}""", HttpMethod.Put);
        var (second, conflict) = await _api.SendAsync("campaigns/default/draft", $$"""{"terms":{{Thirty}}}""", HttpMethod.Put);
        var (third, next) = await _api.SendAsync("campaigns/default/draft", $$"""{"version":1,"terms":{{Thirty}}}""", HttpMethod.Put);

        Assert.Equal((HttpStatusCode.OK, 1L), (first, draft.Number("version")));
        Assert.Equal((HttpStatusCode.Conflict, "draftChanged", "version"), (second, conflict.Text("title"), conflict.Text("field")));
        Assert.Equal((HttpStatusCode.OK, 2L), (third, next.Number("version")));
        Assert.Equal(HttpStatusCode.Conflict, (await _api.DeleteAsync("/api/sandbox/v1/campaigns/default/draft?version=1")).StatusCode);
        Assert.Equal("30", (await _api.ReadAsync("campaigns/default/draft")).GetProperty("terms").GetProperty("rules")[0].Text("percent"));
        Assert.Equal(HttpStatusCode.NoContent, (await _api.DeleteAsync("/api/sandbox/v1/campaigns/default/draft?version=2")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _api.GetAsync("/api/sandbox/v1/campaigns/default/draft")).StatusCode);
        await using var db = _host.Store.OpenRead();
        Assert.Equal(["campaign.drafted", "campaign.drafted", "campaign.draftRemoved"],
            await db.AuditLog.Where(a => a.Action.StartsWith("campaign.draft")).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync());
    }

    [Fact]
    public async Task A_draft_names_the_field_that_is_wrong()
    {
        var (status, problem) = await _api.SendAsync("campaigns/default/draft", """{"terms":{"holdDays":-1}}""", HttpMethod.Put);
        Assert.Equal((HttpStatusCode.BadRequest, "terms.holdDays"), (status, problem.Text("field")));
    }

    [Fact]
    public async Task Publishing_makes_the_draft_a_revision_and_asks_before_it_binds_anew()
    {
        await _api.SendAsync("campaigns/default/draft", $$"""{"terms":{{Thirty}}}""", HttpMethod.Put);

        var (refused, problem) = await _api.SendAsync("campaigns/default/draft/publish", """{"version":1}""");
        var (stale, _) = await _api.SendAsync("campaigns/default/draft/publish", """{"version":7,"rebind":true}""");
        var (published, revision) = await _api.SendAsync("campaigns/default/draft/publish", """{"version":1,"rebind":true}""");

        Assert.Equal((HttpStatusCode.Conflict, "referralsBound"), (refused, problem.Text("title")));
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Created, 2L), (stale, published, revision.Number("revision")));
        Assert.Equal(HttpStatusCode.NotFound, (await _api.GetAsync("/api/sandbox/v1/campaigns/default/draft")).StatusCode);
        await _api.UntilAsync("ledger/balances", b => b.GetProperty("items").EnumerateArray().Sum(i => i.Number("earned")) == 3_000);
    }

    [Fact]
    public async Task A_person_downloads_the_table_and_a_stranger_does_not()
    {
        var (_, run) = await _api.SendAsync("campaigns/default/simulate", $$"""{"revision":{{Thirty}}}""");
        var path = $"/sandbox/simulations/{run.Text("id")}/table.csv";

        Assert.Equal(HttpStatusCode.OK, (await (await _host.CreateSignedInClientAsync(PortalRole.Viewer)).GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await _host.CreateVisitor().GetAsync(path)).StatusCode);
    }
}
