using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Portal.Core;
using Portal.Core.Inbox;
using Xunit;

namespace Portal.Tests.Webhooks;

/// <summary>What an acknowledgement promises, and what is said when the promise cannot be made.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task What_was_acknowledged_is_in_the_file_for_anybody_to_read()
    {
        await using var host = new PortalHost();
        var client = host.CreateVisitor();
        await Parallel.ForEachAsync(Enumerable.Range(0, 60), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (i, _) =>
        {
            using var answer = await client.PostStripeAsync(StripeSamples.Customer(customer: $"cus_{i}", eventId: $"evt_{i}"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(1, CountOf(host, $"evt_{i}"));
        });
    }

    [Fact]
    public async Task A_delivery_that_cannot_be_stored_is_not_acknowledged()
    {
        await using var host = new PortalHost { MoreServices = services => services.Replace(ServiceDescriptor.Singleton<IIntake, FullDisk>()) };
        using var answer = await host.CreateVisitor().PostStripeAsync(StripeSamples.Customer());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter!.Delta);
        Assert.DoesNotContain("disk", await answer.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Neither_a_payload_nor_a_secret_nor_a_signature_comes_into_the_log()
    {
        using var log = new KeptLog();
        await using var host = new PortalHost { MoreServices = services => services.AddSingleton<ILoggerProvider>(log) };
        var api = await host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        string[] planted = ["planted@example.com", "Planted Name", "plantedUser", PortalHost.SigningSecret(PortalEnvironment.Sandbox),
            PortalHost.SecretAccessKey(PortalEnvironment.Sandbox), PortalHost.Password, "whsec_planted_wrong_secret"];
        var body = StripeSamples.Customer(email: planted[0], name: planted[1], newUserId: planted[2]);
        var signature = StripeSamples.Sign(body, PortalHost.SigningSecret(PortalEnvironment.Sandbox), TimeProvider.System.GetUtcNow());

        using (await api.PostStripeAsync(body, signature: signature)) { }
        using (await api.PostStripeAsync(body, secret: planted[6])) { }
        using (await api.PostStripeAsync(body[..^1])) { }
        await api.TellAsync(StripeSamples.InvoicePaid(email: planted[0]), body.Replace("\"livemode\":false", "\"livemode\":true", StringComparison.Ordinal));
        using (await api.GetAsync("/api/sandbox/v1/events?q=planted@example.com")) { }

        var written = string.Join('\n', log.Lines);
        Assert.Contains(TestDatabase.Server is null ? "open (SQLite" : "open (PostgreSQL", written, StringComparison.Ordinal);   // so the log is kept at all
        Assert.All(planted.Append(signature[^64..]), value => Assert.DoesNotContain(value, written, StringComparison.Ordinal));
    }

    private static long CountOf(PortalHost host, string eventId) => long.Parse(host.Database.Query(
        $"SELECT count(*) FROM events e JOIN deliveries d ON d.event_id = e.id WHERE e.provider_event_id = '{eventId}' AND length(d.body) > 0").Single(), System.Globalization.CultureInfo.InvariantCulture);

    private sealed class FullDisk : IIntake
    {
        public long AcceptedSoFar => 0;

        public event Action? Arrived
        {
            add { }
            remove { }
        }

        public Task<Receipt> AcceptAsync(IncomingDelivery delivery) => Task.FromException<Receipt>(new IOException("No space left on the disk"));

        public void Refuse(RefusedDelivery delivery)
        {
        }
    }

    private sealed class KeptLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
