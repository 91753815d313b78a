using Microsoft.Extensions.Options;
using Portal.Core;
using Portal.Core.Overview;
using Portal.Health;
using Portal.Hosting;
using Portal.Jobs;

namespace Portal.Telemetry;

/// <summary>This instance at one moment, for the System page.</summary>
/// <param name="Version">Which version runs.</param>
/// <param name="Instance">The machine that it runs on.</param>
/// <param name="StartedAt">Since when.</param>
/// <param name="Database">Which database it uses.</param>
/// <param name="DatabaseBytes">How large that is.</param>
/// <param name="FreeBytes">What is free where the data directory lies.</param>
/// <param name="Health">How it is.</param>
/// <param name="Environments">Both inboxes; nothing where the database does not answer.</param>
/// <param name="Figures">The figures, with their last hour.</param>
/// <param name="Jobs">The background jobs; nothing where the scheduler does not answer.</param>
public sealed record SystemSnapshot(
    string Version, string Instance, DateTimeOffset StartedAt, string Database, long? DatabaseBytes, long? FreeBytes, HealthReport Health,
    IReadOnlyList<EnvironmentStanding> Environments, IReadOnlyList<SystemFigure> Figures, IReadOnlyList<JobStanding> Jobs);

/// <summary>An environment's inbox.</summary>
/// <param name="Environment">Which.</param>
/// <param name="Inbox">What is still to do.</param>
/// <param name="OpenCases">The cases that wait for a person.</param>
/// <param name="LastEventAt">When its last event arrived.</param>
public sealed record EnvironmentStanding(PortalEnvironment Environment, InboxFigures Inbox, int OpenCases, DateTimeOffset? LastEventAt);

/// <summary>What a figure is measured in.</summary>
public enum FigureUnit
{
    /// <summary>So many.</summary>
    Count,

    /// <summary>So many a second.</summary>
    PerSecond,

    /// <summary>Seconds.</summary>
    Seconds,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Processor cores in use.</summary>
    Cores,
}

/// <summary>A figure and its last hour.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Note">What it means, in a few words.</param>
/// <param name="Unit">In what.</param>
/// <param name="Points">The hour, oldest first; null where there was nothing to measure.</param>
public sealed record SystemFigure(string Name, string Note, FigureUnit Unit, IReadOnlyList<double?> Points)
{
    /// <summary>The last one.</summary>
    public double? Now => Points.Count > 0 ? Points[^1] : null;

    /// <summary>The largest.</summary>
    public double? Most => Points.Max();
}

/// <summary>Gathers what the System page shows.</summary>
internal sealed class SystemBoard(InstanceMeters instance, FigureHistory history, HealthBoard health, JobBoard jobs, IOptions<DatabaseOptions> database)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The figures of the page, in one table.</summary>
    private static readonly (string Name, string Note, FigureUnit Unit, Func<FigureSample, double?> Of)[] Figures =
    [
        ("Inbox", "events to be processed", FigureUnit.Count, s => s.Pending),
        ("Lag", "of the oldest event", FigureUnit.Seconds, s => s.LagSeconds),
        ("Deliveries", "requests of providers", FigureUnit.PerSecond, s => s.DeliveriesPerSecond),
        ("Processing", "events", FigureUnit.PerSecond, s => s.EventsPerSecond),
        ("Acknowledged within", "95 of 100 deliveries", FigureUnit.Seconds, s => s.AcknowledgementSeconds),
        ("In the ledger within", "95 of 100 events", FigureUnit.Seconds, s => s.LatencySeconds),
        ("Time per event", "on average", FigureUnit.Seconds, s => s.ProcessingSeconds),
        ("Writes waiting", "for their turn", FigureUnit.Count, s => s.WritesWaiting),
        ("Web requests", "of people and programs", FigureUnit.PerSecond, s => s.RequestsPerSecond),
        ("Open pages", "circuits", FigureUnit.Count, s => s.Circuits),
        ("Memory", "working set", FigureUnit.Bytes, s => s.MemoryBytes),
        ("Processor", "cores in use", FigureUnit.Cores, s => s.Cores),
    ];

    /// <summary>This instance as it is now.</summary>
    public async Task<SystemSnapshot> FindAsync(CancellationToken ct)
    {
        var (report, reading, samples) = (await health.LookAsync(), await instance.ReadAsync(), history.Samples);
        return new SystemSnapshot(PortalVersion.Text, Environment.MachineName, instance.StartedAt, database.Value.Provider, reading.DatabaseBytes, reading.FreeBytes, report,
            [.. reading.Environments.Select(e => new EnvironmentStanding(e.Environment, e.Inbox, e.OpenCases, e.LastEventAt))],
            [.. Figures.Select(f => new SystemFigure(f.Name, f.Note, f.Unit, [.. samples.Select(f.Of)]))],
            await JobsAsync(ct));
    }

    private async Task<IReadOnlyList<JobStanding>> JobsAsync(CancellationToken ct)
    {
        try
        {
            // The runs themselves are on the Jobs page.
            return [.. (await jobs.FindAsync(false, ct).WaitAsync(Patience, ct)).Jobs.Select(j => j with { Runs = [], Failures = [.. j.Failures.Take(1)] })];
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return [];   // the checks tell of it
        }
    }
}
