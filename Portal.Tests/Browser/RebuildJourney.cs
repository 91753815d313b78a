using Microsoft.Playwright;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Facts;
using Portal.Core.Rebuild;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class RebuildJourney(BrowserRoom room)
{
    [Fact]
    public async Task A_clean_ledger_is_proved_and_a_lost_fact_is_found_and_put_back()
    {
        await using var host = new PortalHost();
        await using var visitor = await room.VisitAsync(host.Listen());
        var page = visitor.Page;
        var api = await host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await api.SendAsync("referrers", new { productUserId = "ann", ucc = SmallWorld.Ann });
        await api.SendAsync("campaigns/default/revisions", """{"effectiveFrom":"2020-01-01T00:00:00Z","rules":[{"kind":"purchase","percent":"20"}]}""");
        await api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());

        await visitor.SignInAsync((await host.UserAsync(PortalRole.Finance)).Email, PortalHost.Password);
        await visitor.HeadingAsync("Overview");
        await visitor.GoAsync("/sandbox/ledger/rebuild");
        await visitor.SeesAsync("No rebuild yet");
        await visitor.ButtonAsync("Start a rebuild");
        await Expect(page.Locator("#result-title")).ToHaveTextAsync("Rebuild 1");
        await Expect(page.Locator(".chip", new() { HasText = "No difference" }).First).ToBeVisibleAsync();
        await visitor.SeesAsync("the same:");

        await host.Store.WriteAsync(db =>
        {
            db.Set<StoredFact>().RemoveRange(db.Set<StoredFact>().Where(f => f.InvoiceId != null));
            db.Set<Core.Rewards.Reward>().Single().HoldUntil = DateTimeOffset.UnixEpoch;
        }, default);
        await visitor.ButtonAsync("Start a rebuild");
        await Expect(page.Locator("#result-title")).ToHaveTextAsync("Rebuild 2");
        await Expect(page.Locator("table.differences tbody tr")).ToHaveCountAsync(2);
        await Expect(page.Locator("table.differences")).ToContainTextAsync("invoice-paid:in_1");
        await LookTests.InspectAsync(visitor, "rebuild-differences");
        await page.SetViewportSizeAsync(1440, 900);

        await visitor.ButtonAsync("Apply the differences");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Apply them" })).ToBeVisibleAsync();
        await LookTests.LookAsync(visitor, "rebuild-apply");
        await visitor.ButtonAsync("Apply them");
        await Expect(page.Locator("#result-title")).ToHaveTextAsync("Rebuild 3");
        await visitor.SeesAsync("2 differences, applied");
        await visitor.ButtonAsync("Start a rebuild");
        await Expect(page.Locator("#result-title")).ToHaveTextAsync("Rebuild 4");
        await visitor.SeesAsync("No difference");

        await page.Locator("table.runs").GetByRole(AriaRole.Link, new() { Name = "Rebuild 2" }).ClickAsync();
        await visitor.UrlAsync("/sandbox/ledger/rebuild?run=2");
        await Expect(page.Locator("table.differences tbody tr")).ToHaveCountAsync(2);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task One_under_way_shows_how_far_it_is_and_can_be_stopped()
    {
        await using var host = new PortalHost();
        await using var visitor = await room.VisitAsync(host.Listen());
        // As another instance's run would be: nobody works at it here, so that it stays where it is.
        await host.Store.WriteAsync(db => db.Set<RebuildRun>().Add(new RebuildRun { Environment = PortalEnvironment.Sandbox, Apply = false, StartedAt = host.Clock.GetUtcNow(), StartedBy = "somebody", Events = 12_345, Referrals = 67, Percent = 55 }), default);
        await visitor.SignInAsync((await host.UserAsync(PortalRole.Operator)).Email, PortalHost.Password);
        await visitor.HeadingAsync("Overview");
        await visitor.GoAsync("/sandbox/ledger/rebuild");
        await Expect(visitor.Page.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("value", "55");
        await LookTests.InspectAsync(visitor, "rebuild-under-way");
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Start a rebuild" })).ToBeDisabledAsync();
        await visitor.ButtonAsync("Stop");
        await visitor.SeesAsync("Stopping");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task A_viewer_looks_and_starts_nothing()
    {
        await using var visitor = await room.VisitAsync(PortalRole.Viewer);
        await visitor.GoAsync("/sandbox/ledger/rebuild");
        await visitor.HeadingAsync("Rebuild the ledger");
        foreach (var name in new[] { "Start a rebuild", "Stop", "Apply the differences" }) await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = name })).ToHaveCountAsync(0);
    }
}
