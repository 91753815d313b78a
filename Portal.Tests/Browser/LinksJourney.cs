using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Visits;
using Portal.Tests.Visits;
using Portal.Visits;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>What people of the portal see of links and set of them.</summary>
[Collection(BrowserCollection.Name)]
public sealed class LinksJourney(BrowserRoom room)
{
    [Fact]
    public async Task Settings_pages_and_switches_of_links_are_set_by_people_and_noted()
    {
        await using var host = new PortalHost();
        var address = host.Listen();
        await host.ReferrerAsync();
        await ViewsAsync(host);
        await using var visitor = await room.VisitAsync(address);
        var page = visitor.Page;
        await visitor.SignInAsync(PortalHost.AdminEmail, PortalHost.Password);
        await visitor.HeadingAsync("Overview");
        await visitor.GoAsync("/sandbox/links");
        await visitor.HeadingAsync("Links & attribution");
        await visitor.SeesAsync("No landing page is set.");
        await visitor.SeesAsync("30 views in the last 30 days");

        await page.GetByLabel("Product's name").FillAsync("Acme");
        await page.GetByLabel("Landing page").FillAsync("acme.example");
        await visitor.ButtonAsync("Save");
        await visitor.SeesAsync("landingPage must be an absolute URL");
        await page.GetByLabel("Landing page").FillAsync("https://acme.example/");
        await page.GetByLabel("Remember a code for, days").FillAsync("30");
        await page.GetByLabel("Consent to cookies").SelectOptionAsync("custom");
        await page.GetByLabel("Show the new-user banner to visitors of links").CheckAsync();
        await visitor.ButtonAsync("Save");
        await Expect(page.GetByText("No landing page is set.")).ToHaveCountAsync(0);
        var settings = (await host.SetAsync(s => s)).Settings;
        Assert.Equal(("Acme", "https://acme.example/", 30, "custom", true), (settings.Name, settings.LandingPage, settings.CookieDays, settings.Consent, settings.Banner));
        await LookTests.InspectAsync(visitor, "links-with-views");
        await page.SetViewportSizeAsync(1440, 900);

        await visitor.GoAsync("/sandbox/campaigns/default");
        await visitor.ButtonAsync("Set landing page…");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Landing page").FillAsync("https://acme.example/campaign");
        await LookTests.LookAsync(visitor, "landing-page-dialog");
        await visitor.ButtonAsync("Save");
        await visitor.SeesAsync("https://acme.example/campaign");

        await visitor.GoAsync("/sandbox/referrers/ann");
        await visitor.SeesAsync("30 views by 9 visitors");
        await visitor.ButtonAsync("Set landing page…");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Landing page").FillAsync("https://ann.example/");
        await visitor.ButtonAsync("Save");
        await visitor.SeesAsync("https://ann.example/");
        await visitor.ButtonAsync($"Disable the link of {Links.Ann}");
        await visitor.ButtonAsync("Disable");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = $"Enable the link of {Links.Ann}" })).ToBeVisibleAsync();
        await LookTests.InspectAsync(visitor, "referrer-with-links");
        host.Later();
        var answer = await page.Context.APIRequest.GetAsync($"/r/{Links.Ann}", new() { MaxRedirects = 0 });
        Assert.Equal("https://ann.example/", answer.Headers["location"]);

        await using var db = host.Store.OpenRead();
        var noted = await db.AuditLog.Where(e => e.Actor == PortalHost.AdminEmail && (e.Action.StartsWith("product") || e.Action.Contains("landingPage") || e.Action.StartsWith("code"))).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync();
        Assert.Equal(["product.changed", "campaign.landingPage", "referrer.landingPage", "code.disabled"], noted);
        Assert.Empty(visitor.Complaints);
    }

    [Theory]
    [InlineData(PortalRole.Viewer)]
    [InlineData(PortalRole.Operator)]
    public async Task Who_may_not_change_settings_reads_them(PortalRole role)
    {
        await using var visitor = await room.VisitAsync(role);
        await visitor.GoAsync("/sandbox/links");
        await visitor.SeesAsync("Only administrators change these.");
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToHaveCountAsync(0);
        await visitor.GoAsync("/sandbox/campaigns/default");
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Set landing page…" })).ToHaveCountAsync(0);
        Assert.Empty(visitor.Complaints);
    }

    /// <summary>Read by npm's jsqr, which knows nothing of how the code was made.</summary>
    [Theory]
    [InlineData("http://localhost:5080/r/pNRB1aYqArN")]
    [InlineData("https://invite.a-rather-long-name-of-a-product.example.com/behind/a/path/r/ABCDEFGHIJKLMNOPQRSTUVWXYZ012345")]
    [Trait("Database", "Without")]
    public async Task A_QR_code_is_read_by_a_reader_that_is_not_ours(string text)
    {
        await using var visitor = await room.VisitAsync(null);
        await visitor.Page.GotoAsync("about:blank");
        await visitor.Page.AddScriptTagAsync(new() { Path = NodeTools.Module("jsqr/dist/jsQR.js") });
        var read = await visitor.Page.EvaluateAsync<string?>("""
            async svg => {
              const image = new Image();
              image.src = 'data:image/svg+xml,' + encodeURIComponent(svg.replace('<svg ', '<svg width="400" height="400" '));
              await image.decode();
              const canvas = Object.assign(document.createElement('canvas'), { width: 440, height: 440 });
              const context = canvas.getContext('2d');
              context.fillStyle = '#888';
              context.fillRect(0, 0, 440, 440);
              context.drawImage(image, 20, 20, 400, 400);
              return jsQR(context.getImageData(0, 0, 440, 440).data, 440, 440)?.data ?? null;
            }
            """, LinkQrCode.Draw(text));
        Assert.Equal(text, read);
    }

    /// <summary>Thirty views in three days, by three visitors each day.</summary>
    private static async Task ViewsAsync(PortalHost host)
    {
        var tally = host.Services.GetRequiredService<LinkTally>();
        host.Clock.Pass(TimeSpan.FromDays(-2));
        for (var day = 0; day < 3; day++)
        {
            for (var i = 0; i < 10; i++) tally.Note(PortalEnvironment.Sandbox, Links.Ann, $"visitor {i % 3}");
            await tally.FlushAsync(default);
            if (day < 2) host.Clock.Pass(TimeSpan.FromDays(1));
        }
    }
}
