using Microsoft.Playwright;
using Portal.Core;
using Portal.Core.Access;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class CampaignJourney(BrowserRoom room)
{
    [Fact]
    public async Task A_revision_is_drafted_simulated_and_published_over_those_that_it_binds_anew()
    {
        await using var host = new PortalHost();
        var address = host.Listen();
        var api = await host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await api.SendAsync("referrers", new { productUserId = "ann", ucc = "abcDEF12345" });
        await api.SendAsync("campaigns/default/revisions", """{"effectiveFrom":"2020-01-01T00:00:00Z","rules":[{"kind":"purchase","percent":"20","maxMonths":12}]}""");
        await api.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid());
        await using var visitor = await room.VisitAsync(address);
        var page = visitor.Page;
        await visitor.SignInAsync((await host.UserAsync(PortalRole.Finance)).Email, PortalHost.Password);
        await visitor.HeadingAsync("Overview");
        await visitor.LiveAsync();
        await visitor.LinkAsync("Campaigns");
        await visitor.SeesAsync("20 % of what is collected without tax, for 12 months from the first payment; payable 30 days after payment.");
        await visitor.LinkAsync("Default");
        await visitor.HeadingAsync("Default");
        await visitor.LinkAsync("Draft a revision");

        // A slip is named beside its field, and nothing is saved.
        await page.GetByLabel("Percent", new() { Exact = true }).FillAsync("200");
        await visitor.ButtonAsync("Save");
        await Expect(page.Locator(".wrong")).ToContainTextAsync("above 0 and up to 100");
        await page.GetByLabel("Percent", new() { Exact = true }).FillAsync("30");
        await page.GetByLabel("At most per referral", new() { Exact = true }).FillAsync("25.00");
        await visitor.ButtonAsync("Add a rule");
        var second = page.GetByRole(AriaRole.Group, new() { Name = "Rule 2" });
        await second.GetByLabel("Rewards").SelectOptionAsync("signup");
        await second.GetByLabel("Amount", new() { Exact = true }).FillAsync("1.00");
        await LookTests.LookAsync(visitor, "campaign-draft-form");
        await visitor.LinkAsync("JSON");
        await Expect(page.GetByLabel("Revision")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("\"amount\": 2500"));
        await visitor.ButtonAsync("Save and simulate…");

        await visitor.UrlAsync("/sandbox/campaigns/default/simulation");
        await visitor.ButtonAsync("Simulate");
        await visitor.SeesAsync("1 of 1 referral would earn otherwise");
        await Expect(page.Locator(".totals").First).ToContainTextAsync("25.00");
        await Expect(page.Locator(".totals").First).ToContainTextAsync("+5.00");
        await Expect(page.Locator(".chart svg").First).ToBeVisibleAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "The table as CSV" }).ClickAsync());
        Assert.Contains("2026-03,ann,abcDEF12345,USD,2000,20.00,2500,25.00,500,5.00", await File.ReadAllTextAsync(await file.PathAsync()), StringComparison.Ordinal);
        await LookTests.InspectAsync(visitor, "campaign-simulation-done");
        await page.SetViewportSizeAsync(1440, 900);

        await visitor.LinkAsync("On to publishing");
        await LookTests.LookAsync(visitor, "campaign-with-draft");
        await visitor.ButtonAsync("Publish…");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("For signups from a day on").CheckAsync();
        await dialog.GetByLabel("First day (UTC)").FillAsync("2020-01-01");
        await dialog.GetByLabel("First day (UTC)").BlurAsync();
        await Expect(dialog).ToContainTextAsync("1 referral is bound to what this replaces.");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Publish" })).ToBeDisabledAsync();
        await LookTests.LookAsync(visitor, "campaign-publish");
        await dialog.GetByLabel("Bind this referral anew, to the draft's rules").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.Locator("table.history tbody tr").First).ToContainTextAsync("In force");
        await Expect(page.Locator("table.sides tr.differs")).ToHaveCountAsync(3);   // two rules, one limit
        await api.UntilAsync("ledger/balances", b => b.GetProperty("items").EnumerateArray().Sum(i => i.Number("earned")) == 2_500);
        await Expect(page.Locator("table.history tbody tr").First.Locator("td").Nth(2)).ToHaveTextAsync("1");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task An_operator_looks_and_changes_nothing()
    {
        await using var visitor = await room.VisitAsync(PortalRole.Operator);
        await visitor.GoAsync("/sandbox/campaigns/default");
        await visitor.HeadingAsync("Default");
        foreach (var name in new[] { "Draft a revision", "Edit the draft" }) await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = name })).ToHaveCountAsync(0);
        await visitor.Page.GotoAsync("/sandbox/campaigns/default/draft");
        await visitor.UrlAsync("/account/denied?returnUrl=%2Fsandbox%2Fcampaigns%2Fdefault%2Fdraft");
    }
}
