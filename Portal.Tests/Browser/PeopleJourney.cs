using System.Globalization;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class PeopleJourney(BrowserRoom room)
{
    [Fact]
    public async Task From_an_address_to_the_balance_to_the_refund_that_lowered_it()
    {
        var jonas = (await room.Api.ListAsync($"referrers?ucc={KnownStory.Jonas}"))[0];
        await using var visitor = await room.VisitAsync();
        await visitor.GoAsync("/sandbox/referrers");
        await visitor.Page.GetByPlaceholder("Code, e-mail address, name or id").FillAsync(jonas.Text("email")![..6].ToUpperInvariant());
        await visitor.ButtonAsync("Search");
        await Expect(visitor.Rows).ToHaveCountAsync(1);
        await Expect(visitor.Rows).ToContainTextAsync($"/r/{KnownStory.Jonas}");
        await visitor.Page.Locator(".row-link").ClickAsync();

        await visitor.HeadingAsync("Jonas");
        var balance = (await room.Api.ListAsync("ledger/balances")).First(b => b.Text("ucc") == KnownStory.Jonas && b.Text("currency") == "USD");
        var net = (balance.Number("net") / 100m).ToString("N2", CultureInfo.InvariantCulture);
        await Expect(visitor.Page.Locator(".balances tr", new() { HasText = "USD" })).ToContainTextAsync(net);
        await Expect(visitor.Page.Locator(".owed")).ToContainTextAsync(net);

        await visitor.Page.GetByLabel("As of").FillAsync("2020-01-01");
        await visitor.ButtonAsync("Show");
        await visitor.SeesAsync("Owed at the end of 1 Jan 2020 (UTC)");
        await Expect(visitor.Page.Locator(".owed")).ToContainTextAsync("nothing");
        await visitor.UrlAsync("?asOf=2020-01-01");
        await visitor.GoAsync(visitor.Page.Url);   // a pasted link shows the same view
        await Expect(visitor.Page.GetByLabel("As of")).ToHaveValueAsync("2020-01-01");
        await visitor.LinkAsync("Clear");
        await Expect(visitor.Page.Locator(".statement")).ToContainTextAsync("in_back");

        await visitor.Page.Locator(".statement").GetByRole(AriaRole.Link, new() { Name = "back-user" }).First.ClickAsync();
        await visitor.HeadingAsync("back-user");
        var timeline = visitor.Page.Locator(".timeline");
        await Expect(timeline).ToContainTextAsync("Refund re_back of 60.00 USD is succeeded.");
        await Expect(timeline.Locator("li", new() { HasText = "Taken back" })).ToContainTextAsync("−10.00");
        await Expect(timeline.Locator("li").First).ToContainTextAsync("Customer seen");
        await timeline.GetByRole(AriaRole.Link, new() { Name = "payment" }).First.ClickAsync();
        await visitor.HeadingAsync("in_back");
        await visitor.LinkAsync("back-user");
        await visitor.HeadingAsync("back-user");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task The_journal_is_narrowed_reckoned_and_carried_away()
    {
        await using var visitor = await room.VisitAsync();
        await visitor.GoAsync("/sandbox/ledger");
        await Expect(visitor.Page.Locator("#ledger-hash")).ToHaveTextAsync((await room.Api.ReadAsync("ledger/hash")).Text("hash")!);
        await visitor.Page.GetByLabel("Code", new() { Exact = true }).FillAsync(KnownStory.Jonas);
        await visitor.ButtonAsync("Search");
        await visitor.UrlAsync($"?ucc={KnownStory.Jonas}");
        await Expect(visitor.Page.Locator(".entries tfoot").First).ToContainTextAsync("Balanced");

        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.LinkAsync("CSV"));
        var file = await File.ReadAllLinesAsync(await download.PathAsync());
        var entries = (await room.Api.ListAsync($"ledger/entries?ucc={KnownStory.Jonas}&limit=200")).Sum(s => s.GetProperty("entries").GetArrayLength());
        Assert.Equal(("ledger-sandbox.csv", entries), (download.SuggestedFilename, file.Length - 1));
        Assert.Empty(visitor.Complaints);
    }
}
