using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class FeedJourney(BrowserRoom room)
{
    [Fact]
    public async Task An_event_is_found_by_an_address_and_by_a_customer_and_the_filters_survive_a_reload()
    {
        await using var visitor = await room.VisitAsync();
        await visitor.GoAsync("/sandbox/events");

        await SearchAsync(visitor, "KNOWN.person@example.com");
        await visitor.UrlAsync("?q=KNOWN.person@example.com");
        await Expect(visitor.Rows).ToHaveCountAsync(2);
        await visitor.Page.GetByLabel("Type").SelectOptionAsync("invoice.paid");
        await Expect(visitor.Rows).ToHaveCountAsync(1);
        await visitor.Page.ReloadAsync();
        await visitor.LiveAsync();
        await Expect(visitor.Rows).ToHaveCountAsync(1);
        await Expect(visitor.Page.GetByLabel("Type")).ToHaveValueAsync("invoice.paid");
        await Expect(visitor.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("KNOWN.person@example.com");

        await visitor.LinkAsync("Clear");
        await SearchAsync(visitor, "cus_moved");
        await Expect(visitor.Rows).ToHaveCountAsync(3);
        await SearchAsync(visitor, "nobody@nowhere.example");
        await visitor.SeesAsync("No event matches");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task The_keyboard_walks_the_feed_opens_an_event_and_reaches_the_search()
    {
        await using var visitor = await room.VisitAsync();
        await visitor.GoAsync("/sandbox/events?q=cus_moved");
        await Expect(visitor.Rows).ToHaveCountAsync(3);

        await visitor.Page.Keyboard.PressAsync("/");
        await Expect(visitor.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await visitor.Page.GetByRole(AriaRole.Searchbox).BlurAsync();
        var links = visitor.Page.Locator("[data-row]");
        foreach (var (key, at) in new[] { ("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1) })
        {
            await visitor.Page.Keyboard.PressAsync(key);
            await Expect(links.Nth(at)).ToBeFocusedAsync();
        }
        await visitor.Page.Keyboard.PressAsync("Enter");

        await visitor.HeadingAsync("invoice.paid");
        await visitor.SeesAsync("evt_moved_paid");
    }

    [Fact]
    public async Task What_arrives_shows_up_by_itself_and_pause_holds_it_back()
    {
        await using var visitor = await room.VisitAsync();
        await visitor.GoAsync("/sandbox/events?q=cus_arriving");
        await visitor.SeesAsync("No event matches");

        await room.Api.TellAsync(StripeSamples.Customer(customer: "cus_arriving", newUserId: "arriving", email: "arriving@example.com", eventId: "evt_arriving_1"));
        await Expect(visitor.Rows).ToHaveCountAsync(1);

        await visitor.ButtonAsync("Pause");
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToBeVisibleAsync();
        await room.Api.TellAsync(StripeSamples.Customer("customer.updated", "cus_arriving", newUserId: "arriving", email: "arriving@example.com", eventId: "evt_arriving_2"));
        await visitor.SeesAsync("1 new event: show");
        await Expect(visitor.Rows).ToHaveCountAsync(1);
        await visitor.ButtonAsync("Resume");
        await Expect(visitor.Rows).ToHaveCountAsync(2);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task A_line_that_breaks_is_mended_and_the_page_goes_on_where_it_was()
    {
        await using var visitor = await room.VisitAsync();
        var sockets = new List<IWebSocketRoute>();
        await visitor.Page.RouteWebSocketAsync("**/_blazor**", socket =>
        {
            sockets.Add(socket);
            socket.ConnectToServer();
        });
        await visitor.GoAsync("/sandbox/events");
        await visitor.Page.EvaluateAsync("window.mark = 1");
        await visitor.ButtonAsync("Pause");
        await visitor.SeesAsync("Paused");

        await sockets[^1].CloseAsync(new() { Code = 1011, Reason = "the line broke" });
        for (var tries = 0; sockets.Count < 2 && tries < 100; tries++) await Task.Delay(100);
        Assert.True(sockets.Count > 1, "The page did not call again.");
        await visitor.ButtonAsync("Resume");

        await Expect(visitor.Page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Equal(1, await visitor.Page.EvaluateAsync<int>("window.mark"));   // it is still the same page
    }

    private static async Task SearchAsync(Visitor visitor, string words)
    {
        await visitor.Page.GetByRole(AriaRole.Searchbox).FillAsync(words);
        await visitor.Page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
    }
}
