using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Telemetry;
using Xunit;

namespace Portal.Tests.Telemetry;

public sealed class MetricsTests(MetricsTests.ScrapedHost host) : IClassFixture<MetricsTests.ScrapedHost>
{
    private const string Token = "scraper-of-the-tests-42";

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer scraper-of-the-tests-43", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer ", HttpStatusCode.Unauthorized)]
    [InlineData("Basic scraper-of-the-tests-42", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer scraper-of-the-tests-42", HttpStatusCode.OK)]
    public async Task From_elsewhere_the_token_opens_and_nothing_else_does(string? authorization, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var answer = await host.CreateVisitor().SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
        if (status == HttpStatusCode.OK) Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        else Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task This_machine_may_ask_unless_a_proxy_passed_it_on()
    {
        await using var listening = new PortalHost();
        listening.Listen();
        var client = listening.CreateVisitor();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/metrics")).StatusCode);
        using var passedOn = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "X-Forwarded-For", "203.0.113.7" } } };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(passedOn)).StatusCode);
    }

    [Fact]
    public async Task Every_step_of_an_event_is_counted()
    {
        var api = await host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        var scraper = Scraper();
        var before = await Exposition.OfAsync(scraper);
        await PrepareAsync(api);
        await api.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid(), StripeSamples.Customer(eventId: "evt_again"), StripeSamples.Customer(eventId: "evt_again"));
        using (await api.PostStripeAsync(StripeSamples.Customer(), secret: "whsec_another_one_0123456789")) { }

        await api.SendAsync("referrers", new { productUserId = "late", ucc = "lateCode01" });

        var after = await UntilAsync(scraper, now => now.Sum("portal_refold_duration_seconds_count") > before.Sum("portal_refold_duration_seconds_count")
            && now.Sum("portal_ledger_latency_seconds_count") - before.Sum("portal_ledger_latency_seconds_count") >= 3);

        // Other portals of this process count with the same counters, so these are the least.
        AssertRise(3, "portal_deliveries_total", "portal_environment=\"sandbox\"", "portal_outcome=\"accepted\"", "portal_source=\"stripe\"");
        AssertRise(1, "portal_deliveries_total", "portal_outcome=\"duplicate\"");
        AssertRise(1, "portal_deliveries_total", "portal_outcome=\"rejected\"");
        AssertRise(5, "portal_delivery_acknowledgement_duration_seconds_count");
        AssertRise(4, "portal_delivery_commit_duration_seconds_count");
        AssertRise(3, "portal_events_total");
        AssertRise(3, "portal_processing_event_duration_seconds_count");
        AssertRise(1, "portal_processing_batch_duration_seconds_count");
        AssertRise(3, "portal_ledger_latency_seconds_count");
        AssertRise(1, "portal_ledger_entries_total", "portal_kind=\"earned\"");
        Assert.True(after.Has("http_server_request_duration_seconds_count", "http_route=\"/webhooks/{environment}/stripe\"", "http_response_status_code=\"200\""));
        Assert.Equal(after.Sum("portal_ledger_latency_seconds_count"), after.Sum("portal_ledger_latency_seconds_bucket", "le=\"+Inf\""));

        void AssertRise(double least, string name, params string[] labels) =>
            Assert.True(after.Sum(name, labels) - before.Sum(name, labels) >= least, $"{name} rose from {before.Sum(name, labels)} to {after.Sum(name, labels)}");
    }

    [Fact]
    public async Task What_is_asked_of_the_instance_is_of_this_instance_alone()
    {
        await using var other = new ScrapedHost();
        using (await other.CreateVisitor().PostStripeAsync(StripeSamples.Refund())) { }
        await (await other.CreateApiClientAsync(PortalEnvironment.Sandbox)).UntilAsync("inbox", i => i.Number("pending") == 0);
        var figures = await UntilAsync(Scraper(other), now => now.Sum("portal_inbox_events", "portal_state=\"waiting\"") > 0);

        Assert.Equal((1, 0, 0), (figures.Sum("portal_inbox_events", "portal_state=\"waiting\""), figures.Sum("portal_inbox_events", "portal_state=\"pending\""), figures.Sum("portal_inbox_lag_seconds")));
        Assert.Equal((1, 1, 6), (figures.Sum("portal_database_up"), figures.Sum("portal_build"), figures.Sum("portal_health_check")));
        Assert.True(figures.Sum("portal_database_size_bytes") > 100_000);
        Assert.True(figures.Sum("dotnet_process_memory_working_set_bytes") > 10_000_000);
        Assert.True(figures.Has("portal_event_last_arrival_time_seconds", "portal_environment=\"sandbox\""));
        Assert.False(figures.Has("portal_event_last_arrival_time_seconds", "portal_environment=\"production\""));
    }

    [Fact]
    public async Task However_often_it_is_asked_the_database_is_asked_once_in_a_few_seconds()
    {
        var instance = host.Services.GetRequiredService<InstanceMeters>();

        var readings = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => instance.ReadAsync()));

        Assert.InRange(readings.Distinct().Count(), 1, 2);
    }

    [Fact]
    public async Task No_figure_names_a_person_or_a_customer()
    {
        var api = await host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await PrepareAsync(api);
        await api.TellAsync(StripeSamples.Customer(eventId: "evt_private"));

        var text = await Scraper().GetStringAsync("/metrics");

        Assert.All(["@", "cus_", "evt_", "user-1", "whsec", "abcDEF12345"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_last_hour_is_kept_in_memory_and_no_more()
    {
        _ = host.CreateVisitor();
        var history = new FigureHistory();
        var recorder = ActivatorUtilities.CreateInstance<FigureRecorder>(host.Services, history);
        for (var i = 0; i < 3; i++) await recorder.TakeAsync();
        Assert.Equal(3, history.Samples.Count);
        Assert.All(history.Samples, s => Assert.True(s.MemoryBytes > 0));

        for (var i = 0; i < 500; i++) history.Add(history.Samples[0]);
        Assert.Equal(240, history.Samples.Count);
    }

    /// <summary>What is asked of the database is known a few seconds later.</summary>
    private static async Task<Exposition> UntilAsync(HttpClient scraper, Func<Exposition, bool> wanted)
    {
        for (var tries = 0; ; tries++)
        {
            var now = await Exposition.OfAsync(scraper);
            if (wanted(now) || tries > 200) return now;
            await Task.Delay(50);
        }
    }

    private static async Task PrepareAsync(HttpClient api)
    {
        await api.SendAsync("referrers", new { productUserId = "mara", ucc = "abcDEF12345" });
        await api.SendAsync("campaigns/default/revisions", PortalOnDisk.TwentyPercent);
    }

    private HttpClient Scraper(PortalHost? of = null)
    {
        var client = (of ?? host).CreateVisitor();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }

    public sealed class ScrapedHost : PortalHost
    {
        public ScrapedHost() => Settings["Telemetry:MetricsToken"] = Token;
    }
}
