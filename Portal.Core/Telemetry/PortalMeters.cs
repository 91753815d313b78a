using System.Diagnostics.Metrics;

namespace Portal.Core.Telemetry;

/// <summary>The counters and durations of an event's way, from the request to the ledger. docs/observability.md explains each.</summary>
public static class PortalMeters
{
    /// <summary>For answers and transactions: from a millisecond to ten seconds.</summary>
    private static readonly double[] Short = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>For one event's share of a batch: from a twentieth of a millisecond to a second.</summary>
    private static readonly double[] Tiny = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

    /// <summary>For what may wait its turn: from ten milliseconds to an hour.</summary>
    private static readonly double[] Long = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];

    private static readonly Counter<long> Deliveries = Counter("portal.deliveries", "{delivery}", "Requests of providers, by what became of them.");
    private static readonly Histogram<double> Acknowledgements = Duration("portal.delivery.acknowledgement.duration", "From a provider's request to its answer.", Short);
    private static readonly Histogram<double> Commits = Duration("portal.delivery.commit.duration", "How long a verified delivery waited for its commit to reach the disk.", Short);
    private static readonly Counter<long> Runs = Counter("portal.events", "{event}", "Runs of events through the pipeline, by outcome.");
    private static readonly Histogram<double> Shares = Duration("portal.processing.event.duration", "One event's share of its batch.", Tiny);
    private static readonly Histogram<double> Batches = Duration("portal.processing.batch.duration", "A batch of events, read, folded and posted.", Short);
    private static readonly Histogram<double> Latencies = Duration("portal.ledger.latency", "From an event's arrival to the commit of its first run, with all that it earns.", Long);
    private static readonly Counter<long> Entries = Counter("portal.ledger.entries", "{entry}", "Balanced sets posted to the ledger, by kind.");
    private static readonly Histogram<double> Refolds = Duration("portal.refold.duration", "A batch of customers folded again, by what caused it.", Short);

    /// <summary>A provider's request was answered.</summary>
    public static void Answered(string environment, string source, string outcome, TimeSpan took)
    {
        Deliveries.Add(1, new(PortalTelemetry.Environment, environment), new(PortalTelemetry.Source, source), new(PortalTelemetry.Outcome, outcome));
        Acknowledgements.Record(took.TotalSeconds, new(PortalTelemetry.Environment, environment), new(PortalTelemetry.Source, source), new(PortalTelemetry.Outcome, outcome));
    }

    /// <summary>A verified delivery reached the disk.</summary>
    public static void Committed(string environment, string source, TimeSpan waited) =>
        Commits.Record(waited.TotalSeconds, new(PortalTelemetry.Environment, environment), new KeyValuePair<string, object?>(PortalTelemetry.Source, source));

    /// <summary>An event's run ended.</summary>
    public static void Ran(string environment, string outcome, TimeSpan share)
    {
        Runs.Add(1, new(PortalTelemetry.Environment, environment), new KeyValuePair<string, object?>(PortalTelemetry.Outcome, outcome));
        Shares.Record(share.TotalSeconds, new KeyValuePair<string, object?>(PortalTelemetry.Environment, environment));
    }

    /// <summary>An event's run broke.</summary>
    public static void Broke(string environment, string outcome) =>
        Runs.Add(1, new(PortalTelemetry.Environment, environment), new KeyValuePair<string, object?>(PortalTelemetry.Outcome, outcome));

    /// <summary>A batch was committed.</summary>
    public static void Batched(TimeSpan took) => Batches.Record(took.TotalSeconds);

    /// <summary>An event's first run is in the books.</summary>
    public static void Booked(string environment, TimeSpan sinceArrival) =>
        Latencies.Record(Math.Max(0, sinceArrival.TotalSeconds), new KeyValuePair<string, object?>(PortalTelemetry.Environment, environment));

    /// <summary>Sets were posted to the ledger.</summary>
    public static void Posted(string environment, string kind, int sets) =>
        Entries.Add(sets, new(PortalTelemetry.Environment, environment), new KeyValuePair<string, object?>(PortalTelemetry.Kind, kind));

    /// <summary>A batch was folded again.</summary>
    public static void Refolded(string environment, string causeKind, TimeSpan took) =>
        Refolds.Record(took.TotalSeconds, new(PortalTelemetry.Environment, environment), new KeyValuePair<string, object?>(PortalTelemetry.Kind, causeKind));

    /// <summary>Shows what was not counted yet as zero, so that the first time is seen as a rise.</summary>
    public static void ShowZeroes(string environment, IEnumerable<string> sources, IEnumerable<string> outcomes, IEnumerable<string> runs, IEnumerable<string> kinds)
    {
        foreach (var source in sources)
        {
            foreach (var outcome in outcomes)
                Deliveries.Add(0, new(PortalTelemetry.Environment, environment), new(PortalTelemetry.Source, source), new(PortalTelemetry.Outcome, outcome));
        }
        foreach (var run in runs) Runs.Add(0, new(PortalTelemetry.Environment, environment), new KeyValuePair<string, object?>(PortalTelemetry.Outcome, run));
        foreach (var kind in kinds) Posted(environment, kind, 0);
    }

    private static Counter<long> Counter(string name, string unit, string description) => PortalTelemetry.Meter.CreateCounter<long>(name, unit, description);

    private static Histogram<double> Duration(string name, string description, IReadOnlyList<double> bounds) =>
        PortalTelemetry.Meter.CreateHistogram(name, "s", description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
