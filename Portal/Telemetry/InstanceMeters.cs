using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Overview;
using Portal.Core.Reviews;
using Portal.Core.Telemetry;
using Portal.Health;
using Portal.Hosting;

namespace Portal.Telemetry;

/// <summary>
/// The figures that a running instance is asked for. However often that happens, the database is asked once in a few seconds, and never
/// waited for long.
/// </summary>
internal sealed class InstanceMeters
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly PortalStore _store;
    private readonly OverviewFigures _figures;
    private readonly HealthBoard _health;
    private readonly PortalOptions _portal;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private Task<InstanceReading>? _asked;
    private Task<List<EnvironmentReading>>? _environments;
    private long _askedAt;
    private InstanceReading? _last;

    public InstanceMeters(IMeterFactory meters, PortalStore store, OverviewFigures figures, HealthBoard health, IOptions<PortalOptions> portal, TimeProvider clock)
    {
        (_store, _figures, _health, _portal, _clock) = (store, figures, health, portal.Value, clock);
        StartedAt = clock.GetUtcNow();
        var meter = meters.Create(PortalTelemetry.Name);
        meter.CreateObservableGauge("portal.inbox.events", Inbox, "{event}", "Events of the inbox, by state.");
        meter.CreateObservableGauge("portal.inbox.lag", () => Each(e => e.LagAt(_last!.At).TotalSeconds), "s", "How long the oldest pending event has waited.");
        meter.CreateObservableGauge("portal.event.last_arrival.time", () => Each(e => (double?)e.LastEventAt?.ToUnixTimeSeconds()), "s", "When the last event arrived, in seconds since 1970.");
        meter.CreateObservableGauge("portal.reviews.open", () => Each(e => (double)e.OpenCases), "{case}", "Review cases that wait for a person.");
        meter.CreateObservableGauge("portal.database.up", () => One(_last?.IsDatabaseUp is { } up ? (up ? 1L : 0) : null), null, "Whether the database answers.");
        meter.CreateObservableGauge("portal.database.size", () => One(_last?.DatabaseBytes), "By", "How large the database is.");
        meter.CreateObservableGauge("portal.database.writes.waiting", () => One(_store.WritesWaiting), "{write}", "Writes that wait for their turn on this instance.");
        meter.CreateObservableGauge("portal.disk.free", () => One(_last?.FreeBytes), "By", "What is free where the data directory lies.");
        meter.CreateObservableGauge("portal.health.check", Checks, null, "The checks of /healthz/ready: 1 where all is well.");
        meter.CreateObservableGauge("portal.start.time", () => StartedAt.ToUnixTimeSeconds(), "s", "When this instance started, in seconds since 1970.");
        meter.CreateObservableGauge("portal.build", () => new Measurement<long>(1, new KeyValuePair<string, object?>("portal.version", PortalVersion.Text)), null, "Which version runs.");
    }

    /// <summary>When this instance started.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>What was asked a moment ago, or asks.</summary>
    public Task<InstanceReading> ReadAsync()
    {
        lock (_gate)
        {
            if (_asked is null || (_asked.IsCompleted && _clock.GetElapsedTime(_askedAt) > Fresh)) (_asked, _askedAt) = (AskAsync(), _clock.GetTimestamp());
            return _asked;
        }
    }

    private async Task<InstanceReading> AskAsync()
    {
        var checks = _health.LookAsync();
        List<EnvironmentReading>? environments = null;
        long? bytes = null;
        try
        {
            // Where it hangs, the question that hangs is waited for again, not asked again.
            if (_environments is not { IsCompleted: false }) _environments = Task.Run(EnvironmentsAsync);
            environments = await _environments.WaitAsync(Patience);
            bytes = await _store.SizeAsync(CancellationToken.None).WaitAsync(Patience);
        }
        catch (Exception)
        {
            environments = null;   // whatever the reason: it did not answer, and that is the figure
        }
        return _last = new InstanceReading(_clock.GetUtcNow(), environments is not null, environments ?? [], bytes, Free(), (await checks).Checks);
    }

    private async Task<List<EnvironmentReading>> EnvironmentsAsync()
    {
        var readings = new List<EnvironmentReading>();
        foreach (var environment in PortalEnvironments.All)
        {
            var inbox = await _figures.InboxAsync(environment, CancellationToken.None);
            await using var db = _store.OpenRead();
            readings.Add(new EnvironmentReading(environment, inbox,
                await db.ReviewCases.Where(c => c.Environment == environment && c.SettledAt == null).Take(OverviewFigures.MostCounted).CountAsync(),
                await db.Events.Where(e => e.Environment == environment).OrderByDescending(e => e.Id).Select(e => (DateTimeOffset?)e.ReceivedAt).FirstOrDefaultAsync()));
        }
        return readings;
    }

    private long? Free()
    {
        try
        {
            return HealthRegistration.FreeBytes(_portal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private IEnumerable<Measurement<long>> Inbox() => (_last?.Environments ?? []).SelectMany(e => new[] { ("pending", e.Inbox.Pending), ("waiting", e.Inbox.Waiting), ("failed", e.Inbox.Failed) }
        .Select(s => new Measurement<long>(s.Item2, new(PortalTelemetry.Environment, e.Environment.Slug()), new KeyValuePair<string, object?>("portal.state", s.Item1))));

    private IEnumerable<Measurement<long>> Checks() => (_last?.Checks ?? []).Select(c => new Measurement<long>(c.IsWell ? 1 : 0, new KeyValuePair<string, object?>("portal.check", c.Name)));

    private IEnumerable<Measurement<double>> Each(Func<EnvironmentReading, double?> figure)
    {
        foreach (var reading in _last?.Environments ?? [])
        {
            if (figure(reading) is { } value) yield return new Measurement<double>(value, new KeyValuePair<string, object?>(PortalTelemetry.Environment, reading.Environment.Slug()));
        }
    }

    private static IEnumerable<Measurement<long>> One(long? value) => value is { } known ? [new Measurement<long>(known)] : [];
}
