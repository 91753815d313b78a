using Microsoft.Playwright;
using Portal.Core.Access;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class RatesJourney(BrowserRoom room)
{
    [Fact]
    public async Task A_rate_is_set_a_sheet_is_mended_and_a_slip_is_taken_back()
    {
        await using var host = new PortalHost();
        await using var visitor = await room.VisitAsync(host.Listen());
        var page = visitor.Page;
        await visitor.SignInAsync((await host.UserAsync(PortalRole.Finance)).Email, PortalHost.Password);
        await visitor.HeadingAsync("Overview");
        await visitor.LiveAsync();
        await visitor.LinkAsync("Exchange rates");
        await visitor.SeesAsync("No exchange rates yet");

        await visitor.ButtonAsync("Set a rate");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("One").FillAsync("eur");
        await dialog.GetByLabel("of", new() { Exact = true }).FillAsync("usd");
        await dialog.GetByLabel("costs").FillAsync("1,08");
        await LookTests.LookAsync(visitor, "rate-dialog");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("a number above zero such as 0.9175");
        await dialog.GetByLabel("costs").FillAsync("1.0842");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.Locator("table.current")).ToContainTextAsync("1.0842");

        await visitor.ButtonAsync("Paste a sheet");
        await dialog.GetByLabel("Rates").FillAsync("from,to,day,rate\nEUR,USD,2026-01-01,1.07\nUSD,JPY,2026-01-01,one hundred");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set all" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Line 3, rate:");
        await LookTests.LookAsync(visitor, "sheet-dialog");
        await Expect(visitor.Rows).ToHaveCountAsync(1);   // nothing of it was written
        await dialog.GetByLabel("Rates").FillAsync("from,to,day,rate\nEUR,USD,2026-01-01,1.07\nUSD,JPY,2026-01-01,150");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set all" }).ClickAsync();
        await Expect(visitor.Rows).ToHaveCountAsync(3);

        await visitor.LinkAsync("EUR to USD");
        await visitor.UrlAsync("?from=EUR&to=USD");
        await Expect(visitor.Rows).ToHaveCountAsync(2);
        await page.ReloadAsync();
        await visitor.LiveAsync();
        await Expect(page.GetByLabel("From")).ToHaveValueAsync("EUR");   // what is filtered by stands in the fields
        await Expect(page.Locator(".chart svg").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Withdraw EUR to USD of 1 Jan 2026" }).ClickAsync();
        await visitor.ButtonAsync("Withdraw it");
        await Expect(visitor.Rows.First).ToContainTextAsync("Withdrawn");
        await Expect(visitor.Rows).ToHaveCountAsync(3);
        await Expect(page.Locator(".chart")).ToHaveCountAsync(0);   // one day is no line

        await page.GetByRole(AriaRole.Navigation, new() { Name = "Environment" }).GetByRole(AriaRole.Link, new() { Name = "Production" }).ClickAsync();
        await visitor.UrlAsync("/production/exchange-rates");
        await visitor.SeesAsync("No exchange rates yet");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task An_operator_looks_and_sets_nothing()
    {
        await using var visitor = await room.VisitAsync(PortalRole.Operator);
        await visitor.GoAsync("/sandbox/exchange-rates");
        await visitor.HeadingAsync("Exchange rates");
        await Expect(visitor.Page.Locator("table.current")).ToBeVisibleAsync();
        foreach (var name in new[] { "Set a rate", "Paste a sheet", "Withdraw" }) await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = name })).ToHaveCountAsync(0);
    }
}
