using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Products;
using Xunit;

namespace Portal.Tests.Api;

/// <summary>The integration's status as programs ask for it, and what follows from the product's settings.</summary>
public sealed class IntegrationApiTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();
    private HttpClient _api = null!;

    private ProductRegister Products => _host.Services.GetRequiredService<ProductRegister>();

    public async Task InitializeAsync()
    {
        _api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await _api.SendAsync("referrers", new { productUserId = "ann", ucc = SmallWorld.Ann });
        await _api.SendAsync("campaigns/default/revisions", """{"effectiveFrom":"2020-01-01T00:00:00Z","currency":"USD","holdDays":0,"rules":[{"kind":"purchase","percent":"20","maxMonths":12}]}""");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task The_first_valid_signup_and_purchase_connect_their_component()
    {
        Assert.Equal(["notConnected", "notConnected", "notConnected", "notConnected"], await ConnectionsAsync());

        await _api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann, newUserId: "user-1"));
        Assert.Equal(["notConnected", "notConnected", "connected", "notConnected"], await ConnectionsAsync());

        await _api.TellAsync(StripeSamples.InvoicePaid());
        var status = await _api.ReadAsync("integration-status");
        Assert.Equal("2/4 need attention", status.Text("status"));
        var purchases = status.GetProperty("components")[3];
        Assert.Equal(("purchases", "connected", "stripe", 14), (purchases.Text("component"), purchases.Text("connectionStatus"), purchases.Text("source"), purchases.GetProperty("days").GetArrayLength()));
        Assert.Equal(1, purchases.GetProperty("days")[13].Number("valid"));
        Assert.StartsWith("/sandbox/events?", purchases.Text("feed"), StringComparison.Ordinal);
        Assert.Equal(86_400, status.Number("healthWindowSeconds"));
    }

    [Fact]
    public async Task What_is_wrong_warns_and_what_is_old_warns()
    {
        await _api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann, newUserId: "user-1"));
        await _api.TellAsync(StripeSamples.Customer(customer: "cus_2", ucc: SmallWorld.Ann, newUserId: null));
        var signups = (await _api.ReadAsync("integration-status")).GetProperty("components")[2];
        Assert.Equal(("connectedWithWarnings", "validationIssues"), (signups.Text("connectionStatus"), signups.Text("warningType")));

        _host.Clock.Pass(TimeSpan.FromHours(25));
        _api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        signups = (await _api.ReadAsync("integration-status")).GetProperty("components")[2];
        Assert.Equal(("connectedWithWarnings", "noRecentEvents"), (signups.Text("connectionStatus"), signups.Text("warningType")));
    }

    [Fact]
    public async Task Another_source_counts_once_it_is_chosen()
    {
        await _api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann, newUserId: "user-1"));
        Assert.True((await Products.ChangeAsync(PortalEnvironment.Sandbox, null, s => s with { SignupSource = "api" }, Actor.System, default)).TryGet(out _, out _));
        Assert.Equal("notConnected", (await ConnectionsAsync())[2]);

        using var told = await _api.PostAsync("/api/sandbox/events", new StringContent(ApiSamples.Signup(), System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        await _api.UntilAsync("inbox", i => i.Number("pending") == 0);
        Assert.Equal("connected", (await ConnectionsAsync())[2]);
    }

    [Fact]
    public async Task Before_the_launch_nothing_is_paid_out_and_afterwards_not_what_was_earned_before()
    {
        Assert.True((await Products.ChangeAsync(PortalEnvironment.Sandbox, null, s => s with { PreLaunch = true }, Actor.System, default)).TryGet(out _, out _));
        await _api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann, newUserId: "user-1"));
        await _api.TellAsync(StripeSamples.InvoicePaid());
        Assert.Single(await _api.ListAsync("rewards"));

        var refused = await _api.SendAsync("payouts", new { currency = "USD" });
        Assert.Equal((HttpStatusCode.Conflict, "preLaunch"), (refused.Status, refused.Body.Text("title")));

        var launched = StripeSamples.Noon.AddDays(1);   // after that payment
        Assert.True((await Products.ChangeAsync(PortalEnvironment.Sandbox, null, s => s with { PreLaunch = false, LaunchedAt = launched }, Actor.System, default)).TryGet(out _, out _));
        Assert.Equal("nothingToPay", (await _api.SendAsync("payouts", new { currency = "USD" })).Body.Text("title"));

        Assert.True((await Products.ChangeAsync(PortalEnvironment.Sandbox, null, s => s with { LaunchedAt = null }, Actor.System, default)).TryGet(out _, out _));
        Assert.Equal(HttpStatusCode.Created, (await _api.SendAsync("payouts", new { currency = "USD" })).Status);
    }

    [Fact]
    public async Task A_reward_that_the_product_granted_itself_is_left_out_of_payouts()
    {
        await _api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann, newUserId: "user-1"));
        await _api.TellAsync(StripeSamples.InvoicePaid());
        var reward = Assert.Single(JsonDocument.Parse(await _api.GetStringAsync("/api/sandbox/rewards?productUserId=ann&startDate=2020-01-01&endDate=9999-12-31")).RootElement.GetProperty("items").EnumerateArray());
        Assert.Equal(("open", "ann", "purchase", true), (reward.Text("status"), reward.Text("productUserId"), reward.Text("trigger"), reward.GetProperty("ready").GetBoolean()));

        foreach (var changed in (int[])[1, 0])   // the same report twice is harmless
        {
            var report = await ReportAsync($$"""{"rewards":[{"id":"{{reward.Text("id")}}","status":"processed"}]}""");
            Assert.Equal((HttpStatusCode.OK, changed), (report.Status, (int)report.Body.Number("changed")));
        }
        Assert.Equal("nothingToPay", (await _api.SendAsync("payouts", new { currency = "USD" })).Body.Text("title"));
        Assert.Single(JsonDocument.Parse(await _api.GetStringAsync("/api/sandbox/rewards?status=processed")).RootElement.GetProperty("items").EnumerateArray());

        await ReportAsync($$"""{"rewards":[{"id":"{{reward.Text("id")}}","status":"open"}]}""");
        Assert.Equal(HttpStatusCode.Created, (await _api.SendAsync("payouts", new { currency = "USD" })).Status);
        var late = await ReportAsync($$"""{"rewards":[{"id":"{{reward.Text("id")}}","status":"processed"}]}""");
        Assert.Equal((HttpStatusCode.Conflict, "rewards[0].status"), (late.Status, late.Body.Text("field")));
    }

    [Fact]
    public async Task A_granted_reward_stays_granted_when_the_provider_tells_the_invoice_that_the_product_told_first()
    {
        using var told = await _api.PostAsync("/api/sandbox/events", new StringContent(ApiSamples.Paid(), System.Text.Encoding.UTF8, "application/json"));
        await _api.UntilAsync("inbox", i => i.Number("pending") == 0);
        var first = Assert.Single(await _api.ListAsync("rewards"));
        Assert.Equal(HttpStatusCode.OK, (await ReportAsync($$"""{"rewards":[{"id":"{{first.Text("id")}}","status":"processed"}]}""")).Status);

        await _api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann, newUserId: "user-1"), StripeSamples.InvoicePaid(invoice: first.Text("invoiceId")!));
        var both = await _api.ListAsync("rewards");
        Assert.Equal((2, 1), (both.Count, both.Count(r => r.Number("net") > 0)));   // the provider's stands, the product's is void
        Assert.Equal("nothingToPay", (await _api.SendAsync("payouts", new { currency = "USD" })).Body.Text("title"));
        var items = JsonDocument.Parse(await _api.GetStringAsync("/api/sandbox/rewards")).RootElement.GetProperty("items").EnumerateArray().ToList();
        Assert.All(items, i => Assert.Equal(("processed", false), (i.Text("status"), i.GetProperty("ready").GetBoolean())));
    }

    [Fact]
    public async Task What_is_paid_out_or_test_data_is_not_offered_to_be_granted_and_a_payout_made_before_waits_for_the_launch()
    {
        await _api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann, newUserId: "user-1"), StripeSamples.InvoicePaid());
        var payout = (await _api.SendAsync("payouts", new { currency = "USD" })).Body;
        Assert.False(await IsReadyAsync());

        await Products.ChangeAsync(PortalEnvironment.Sandbox, null, s => s with { PreLaunch = true }, Actor.System, default);
        foreach (var step in (string[])["approve", "settle"])
        {
            var refused = await _api.SendAsync($"payouts/{payout.Text("id")}/{step}", new { });
            Assert.Equal((HttpStatusCode.Conflict, step == "approve" ? "preLaunch" : "notApproved"), (refused.Status, refused.Body.Text("title")));
        }
        Assert.Equal(HttpStatusCode.OK, (await _api.SendAsync($"payouts/{payout.Text("id")}/cancel", new { })).Status);
        Assert.False(await IsReadyAsync());
        var id = Assert.Single(await _api.ListAsync("rewards")).Text("id");
        Assert.Equal("testData", (await ReportAsync($$"""{"rewards":[{"id":"{{id}}","status":"processed"}]}""")).Body.Text("title"));

        var launched = await Products.ChangeAsync(PortalEnvironment.Sandbox, null, s => s with { PreLaunch = false, LaunchedAt = _host.Clock.GetUtcNow() }, Actor.System, default);
        Assert.True(launched.TryGet(out _, out _));
        Assert.False(await IsReadyAsync());
        var back = await Products.ChangeAsync(PortalEnvironment.Sandbox, null, s => s with { PreLaunch = true }, Actor.System, default);
        Assert.False(back.TryGet(out _, out var problem));
        Assert.Equal("launchedAlready", problem.Code);

        async Task<bool> IsReadyAsync() =>
            Assert.Single(JsonDocument.Parse(await _api.GetStringAsync("/api/sandbox/rewards")).RootElement.GetProperty("items").EnumerateArray()).GetProperty("ready").GetBoolean();
    }

    [Fact]
    public async Task A_product_s_key_cannot_take_a_grant_back_and_no_reward_stands_twice_in_a_report()
    {
        await _api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann, newUserId: "user-1"), StripeSamples.InvoicePaid());
        var id = Assert.Single(await _api.ListAsync("rewards")).Text("id");
        var keys = _host.Services.GetRequiredService<Core.Access.AccessKeys>();
        Assert.True((await keys.CreateAsync(PortalEnvironment.Sandbox, "product", "product", Actor.System, default)).TryGet(out var key, out _));
        using var product = _host.CreateVisitor();
        using var token = await product.PostAsync("/api/sandbox/token", new StringContent(JsonSerializer.Serialize(new { accessKeyId = key.AccessKeyId, secretAccessKey = key.SecretAccessKey }), System.Text.Encoding.UTF8, "application/json"));
        product.DefaultRequestHeaders.Authorization = new("Bearer", JsonDocument.Parse(await token.Content.ReadAsStringAsync()).RootElement.Text("accessToken"));

        Assert.Equal(HttpStatusCode.BadRequest, (await ReportAsync($$"""{"rewards":[{"id":"{{id}}","status":"processed"},{"id":"{{id}}","status":"open"}]}""", product)).Status);
        Assert.Equal(HttpStatusCode.OK, (await ReportAsync($$"""{"rewards":[{"id":"{{id}}","status":"processed"}]}""", product)).Status);
        Assert.Equal("alreadyProcessed", (await ReportAsync($$"""{"rewards":[{"id":"{{id}}","status":"open"}]}""", product)).Body.Text("title"));
        Assert.Equal(HttpStatusCode.OK, (await ReportAsync($$"""{"rewards":[{"id":"{{id}}","status":"open"}]}""")).Status);
        var noted = Assert.Single(await _api.ListAsync("audit-log?action=rewards.reported"), e => e.Text("after")!.Contains("processed → open", StringComparison.Ordinal));
        Assert.NotNull(noted.Text("after"));
    }

    [Theory]
    [InlineData("""{}""", "rewards")]
    [InlineData("""{"rewards":[]}""", "rewards")]
    [InlineData("""{"rewards":[null]}""", "rewards[0].id")]
    [InlineData("""{"rewards":[{"id":"x","status":"processed"}]}""", "rewards[0].id")]
    [InlineData("""{"rewards":[{"id":"1","status":"granted"}]}""", "rewards[0].status")]
    [InlineData("""{"rewards":[{"id":"999999","status":"processed"}]}""", "rewards[0].id")]
    public async Task A_report_that_is_wrong_names_the_field(string body, string field)
    {
        var answer = await ReportAsync(body);
        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.Status, answer.Body.Text("field")));
    }

    [Theory]
    [InlineData("startDate=yesterday", "startDate")]
    [InlineData("endDate=2026-13-01", "endDate")]
    [InlineData("endDate=10000-01-01", "endDate")]
    [InlineData("status=granted", "status")]
    [InlineData("limit=0", "limit")]
    public async Task A_filter_that_is_wrong_names_the_field(string query, string field)
    {
        using var answer = await _api.GetAsync($"/api/sandbox/rewards?{query}");
        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Text("field")));
    }

    private async Task<string[]> ConnectionsAsync() =>
        [.. (await _api.ReadAsync("integration-status")).GetProperty("components").EnumerateArray().Select(c => c.Text("connectionStatus")!)];

    private async Task<(HttpStatusCode Status, JsonElement Body)> ReportAsync(string body, HttpClient? by = null)
    {
        using var answer = await (by ?? _api).PatchAsync("/api/sandbox/rewards", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }
}
