using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Inbox;
using Portal.Pages.Events;
using Portal.Shared;
using Xunit;

namespace Portal.Tests.Pages;

public sealed class EventsPageTests : BunitContext
{
    private readonly PortalOnDisk _portal = new();

    public EventsPageTests()
    {
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(_portal.Changes);
        Services.AddSingleton(new EventSearch(_portal.Store));
        Services.AddSingleton<Handover>();
        AddBunitPersistentComponentState();
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _portal.Dispose();
    }

    [Fact]
    public void Without_events_it_leads_to_the_webhook()
    {
        var page = Open("/sandbox/events");

        page.WaitForAssertion(() => Assert.Equal("No events yet", page.Find(".empty h2").TextContent));
        Assert.Equal("/sandbox/webhooks", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public async Task A_search_that_finds_nothing_offers_to_clear_the_filters()
    {
        await _portal.TellAsync(StripeSamples.Customer());

        var page = Open("/sandbox/events?q=nobody");

        page.WaitForAssertion(() => Assert.Equal("No event matches", page.Find(".empty h2").TextContent));
        Assert.Equal("/sandbox/events", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public async Task An_event_that_arrives_while_one_looks_slides_in()
    {
        await _portal.TellAsync(StripeSamples.Customer());
        var page = Open("/sandbox/events");
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")));

        await _portal.TellAsync(StripeSamples.InvoicePaid());

        page.WaitForAssertion(() => Assert.Equal("invoice.paid", page.Find("tbody tr.fresh .row-link").TextContent), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task While_paused_it_only_counts_what_is_new()
    {
        await _portal.TellAsync(StripeSamples.Customer());
        var page = Open("/sandbox/events");
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")));
        page.Find("button[aria-pressed]").Click();

        await _portal.TellAsync(StripeSamples.InvoicePaid());

        page.WaitForAssertion(() => Assert.Equal("1 new event: show", page.Find(".news a").TextContent), TimeSpan.FromSeconds(5));
        Assert.Single(page.FindAll("tbody tr"));
    }

    [Fact]
    public async Task When_the_store_cannot_be_read_it_says_so_and_offers_to_try_again()
    {
        await _portal.Store.WriteAsync(db => db.Database.ExecuteSqlRaw("DROP TABLE facts"), default);

        var page = Open("/sandbox/events?q=anything");

        page.WaitForAssertion(() => Assert.Contains("could not be read", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal("Try again", page.Find("[role=alert] button").TextContent);
    }

    private IRenderedComponent<EventsPage> Open(string url)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(url);
        return Render<EventsPage>(p => p.Add(e => e.EnvironmentSlug, url.Split('/')[1]));
    }
}
