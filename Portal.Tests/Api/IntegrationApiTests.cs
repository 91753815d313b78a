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
        var reward = Assert.Single(JsonDocument.Parse(await _api.GetStringAsync("/api/sandbox/rewards?productUserId=ann&startDate=2020-01-01&endDate=2030-01-01")).RootElement.GetProperty("items").EnumerateArray());
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
    [InlineData("status=granted", "status")]
    [InlineData("limit=0", "limit")]
    public async Task A_filter_that_is_wrong_names_the_field(string query, string field)
    {
        using var answer = await _api.GetAsync($"/api/sandbox/rewards?{query}");
        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Text("field")));
    }

    private async Task<string[]> ConnectionsAsync() =>
        [.. (await _api.ReadAsync("integration-status")).GetProperty("components").EnumerateArray().Select(c => c.Text("connectionStatus")!)];

    private async Task<(HttpStatusCode Status, JsonElement Body)> ReportAsync(string body)
    {
        using var answer = await _api.PatchAsync("/api/sandbox/rewards", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }
}
