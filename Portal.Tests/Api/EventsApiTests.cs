using System.Net;
using System.Text;
using Portal.Core;
using Xunit;

namespace Portal.Tests.Api;

public sealed class EventsApiTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();
    private HttpClient _api = null!;

    public async Task InitializeAsync()
    {
        _api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await _api.SendAsync("referrers", new { productUserId = "ann", ucc = "abcDEF12345" });
        await _api.SendAsync("campaigns/default/revisions", """{"effectiveFrom":"2020-01-01T00:00:00Z","rules":[{"kind":"purchase","percent":"20","maxMonths":12}]}""");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task The_pages_of_the_feed_cover_every_event_once_newest_first()
    {
        await _api.TellAsync([.. Enumerable.Range(0, 23).Select(i => StripeSamples.Customer(customer: $"cus_{i}", newUserId: $"user-{i}"))]);
        var (seen, cursor, pages) = (new List<long>(), "", 0);
        do
        {
            var page = await _api.ReadAsync($"events?limit=5&cursor={cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(e => long.Parse(e.Text("id")!, System.Globalization.CultureInfo.InvariantCulture)));
            cursor = page.Text("nextCursor");
            pages++;
        }
        while (cursor is not null);

        Assert.Equal((5, 23), (pages, seen.Distinct().Count()));
        Assert.Equal(seen.OrderDescending(), seen);
    }

    [Fact]
    public async Task The_feed_is_narrowed_by_each_of_its_filters()
    {
        await _api.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid(), StripeSamples.InvoicePaid("cus_stranger", "in_2", email: "stranger@example.com"),
            StripeSamples.Event("ping", null, null, "evt_ping", StripeShape.Basil));

        Assert.Equal(["evt_ping"], await IdsAsync("type=ping"));
        Assert.Equal(["evt_ping"], await IdsAsync("state=ignored"));
        Assert.Equal(["evt_invoice_paid_in_2_1772452800"], await IdsAsync("state=waiting"));
        Assert.Equal(["evt_invoice_paid_in_2_1772452800"], await IdsAsync("q=stranger@example.com"));
        Assert.Equal(2, (await IdsAsync("q=cus_1")).Count);
        Assert.Equal(2, (await IdsAsync("type=invoice.paid")).Count);
        Assert.Equal(4, (await IdsAsync("source=stripe&from=2020-01-01")).Count);
        Assert.Empty(await IdsAsync("source=chargebee"));
        Assert.Empty(await IdsAsync("to=2020-01-01"));
        Assert.Empty(await IdsAsync("state=failed"));
        Assert.Equal(4, (await IdsAsync("status=ok")).Count + (await IdsAsync("status=warning")).Count + (await IdsAsync("status=error")).Count);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("cursor=-1", "cursor")]
    [InlineData("state=done", "state")]
    [InlineData("status=bad", "status")]
    [InlineData("from=yesterday", "from")]
    public async Task A_filter_that_means_nothing_is_refused_by_name(string query, string field)
    {
        using var answer = await _api.GetAsync($"/api/sandbox/v1/events?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"field\":\"{field}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_event_has_everything_about_it_by_our_id_or_the_providers()
    {
        var body = StripeSamples.InvoicePaid(eventId: "evt_paid");
        await _api.TellAsync(StripeSamples.Customer(), body, body);

        var e = await _api.ReadAsync("events/evt_paid");
        Assert.Equal(e.ToString(), (await _api.ReadAsync($"events/{e.Text("id")}")).ToString());
        Assert.Equal(("processed", "cus_1", "new.user@example.com"), (e.Text("state"), e.Text("customerId"), e.Text("email")));
        Assert.Equal(body, Encoding.UTF8.GetString(e.GetProperty("rawPayload").GetBytesFromBase64()));
        Assert.Equal("in_1", e.GetProperty("payload").GetProperty("data").GetProperty("object").Text("id"));
        Assert.Contains(e.GetProperty("checks").EnumerateArray(), c => (c.Text("path"), c.Text("level"), c.Text("found")) == ("$.data.object.amount_paid", "ok", "12000"));
        Assert.Equal(["accepted", "duplicate"], e.GetProperty("deliveries").EnumerateArray().Select(d => d.Text("outcome")));
        Assert.Equal([(1L, "arrival", "processed")], e.GetProperty("attempts").EnumerateArray().Select(a => (a.Number("number"), a.Text("cause"), a.Text("outcome"))));
        Assert.Equal("invoice-paid:in_1", Assert.Single(e.GetProperty("facts").EnumerateArray()).Text("naturalKey"));
        var entries = Assert.Single(e.GetProperty("entries").EnumerateArray());
        Assert.Equal((2_000, 0), (entries.Number("amount"), entries.GetProperty("entries").EnumerateArray().Sum(x => x.Number("amount"))));
    }

    [Fact]
    public async Task An_event_of_the_other_environment_or_of_none_is_not_found()
    {
        await _api.TellAsync(StripeSamples.Customer(eventId: "evt_here"));
        var production = await _host.CreateApiClientAsync(PortalEnvironment.Production);
        var ours = (await _api.ReadAsync("events/evt_here")).Text("id");

        Assert.Equal(HttpStatusCode.NotFound, (await production.GetAsync($"/api/production/v1/events/{ours}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await production.GetAsync("/api/production/v1/events/evt_here")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _api.GetAsync("/api/sandbox/v1/events/evt_nowhere")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await production.PostAsync($"/api/production/v1/events/{ours}/resend", null)).StatusCode);
    }

    [Fact]
    public async Task A_resend_runs_the_event_again_and_changes_nothing_that_stands()
    {
        await _api.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid(eventId: "evt_paid"));
        var before = (await _api.ReadAsync("ledger/hash")).ToString();

        using (var answer = await _api.PostAsync("/api/sandbox/v1/events/evt_paid/resend", null)) Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);

        var e = await _api.UntilAsync("events/evt_paid", e => e.GetProperty("attempts").GetArrayLength() == 2 && e.Text("state") == "processed");
        Assert.Equal(("processed", "resend"), (e.Text("state"), e.GetProperty("attempts")[1].Text("cause")));
        Assert.Equal(before, (await _api.ReadAsync("ledger/hash")).ToString());
        Assert.Single(await _api.ListAsync("ledger/entries"));
    }

    [Fact]
    public async Task The_inbox_says_what_is_still_to_do()
    {
        await _api.TellAsync(StripeSamples.Refund(), StripeSamples.Customer().Replace("\"livemode\":false", "\"livemode\":true", StringComparison.Ordinal));

        var inbox = await _api.ReadAsync("inbox");
        Assert.Equal((0, 1, 1, 0), (inbox.Number("pending"), inbox.Number("waiting"), inbox.Number("failed"), inbox.Number("oldestPendingSeconds")));
        Assert.Equal("charge:stripe/ch_1", (await _api.ReadAsync("events/evt_refund_created_re_1_1772452800")).Text("waitsFor"));
    }

    [Fact]
    public async Task Refused_requests_are_listed_with_their_diagnosis()
    {
        using (await _api.PostStripeAsync(StripeSamples.Customer(), secret: "whsec_another_one_0123456789")) { }

        var refused = await _api.UntilAsync("deliveries?outcome=rejected", list => list.GetProperty("items").GetArrayLength() == 1);
        Assert.Equal("noMatch", refused.GetProperty("items")[0].Text("reasonCode"));
        Assert.Empty(await _api.ListAsync("deliveries?outcome=accepted"));
    }

    private async Task<List<string>> IdsAsync(string query) => [.. (await _api.ListAsync($"events?{query}")).Select(e => e.Text("providerEventId")!)];
}
