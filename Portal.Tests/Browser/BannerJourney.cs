using Microsoft.Playwright;
using Portal.Core;
using Portal.Tests.Visits;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>The new-user banner on a product's page whose policy allows no inline style: who sees it, what it says, how it looks.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Database", "Sqlite")]   // what browsers do with scripts and dialogs; the requests are tried on both
public sealed class BannerJourney(BrowserRoom room) : IAsyncLifetime
{
    private readonly PortalHost _host = new();
    private Uri _portal = null!;
    private LandingSite _site = null!;
    private Visitor _visitor = null!;

    private IPage Page => _visitor.Page;

    private ILocator Banner => Page.Locator("cello-banner aside");

    public async Task InitializeAsync()
    {
        _portal = _host.Listen();
        _site = await LandingSite.StartAsync(_portal);
        await _host.ReferrerAsync(firstName: "Märta");
        using (var api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox))
            await api.SendAsync("campaigns/default/revisions", """{"effectiveFrom":"2020-01-01T00:00:00Z","currency":"EUR","newUserReward":{"percentage":12.5,"intervalCount":3}}""");
        _site.ProductId = (await _host.SetAsync(s => s with { Name = "Acme", LandingPage = _site.Url("/start"), Banner = true, BannerLink = "https://acme.example/join" })).ProductId;
        _visitor = await room.VisitAsync(_portal);
    }

    public async Task DisposeAsync()
    {
        await _visitor.DisposeAsync();
        await _site.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_visitor_of_a_link_reads_who_invites_and_what_that_is_worth_until_they_close_it()
    {
        await Page.GotoAsync($"/r/{Links.Ann}");
        await Expect(Banner.Locator("p")).ToHaveTextAsync("Märta invites you to Acme. You get 12.5% off for 3 months.");
        await Expect(Banner.GetByRole(AriaRole.Link, new() { Name = "Sign up" })).ToHaveAttributeAsync("href", "https://acme.example/join");
        await Expect(Page.GetByRole(AriaRole.Complementary, new() { Name = "Invitation" })).ToBeVisibleAsync();
        await LookTests.InspectAsync(_visitor, "banner");

        await Page.GotoAsync(_site.Url("/about"));
        await Expect(Banner.Locator("p")).ToHaveTextAsync("You are invited to Acme. You get 12.5% off for 3 months.");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(Banner).ToHaveCountAsync(0);
        await Page.ReloadAsync();
        await Page.EvaluateAsync("CelloAttribution('getCampaignConfig')");
        await Expect(Banner).ToHaveCountAsync(0);
        Assert.Empty(_visitor.Complaints);
    }

    [Fact]
    public async Task On_a_German_page_it_speaks_German_with_the_products_own_button()
    {
        _site.Language = "de-AT";
        await _host.SetAsync(s => s with { BannerLabel = "Los geht’s" });
        await Page.GotoAsync($"/r/{Links.Ann}");
        await Expect(Banner.Locator("p")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^Märta lädt dich zu Acme ein. Du bekommst 12,5\\s%\\sRabatt für 3 Monate.$"));
        await Expect(Banner.GetByRole(AriaRole.Link, new() { Name = "Los geht’s" })).ToBeVisibleAsync();
        await Expect(Banner.GetByRole(AriaRole.Button, new() { Name = "Schließen" })).ToBeVisibleAsync();
        await LookTests.LookAsync(_visitor, "banner-german");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?ucc=nobodyHasIt")]
    public async Task Nobody_sees_it_without_a_good_code(string query)
    {
        await Page.GotoAsync(_site.Url("/start" + query));
        await Page.EvaluateAsync("CelloAttribution('getCampaignConfig')");
        await Expect(Banner).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_name_that_is_no_name_is_not_shown()
    {
        var name = Uri.EscapeDataString(Convert.ToBase64String("<b>Call 555 0100 now</b>"u8.ToArray()));
        await Page.GotoAsync(_site.Url($"/start?ucc={Links.Ann}&celloN={name}"));
        await Expect(Banner.Locator("p")).ToHaveTextAsync("You are invited to Acme. You get 12.5% off for 3 months.");
    }
}
