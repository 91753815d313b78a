using System.Net;
using Portal.Core;
using Xunit;

namespace Portal.Tests.Visits;

/// <summary>Where invite links lead.</summary>
public sealed class LinkTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _client = _host.CreateOutsider();
        await _host.ReferrerAsync();
        await _host.SetAsync(s => s with { LandingPage = "https://acme.example/start?a=1#plans" });
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_link_leads_to_the_products_page_with_code_product_and_name()
    {
        using var answer = await _client.FollowAsync(Links.Ann);
        var product = (await _host.SetAsync(s => s)).ProductId;

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal($"https://acme.example/start?a=1&ucc={Links.Ann}&productId={product}&celloN=QW5u#plans", answer.Headers.Location!.OriginalString);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task The_referrers_page_goes_before_the_campaigns_and_that_before_the_products()
    {
        Assert.StartsWith("https://acme.example/start?", await _client.TargetAsync(Links.Ann), StringComparison.Ordinal);
        await _host.CampaignPageAsync("https://acme.example/campaign");
        _host.Later();
        Assert.StartsWith("https://acme.example/campaign?ucc=", await _client.TargetAsync(Links.Ann), StringComparison.Ordinal);
        await _host.ReferrerPageAsync("ann", "https://ann.example/");
        _host.Later();
        Assert.StartsWith("https://ann.example/?ucc=", await _client.TargetAsync(Links.Ann), StringComparison.Ordinal);
        await _host.ReferrerPageAsync("ann", " ");
        _host.Later();
        Assert.StartsWith("https://acme.example/campaign?ucc=", await _client.TargetAsync(Links.Ann), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobodyHasIt")]
    [InlineData("not-a-code")]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("https:%2F%2Fevil.example%2F")]
    [InlineData("%2F%2Fevil.example")]
    [InlineData("%0d%0aLocation:%20x")]
    [InlineData("codeOfAnn01?url=https://evil.example&ucc=other#x", true)]
    public async Task What_is_no_code_leads_to_the_page_without_one_and_nothing_in_the_link_chooses_the_page(string link, bool isCode = false)
    {
        var target = await _client.TargetAsync(link);
        if (isCode) Assert.StartsWith($"https://acme.example/start?a=1&ucc={Links.Ann}&productId=", target, StringComparison.Ordinal);
        else Assert.Equal("https://acme.example/start?a=1#plans", target);
    }

    [Fact]
    public async Task A_disabled_code_leads_to_its_page_without_it_until_it_is_enabled_again()
    {
        await _host.ReferrerPageAsync("ann", "https://ann.example/hello");
        await _host.DisableAsync(Links.Ann);
        Assert.Equal("https://ann.example/hello", await _client.TargetAsync(Links.Ann));
        Assert.Equal("", await _host.ViewsAsync());
        await _host.DisableAsync(Links.Ann, disabled: false);
        _host.Later();
        Assert.StartsWith("https://ann.example/hello?ucc=", await _client.TargetAsync(Links.Ann), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_of_both_environments_is_Productions_and_an_unknown_one_leads_to_Productions_page()
    {
        await _host.SetAsync(s => s with { LandingPage = "https://real.example/" }, PortalEnvironment.Production);
        Assert.StartsWith("https://acme.example/start?", await _client.TargetAsync(Links.Ann), StringComparison.Ordinal);
        Assert.Equal("https://real.example/", await _client.TargetAsync("nobodyHasIt"));

        await _host.ReferrerAsync("bo", Links.Ann, null, PortalEnvironment.Production);
        _host.Later();
        var product = (await _host.SetAsync(s => s, PortalEnvironment.Production)).ProductId;
        Assert.Equal($"https://real.example/?ucc={Links.Ann}&productId={product}", await _client.TargetAsync(Links.Ann));
    }

    [Theory]
    [InlineData(Links.Ann)]
    [InlineData("nobodyHasIt")]
    public async Task Where_no_page_is_set_a_small_page_says_that_the_link_works(string code)
    {
        await _host.SetAsync(s => s with { LandingPage = null });
        using var answer = await _client.FollowAsync(code);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("This link works", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(code == Links.Ann ? "1 1" : "", await _host.ViewsAsync(code));
    }

    [Fact]
    public async Task A_page_of_another_site_may_lead_here_and_a_look_by_HEAD_too()
    {
        using var link = await _client.FollowAsync(Links.Ann, headers: ("Sec-Fetch-Site", "cross-site"));
        using var look = await _client.FollowAsync(Links.Ann, method: HttpMethod.Head, headers: ("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(HttpStatusCode.Redirect, link.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, look.StatusCode);
        Assert.Equal(link.Headers.Location, look.Headers.Location);
    }

    [Fact]
    public async Task A_QR_code_is_a_drawing_that_may_be_kept_and_shown_anywhere()
    {
        using var answer = await _client.GetAsync($"/r/{Links.Ann}/qr.svg");
        using var wrong = await _client.GetAsync("/r/not-a-code/qr.svg");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("public, max-age=86400", answer.Headers.CacheControl!.ToString());
        Assert.Equal("cross-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.StartsWith("<svg", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, wrong.StatusCode);
    }
}
