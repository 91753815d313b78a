using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Campaigns;
using Portal.Core.Products;
using Portal.Tests.Visits;
using Xunit;

namespace Portal.Tests.Scripts;

/// <summary>What the attribution script asks of the portal.</summary>
public sealed class AttributionConfigTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();
    private HttpClient _client = null!;
    private string _product = "";

    public async Task InitializeAsync()
    {
        _client = _host.CreateVisitor();
        await _host.ReferrerAsync();
        _product = (await _host.SetAsync(s => s with { CookieDays = 30, Consent = "custom", Name = "Acme" })).ProductId;
        var revision = new RevisionDocument { EffectiveFrom = DateTimeOffset.UnixEpoch, Currency = "EUR", NewUserReward = new NewUserRewardDocument { Percentage = 12.5m, IntervalCount = 3 } };
        Assert.True((await _host.Services.GetRequiredService<CampaignEditor>().AddRevisionAsync(PortalEnvironment.Sandbox, "default", revision, new Actor("tester", "127.0.0.1"), default)).TryGet(out _, out _));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task It_tells_anybody_the_settings_and_the_campaigns_promise_and_nothing_of_the_referrer()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/attribution/{_product}/config?ucc={Links.Ann}");
        request.Headers.Add("Origin", "https://acme.example");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var answer = await _client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var config = JsonDocument.Parse(text).RootElement;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("max-age=60, private", answer.Headers.CacheControl!.ToString());
        Assert.Equal(30, config.Number("cookieDays"));
        Assert.Equal("custom", config.Text("consent"));
        Assert.Equal(JsonValueKind.Null, config.GetProperty("banner").ValueKind);
        Assert.True(config.GetProperty("valid").GetBoolean());
        Assert.Equal(0.125m, config.GetProperty("campaign").GetProperty("newUserDiscountPercentage").GetDecimal());
        Assert.Equal(3, config.GetProperty("campaign").Number("newUserDiscountMonth"));
        Assert.Equal("EUR", config.GetProperty("campaign").Text("primaryCurrency"));
        Assert.Equal(["cookieDays", "consent", "banner", "valid", "campaign"], config.EnumerateObject().Select(m => m.Name));
        Assert.DoesNotContain("Ann", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?ucc=nobodyHasIt")]
    [InlineData("?ucc=no-code")]
    [InlineData("")]
    [InlineData("?ucc=codeOfDisabled")]
    public async Task A_code_that_is_not_good_has_no_campaign(string query)
    {
        await _host.ReferrerAsync("bo", "codeOfDisabled");
        await _host.DisableAsync("codeOfDisabled");
        var config = await _client.GetFromJsonAsync<JsonElement>($"/attribution/{_product}/config{query}");

        Assert.False(config.GetProperty("valid").GetBoolean());
        Assert.Equal(JsonValueKind.Null, config.GetProperty("campaign").ValueKind);
    }

    [Fact]
    public async Task The_banner_comes_with_the_products_name_and_its_button()
    {
        await _host.SetAsync(s => s with { Banner = true, BannerLink = "https://acme.example/join", BannerLabel = "Join" });
        var banner = (await _client.GetFromJsonAsync<JsonElement>($"/attribution/{_product}/config")).GetProperty("banner");

        Assert.Equal(("Acme", "https://acme.example/join", "Join"), (banner.Text("product"), banner.Text("link"), banner.Text("label")));
    }

    [Fact]
    public async Task A_code_of_the_other_environment_is_not_good()
    {
        await _host.ReferrerAsync("real", "codeOfReal1", null, PortalEnvironment.Production);
        Assert.False((await _client.GetFromJsonAsync<JsonElement>($"/attribution/{_product}/config?ucc=codeOfReal1")).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task An_unknown_product_is_a_problem_that_the_page_may_read()
    {
        using var answer = await _client.GetAsync("/attribution/nothing/config");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task Each_call_is_noted_as_a_sign_of_life()
    {
        using (await _client.GetAsync($"/attribution/{_product}/config")) { }
        await using var db = _host.Store.OpenRead();
        var call = await db.ScriptCalls.SingleAsync();
        Assert.Equal((PortalEnvironment.Sandbox, ScriptNames.Attribution, 1L), (call.Environment, call.Script, call.Calls));
    }
}
