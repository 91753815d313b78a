using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Sources;
using Xunit;

namespace Portal.Tests.Inbox;

public sealed class EventSearchTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly PortalOnDisk _portal = new();
    private readonly EventSearch _search;

    public EventSearchTests() => _search = new EventSearch(_portal.Store);

    private static EventQuery Sandbox { get; } = new() { Environment = PortalEnvironment.Sandbox };

    public void Dispose() => _portal.Dispose();

    [Fact]
    public async Task Walking_down_and_up_again_meets_every_event_once_in_order()
    {
        await SeedAsync(25);
        var down = await WalkAsync(Sandbox with { Limit = 10 }, PageDirection.Older);
        var up = await WalkAsync(Sandbox with { Limit = 10, Cursor = down[^1] }, PageDirection.Newer);

        Assert.Equal(Enumerable.Range(1, 25).Reverse().Select(i => (long)i), down);
        Assert.Equal(down.Take(24), up.Order().Reverse());
    }

    [Fact]
    public async Task The_first_page_says_whether_there_are_older_ones_and_that_there_are_no_newer_ones()
    {
        await SeedAsync(3);

        var all = await _search.FindAsync(Sandbox, default);
        var two = await _search.FindAsync(Sandbox with { Limit = 2 }, default);

        Assert.Equal((null, null), (all.NextCursor, all.PreviousCursor));
        Assert.Equal(("2", null), (two.NextCursor, two.PreviousCursor));
    }

    [Fact]
    public async Task No_environment_sees_the_other_s_events()
    {
        await SeedAsync(2);

        Assert.Empty((await _search.FindAsync(Sandbox with { Environment = PortalEnvironment.Production }, default)).Items);
        Assert.Empty((await _search.FindAsync(Sandbox with { Environment = PortalEnvironment.Production, Text = "1" }, default)).Items);
    }

    [Theory]
    [InlineData("evt_7", 7)]
    [InlineData("7", 7)]
    [InlineData("cus_7", 7)]
    [InlineData("user7@ex", 7)]
    [InlineData("user7@example.com", 7)]
    [InlineData("user7@example.com cus_7", 7)]
    public async Task A_word_finds_an_id_a_customer_or_the_beginning_of_an_address(string text, long id)
    {
        await SeedAsync(12);

        Assert.Equal(id, Assert.Single((await _search.FindAsync(Sandbox with { Text = text }, default)).Items).Id);
    }

    [Theory]
    [InlineData("evt_")]
    [InlineData("cus_7 cus_8")]
    [InlineData("' OR 1=1 --")]
    public async Task Words_that_name_nothing_together_find_nothing(string text)
    {
        await SeedAsync(12);

        Assert.Empty((await _search.FindAsync(Sandbox with { Text = text }, default)).Items);
    }

    [Fact]
    public async Task An_invoice_s_id_finds_the_event_that_told_it()
    {
        await _portal.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid());

        var row = Assert.Single((await _search.FindAsync(Sandbox with { Text = "in_1" }, default)).Items);
        Assert.Equal("invoice.paid", row.Type);
    }

    [Fact]
    public async Task Times_bound_what_is_found_from_the_first_moment_to_before_the_last()
    {
        await SeedAsync(20);   // one an hour

        var page = await _search.FindAsync(Sandbox with { From = Start.AddHours(5), To = Start.AddHours(8) }, default);

        Assert.Equal([8L, 7, 6], page.Items.Select(r => r.Id));
        Assert.Empty((await _search.FindAsync(Sandbox with { From = Start.AddYears(1) }, default)).Items);
        Assert.Empty((await _search.FindAsync(Sandbox with { To = Start.AddYears(-1) }, default)).Items);
    }

    [Fact]
    public async Task Attributions_are_what_concerns_customers_themselves_and_events_are_the_rest()
    {
        await SeedAsync(10);   // every third is a customer

        var attributions = await _search.FindAsync(Sandbox with { Selection = EventSelection.Attributions, Limit = 2 }, default);
        var events = await _search.FindAsync(Sandbox with { Selection = EventSelection.Events }, default);

        Assert.Equal([9L, 6], attributions.Items.Select(r => r.Id));
        Assert.Equal("6", attributions.NextCursor);
        Assert.Equal([10L, 8, 7, 5, 4, 2, 1], events.Items.Select(r => r.Id));
    }

    [Fact]
    public async Task State_and_status_and_type_narrow_together()
    {
        await SeedAsync(12);

        var page = await _search.FindAsync(Sandbox with { State = EventState.Waiting, Status = CheckLevel.Warning, Type = "invoice.paid" }, default);

        Assert.Equal([4L], page.Items.Select(r => r.Id));
    }

    private async Task<List<long>> WalkAsync(EventQuery query, PageDirection direction)
    {
        var met = new List<long>();
        for (var page = await _search.FindAsync(query with { Direction = direction }, default); ;)
        {
            met.AddRange(page.Items.Select(r => r.Id));
            if ((direction == PageDirection.Older ? page.NextCursor : page.PreviousCursor) is not { } cursor) return met;
            page = await _search.FindAsync(query with { Direction = direction, Cursor = long.Parse(cursor, System.Globalization.CultureInfo.InvariantCulture) }, default);
        }
    }

    private Task SeedAsync(int count) => _portal.Store.WriteAsync(db =>
    {
        for (var i = 1; i <= count; i++)
        {
            db.Events.Add(new InboundEvent
            {
                Environment = PortalEnvironment.Sandbox,
                Source = "stripe",
                Account = "",
                ProviderEventId = $"evt_{i}",
                Type = i % 3 == 0 ? "customer.updated" : "invoice.paid",
                OccurredAt = Start.AddHours(i),
                ReceivedAt = Start.AddHours(i - 1),
                CustomerId = $"cus_{i}",
                Email = $"user{i}@example.com",
                State = i % 4 == 0 ? EventState.Waiting : EventState.Processed,
                Status = i == 4 ? CheckLevel.Warning : CheckLevel.Ok,
            });
        }
    }, default);
}
