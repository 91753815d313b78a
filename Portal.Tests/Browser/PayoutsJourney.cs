using Microsoft.Playwright;
using Portal.Core;
using Portal.Core.Access;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class PayoutsJourney(BrowserRoom room)
{
    [Fact]
    public async Task A_payout_is_prepared_approved_taken_as_a_file_and_settled_and_a_later_refund_is_owed_back()
    {
        await using var host = new PortalHost();
        await using var visitor = await room.VisitAsync(host.Listen());
        var api = await host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await api.SendAsync("referrers", new { productUserId = "ann", ucc = SmallWorld.Ann, email = "ann@example.com", firstName = "Ann" });
        await api.SendAsync("campaigns/default/revisions", new
        {
            effectiveFrom = "2020-01-01T00:00:00Z", currency = "USD", @base = "netOfTax", rules = new[] { new { kind = "purchase", percent = "20", maxMonths = 12 } },
        });
        await api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid(), StripeSamples.InvoicePaymentPaid());

        var page = visitor.Page;
        await visitor.SignInAsync((await host.UserAsync(PortalRole.Finance)).Email, PortalHost.Password);
        await visitor.HeadingAsync("Overview");
        await visitor.LiveAsync();
        await visitor.LinkAsync("Payouts");
        await visitor.SeesAsync("No payouts yet");

        await visitor.ButtonAsync("Prepare a payout");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("At least, per referrer").FillAsync("20,00");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("such as 25.00");
        await dialog.GetByLabel("At least, per referrer").FillAsync("20.01");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("Below the minimum");
        await dialog.GetByLabel("At least, per referrer").FillAsync("20.00");
        await dialog.GetByLabel("Note").FillAsync("May");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("20.00 USD to 1 referrer, of 1 reward.");
        await LookTests.LookAsync(visitor, "payout-dialog");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make the draft" }).ClickAsync();

        await visitor.UrlAsync("/sandbox/payouts/1");
        await visitor.HeadingAsync("20.00 USD");
        await visitor.ButtonAsync("Approve");
        await visitor.ButtonAsync("Approve it");
        var file = await page.RunAndWaitForDownloadAsync(() => visitor.LinkAsync("Take the file"));
        Assert.Equal("payout-1.csv", file.SuggestedFilename);
        Assert.Contains("ann,Ann,ann@example.com,20.00,USD,1,1", await File.ReadAllTextAsync(await file.PathAsync()), StringComparison.Ordinal);
        await visitor.ButtonAsync("Settle");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Settle it" })).ToBeVisibleAsync();
        await LookTests.LookAsync(visitor, "payout-settle");
        await visitor.ButtonAsync("Settle it");
        await Expect(page.Locator(".page-head .chip")).ToContainTextAsync("Settled");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "1 reward" }).ClickAsync();
        await visitor.UrlAsync("?referrer=ann");
        await LookTests.LookAsync(visitor, "payout-settled");

        await visitor.LinkAsync("Reward 1");
        await Expect(page.Locator(".page-head .chip")).ToContainTextAsync("Paid");
        await api.TellAsync(StripeSamples.Refund(at: StripeSamples.Noon.AddDays(1)));
        await Expect(page.Locator(".page-head .chip")).ToContainTextAsync("Clawed back");
        await LookTests.LookAsync(visitor, "reward-clawed-back");
        await page.GetByRole(AriaRole.Link, new() { Name = "payout 1" }).ClickAsync();
        await visitor.UrlAsync("/sandbox/payouts/1");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task An_operator_looks_and_moves_nothing()
    {
        await using var visitor = await room.VisitAsync(PortalRole.Operator);
        await visitor.GoAsync("/sandbox/payouts");
        await visitor.HeadingAsync("Payouts");
        await visitor.LinkAsync("Payout 1");
        await visitor.UrlAsync("/sandbox/payouts/1");
        foreach (var name in new[] { "Prepare a payout", "Approve", "Settle", "Cancel" }) await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = name })).ToHaveCountAsync(0);
    }
}
