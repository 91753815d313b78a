using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core;
using Portal.Core.Telemetry;
using Xunit;

namespace Portal.Tests.Telemetry;

public sealed class ExportTests
{
    [Fact]
    public async Task What_happens_to_an_event_reaches_the_collector_and_nothing_private_does()
    {
        await using var collector = await Collector.StartAsync();
        await using (var host = new PortalHost { Settings = { ["Telemetry:OtlpEndpoint"] = collector.Url } })
        {
            await (await host.CreateApiClientAsync(PortalEnvironment.Sandbox)).TellAsync(StripeSamples.Customer());
            using (await host.CreateVisitor().GetAsync("/sandbox/events?q=new.user@example.com")) { }
        }

        var (traces, metrics) = (collector.Received("/v1/traces"), collector.Received("/v1/metrics"));
        Assert.All(["referral-portal", "portal.receive", "portal.verify", "portal.store", "portal.process", "portal.read", "portal.fold", "portal.post"],
            name => Assert.Contains(name, traces, StringComparison.Ordinal));
        Assert.All(["referral-portal", "portal.deliveries", "portal.inbox.events", "http.server.request.duration"], name => Assert.Contains(name, metrics, StringComparison.Ordinal));
        Assert.All(["new.user@example.com", "new.user%40example.com", "cus_1", "user-1", "whsec_"], word => Assert.DoesNotContain(word, traces + metrics, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_collector_that_cannot_be_reached_costs_nothing_that_one_sees()
    {
        var watch = Stopwatch.StartNew();
        await using (var host = new PortalHost { Settings = { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9" } })
        {
            var api = await host.CreateApiClientAsync(PortalEnvironment.Sandbox);
            await api.TellAsync(StripeSamples.Customer());
            Assert.Equal(HttpStatusCode.OK, (await host.CreateVisitor().GetAsync("/healthz/live")).StatusCode);
            watch.Restart();
        }
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_batch_points_back_to_the_requests_that_brought_its_events()
    {
        var (received, batches) = (new ConcurrentBag<ActivityTraceId>(), new ConcurrentBag<Activity>());
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PortalTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.OperationName == "portal.receive") received.Add(span.TraceId);
                if (span.OperationName == "portal.process") batches.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = new PortalHost();
        var api = await host.CreateApiClientAsync(PortalEnvironment.Sandbox);

        // An event may be taken up before its request has noted it, and that request then has no link: of several, one has.
        for (var tries = 0; tries < 20 && !batches.SelectMany(b => b.Links).Any(l => received.Contains(l.Context.TraceId)); tries++)
            await api.TellAsync(StripeSamples.Customer($"cus_{tries}", eventId: $"evt_{tries}"));
        Assert.Contains(batches.SelectMany(b => b.Links), l => received.Contains(l.Context.TraceId));
        Assert.All(batches, b => Assert.Null(b.ParentId));
    }

    /// <summary>Takes whatever is sent to it, as a collector does.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, string Body)> _received = [];

        public string Url => app.Urls.Single();

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var collector = new Collector(builder.Build());
            await collector.ListenAsync();
            return collector;
        }

        /// <summary>All that came to a path; protobuf leaves texts as they are.</summary>
        public string Received(string path) => string.Concat(_received.Where(r => r.Path == path).Select(r => r.Body));

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private Task ListenAsync()
        {
            app.Run(async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                if (context.Request.ContentType == "application/x-protobuf") _received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
            });
            return app.StartAsync();
        }
    }
}
