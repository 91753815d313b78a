using System.Text.Json;
using Microsoft.Playwright;
using Portal.Core.Products;
using Portal.Tests.Visits;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>From an invite link over a product's landing page to its signup form, in a browser, with the portal on one origin and the product on another.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Database", "Sqlite")]   // what browsers do with scripts and dialogs; the requests are tried on both
public sealed class AttributionJourney(BrowserRoom room) : IAsyncLifetime
{
    private const string Bo = "codeOfBo001";
    private readonly PortalHost _host = new();
    private Uri _portal = null!;
    private LandingSite _site = null!;
    private Visitor _visitor = null!;

    private IPage Page => _visitor.Page;

    public async Task InitializeAsync()
    {
        _portal = _host.Listen();
        _site = await LandingSite.StartAsync(_portal);
        await _host.ReferrerAsync(firstName: "Märta");
        await _host.ReferrerAsync("bo", Bo, null);
        await SetAsync(s => s with { LandingPage = _site.Url("/start?utm_source=friend#plans") });
        _visitor = await room.VisitAsync(_portal);
    }

    public async Task DisposeAsync()
    {
        await _visitor.DisposeAsync();
        await _site.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_visitor_of_a_link_is_remembered_on_the_whole_site_and_told_to_its_forms()
    {
        await Page.GotoAsync($"/r/{Links.Ann}");
        Assert.Equal(_site.Url($"/start?utm_source=friend&ucc={Links.Ann}&productId={_site.ProductId}&celloN=TcOkcnRh#plans"), Page.Url);
        var referral = await CookieAsync("cello-referral");

        Assert.Equal((Links.Ann, ".shop.example", "/", SameSiteAttribute.Lax, false), (referral.Value, referral.Domain, referral.Path, referral.SameSite, referral.Secure));
        Assert.InRange(DateTimeOffset.FromUnixTimeSeconds((long)referral.Expires!) - DateTimeOffset.UtcNow, TimeSpan.FromDays(89.99), TimeSpan.FromDays(90.01));
        Assert.Equal(_site.ProductId, (await CookieAsync("cello-product-id")).Value);
        Assert.Equal(Links.Ann, await AskAsync("getUcc"));
        Assert.Equal("Märta", await AskAsync("getReferrerName"));
        await Expect(Page.Locator("#signup input[name=ucc]")).ToHaveValueAsync(Links.Ann);
        await Expect(Page.Locator("#signup input[name=ucc]")).ToHaveAttributeAsync("type", "hidden");
        await Expect(Page.Locator("#own input[name=ucc]")).ToHaveValueAsync("mine");
        await Expect(Page.Locator("#own input[name=ucc]")).ToHaveCountAsync(1);
        await Expect(Page.Locator("#empty input[name=ucc]")).ToHaveValueAsync(Links.Ann);
        await Expect(Page.Locator("#search input[name=ucc]")).ToHaveCountAsync(0);

        await Page.EvaluateAsync("document.querySelector('main').append(Object.assign(document.createElement('form'), { id: 'later' }))");
        await Expect(Page.Locator("#later input[name=ucc]")).ToHaveValueAsync(Links.Ann);

        await Page.GotoAsync(_site.Url("/signup", "app.shop.example"));
        Assert.Equal(Links.Ann, await AskAsync("getUcc"));
        Assert.Null(await AskAsync("getReferrerName"));
        await Expect(Page.Locator("#signup input[name=ucc]")).ToHaveValueAsync(Links.Ann);
        Assert.Empty(_visitor.Complaints);
    }

    [Fact]
    public async Task The_last_link_counts_and_what_is_no_code_changes_nothing()
    {
        await Page.GotoAsync($"/r/{Links.Ann}");
        await CookieAsync("cello-referral", Links.Ann);
        await Page.GotoAsync($"/r/{Bo}");
        await CookieAsync("cello-referral", Bo);
        await Page.GotoAsync(_site.Url("/start?ucc=%3Cscript%3E&productId=x"));
        Assert.Equal(Bo, await AskAsync("getUcc"));
        await Page.GotoAsync("/r/nobodyHasIt");
        Assert.Equal(_site.Url("/start?utm_source=friend#plans"), Page.Url);
        Assert.Equal(Bo, await AskAsync("getUcc"));
        Assert.Equal(Bo, (await CookieAsync("cello-referral")).Value);
    }

    [Fact]
    public async Task Commands_do_what_the_documentation_says()
    {
        await _host.ReferrerPageAsync("ann", _site.Url("/start"));
        await DiscountAsync();
        await Page.GotoAsync(_site.Url($"/start?ucc={Links.Ann}"));

        Assert.Equal(Links.Ann, await Page.EvaluateAsync<string?>("window.early"));   // asked of the stub, answered by the script
        var campaign = (await Page.EvaluateAsync<JsonElement?>("CelloAttribution('getCampaignConfig')"))!.Value;
        Assert.Equal((0.2m, 3L, "EUR"), (campaign.GetProperty("newUserDiscountPercentage").GetDecimal(), campaign.Number("newUserDiscountMonth"), campaign.Text("primaryCurrency")));
        Assert.Contains("use \"getUcc\"", await RefusalAsync("'getReferral'"), StringComparison.Ordinal);
        Assert.Contains("knows no command \"toString\". It knows getUcc, getReferrerName, getCampaignConfig, attachTo, attachAll, allowCookies, deleteCookies.", await RefusalAsync("'toString'"), StringComparison.Ordinal);
        Assert.Contains("takes a form", await RefusalAsync("'attachTo', 'signup'"), StringComparison.Ordinal);

        await Page.EvaluateAsync("CelloAttribution('attachTo', [document.querySelector('#search')])");
        await Expect(Page.Locator("#search input[name=ucc]")).ToHaveValueAsync(Links.Ann);
        await Page.EvaluateAsync("document.querySelector('#signup input[name=ucc]').remove()");
        await Page.EvaluateAsync("CelloAttribution('attachTo', document.querySelector('#signup'))");
        await Expect(Page.Locator("#signup input[name=ucc]")).ToHaveCountAsync(1);
        var warning = await Page.RunAndWaitForConsoleMessageAsync(() => Page.EvaluateAsync("CelloAttribution('attachAll')"));
        Assert.Equal("warning", warning.Type);
        Assert.Equal(Links.Ann, await Page.EvaluateAsync<string?>("new Promise((resolve, reject) => CelloAttributionCmd.push({ command: 'getUcc', args: [], resolve, reject }))"));

        await Page.EvaluateAsync("CelloAttribution('deleteCookies')");
        Assert.Empty(await CookiesAsync());
    }

    [Fact]
    public async Task Without_a_link_there_is_nothing_to_tell_and_nothing_is_kept()
    {
        await Page.GotoAsync(_site.Url("/start"));
        Assert.Null(await AskAsync("getUcc"));
        Assert.Null(await Page.EvaluateAsync<JsonElement?>("CelloAttribution('getCampaignConfig')"));
        Assert.Empty(await CookiesAsync());
        await Expect(Page.Locator("#signup input[name=ucc]")).ToHaveCountAsync(0);
        Assert.Empty(_visitor.Complaints);
    }

    [Fact]
    public async Task The_try_with_test_and_test_works_on_a_page_whose_tag_names_no_product()
    {
        _site.ProductId = null;
        await Page.GotoAsync(_site.Url("/start?productId=test&ucc=test"));
        Assert.Equal("test", await AskAsync("getUcc"));
        Assert.Equal("test", (await CookieAsync("cello-referral")).Value);
        Assert.Equal("test", (await CookieAsync("cello-product-id")).Value);
    }

    [Fact]
    public async Task Under_custom_consent_nothing_is_kept_before_a_yes_and_all_is_gone_after_a_no()
    {
        await SetAsync(s => s with { Consent = "custom", CookieDays = 30 });
        await Page.GotoAsync($"/r/{Links.Ann}");
        Assert.Equal(Links.Ann, await AskAsync("getUcc"));   // the page's own URL says it
        await SettledAsync();
        Assert.Empty(await CookiesAsync());

        await Page.EvaluateAsync("CelloAttribution('allowCookies')");
        Assert.Equal(["cello-cookie-consent", "cello-product-id", "cello-referral"], (await CookiesAsync()).Select(c => c.Name));
        Assert.InRange(DateTimeOffset.FromUnixTimeSeconds((long)(await CookieAsync("cello-referral")).Expires!) - DateTimeOffset.UtcNow, TimeSpan.FromDays(29.99), TimeSpan.FromDays(30.01));
        await Page.GotoAsync($"/r/{Bo}");
        await CookieAsync("cello-referral", Bo);   // the yes holds

        await Page.EvaluateAsync("CelloAttribution('deleteCookies')");
        Assert.Empty(await CookiesAsync());
        await Page.GotoAsync(_site.Url("/start"));
        Assert.Null(await AskAsync("getUcc"));
    }

    [Theory]
    [InlineData("oneTrust", "window.OnetrustActiveGroups = ',C0001,C0004,'; dispatchEvent(new Event('OneTrustGroupsUpdated'))", "window.OnetrustActiveGroups = ',C0001,'; dispatchEvent(new Event('OneTrustGroupsUpdated'))")]
    [InlineData("oneTrust", "document.cookie = 'OptanonConsent=isGpcEnabled=0&groups=C0001%3A1%2CC0004%3A1'; dispatchEvent(new Event('OneTrustGroupsUpdated'))", "document.cookie = 'OptanonConsent=groups=C0001%3A1%2CC0004%3A0'; dispatchEvent(new Event('OneTrustGroupsUpdated'))")]
    [InlineData("cookiebot", "window.Cookiebot = { consent: { marketing: true } }; dispatchEvent(new Event('CookiebotOnAccept'))", "window.Cookiebot = { consent: { marketing: false } }; dispatchEvent(new Event('CookiebotOnDecline'))")]
    public async Task Under_a_consent_platform_nothing_is_kept_before_its_yes_and_all_is_gone_after_its_no(string mode, string yes, string no)
    {
        await SetAsync(s => s with { Consent = mode });
        await Page.GotoAsync($"/r/{Links.Ann}");
        await SettledAsync();
        Assert.Empty(await CookiesAsync());
        await Page.EvaluateAsync($"() => {{ {yes} }}");
        await CookieAsync("cello-referral", Links.Ann);
        await Page.EvaluateAsync($"() => {{ {no} }}");
        Assert.Empty(await CookiesAsync());
    }

    [Fact]
    public async Task Another_group_of_OneTrusts_may_be_named_in_the_tag()
    {
        await SetAsync(s => s with { Consent = "oneTrust" });
        _site.Options = "data-consent-group=\"C0003\"";
        await Page.Context.AddInitScriptAsync("window.OnetrustActiveGroups = ',C0001,C0003,'");
        await Page.GotoAsync($"/r/{Links.Ann}");
        await CookieAsync("cello-referral", Links.Ann);
    }

    [Fact]
    public async Task A_portal_that_does_not_answer_leaves_the_code_on_the_page_and_nothing_in_cookies()
    {
        await Page.RouteAsync("**/attribution/*/config*", route => route.AbortAsync());
        await Page.GotoAsync(_site.Url($"/start?ucc={Links.Ann}"));
        Assert.Equal(Links.Ann, await AskAsync("getUcc"));
        await Expect(Page.Locator("#signup input[name=ucc]")).ToHaveValueAsync(Links.Ann);
        Assert.Contains("did not answer", await RefusalAsync("'allowCookies'"), StringComparison.Ordinal);
        Assert.Empty(await CookiesAsync());
    }

    [Fact]
    public async Task Over_https_the_cookies_are_secure_and_where_the_browser_takes_no_domain_they_are_the_hosts()
    {
        var page = _site.Page("https://portal.example");
        await Page.RouteAsync("https://portal.example/**", async route => await route.FulfillAsync(new() { Response = await route.FetchAsync(new() { Url = new Uri(_portal, new Uri(route.Request.Url).PathAndQuery).AbsoluteUri }) }));
        await Page.RouteAsync("https://www.shop.example/**", route => route.FulfillAsync(new() { ContentType = "text/html", Body = route.Request.Url.EndsWith("stub.js", StringComparison.Ordinal) ? "" : page }));
        await Page.GotoAsync($"https://www.shop.example/?ucc={Links.Ann}");
        Assert.True((await CookieAsync("cello-referral")).Secure);
        await Page.Context.ClearCookiesAsync();
        await Page.GotoAsync(_site.Url($"/start?ucc={Links.Ann}", "127.0.0.1"));
        Assert.Equal("127.0.0.1", (await CookieAsync("cello-referral")).Domain);
    }

    private async Task SetAsync(Func<ProductSettings, ProductSettings> change) => _site.ProductId = (await _host.SetAsync(change)).ProductId;

    private async Task DiscountAsync()
    {
        using var api = await _host.CreateApiClientAsync(Portal.Core.PortalEnvironment.Sandbox);
        await api.SendAsync("campaigns/default/revisions", """{"effectiveFrom":"2020-01-01T00:00:00Z","currency":"EUR","newUserReward":{"percentage":20,"intervalCount":3}}""");
    }

    private async Task<string?> AskAsync(string command)
    {
        var answer = await Page.EvaluateAsync<JsonElement?>($"CelloAttribution('{command}')");
        return answer?.GetString();
    }

    private Task<string> RefusalAsync(string arguments) => Page.EvaluateAsync<string>($"CelloAttribution({arguments}).then(() => '', reason => reason.message)");

    /// <summary>Until the script knows what the portal says, and has obeyed it.</summary>
    private async Task SettledAsync() => await Page.EvaluateAsync("CelloAttribution('getCampaignConfig')");

    private async Task<List<BrowserContextCookiesResult>> CookiesAsync() =>
        [.. (await Page.Context.CookiesAsync()).Where(c => c.Name.StartsWith("cello", StringComparison.Ordinal)).OrderBy(c => c.Name, StringComparer.Ordinal)];

    /// <summary>A cookie, once it is there; with this value, if one is given.</summary>
    private async Task<BrowserContextCookiesResult> CookieAsync(string name, string? value = null)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            if ((await CookiesAsync()).Find(c => c.Name == name && (value is null || c.Value == value)) is { } cookie) return cookie;
            await Task.Delay(50);
        }
        throw new TimeoutException($"The cookie {name} {value} did not come: {string.Join(", ", (await CookiesAsync()).Select(c => $"{c.Name}={c.Value}"))}; {string.Join("; ", _visitor.Complaints)}");
    }
}
