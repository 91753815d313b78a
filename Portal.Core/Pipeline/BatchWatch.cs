using System.Diagnostics;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Telemetry;

namespace Portal.Core.Pipeline;

/// <summary>Watches one batch on its way: a span with a step for each part of the line, and once it is committed, the figures.</summary>
internal sealed class BatchWatch : IDisposable
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Activity? _span;
    private Activity? _step;
    private bool _done;

    private BatchWatch(Activity? span) => _span = span;

    /// <summary>Watches events, with links to the requests that brought them.</summary>
    public static BatchWatch OfEvents(IReadOnlyCollection<PendingEvent> events, ArrivalTraces arrivals)
    {
        var span = !PortalTelemetry.Spans.HasListeners() ? null : PortalTelemetry.Spans.StartActivity(
            "portal.process", ActivityKind.Consumer, parentContext: default, links: arrivals.LinksTo(events.Select(e => (e.Event.Environment, e.Event.Id))));
        span?.SetTag(PortalTelemetry.Events, events.Count);
        return new(span);
    }

    /// <summary>Watches customers that are folded again.</summary>
    public static BatchWatch OfRefold(RefoldRequest request)
    {
        var span = PortalTelemetry.Spans.StartActivity("portal.refold");
        span?.SetTag(PortalTelemetry.Kind, request.CauseKind).SetTag(PortalTelemetry.Environment, request.Environment.Slug());
        var watch = new BatchWatch(span);
        watch.Step("portal.fold");
        return watch;
    }

    /// <summary>The part before ends, and this one begins.</summary>
    public void Step(string name)
    {
        _step?.Dispose();
        _step = PortalTelemetry.Spans.StartActivity(name);
    }

    /// <summary>The events are committed.</summary>
    public void Processed(IReadOnlyCollection<EnvironmentRun> runs, DateTimeOffset now)
    {
        var took = Stopwatch.GetElapsedTime(_started);
        PortalMeters.Batched(took);
        foreach (var (environment, run) in runs.Select(r => (r.Book.Environment.Slug(), r)))
        {
            foreach (var (inbound, _) in run.Read)
            {
                PortalMeters.Ran(environment, inbound.State.Word(), took / runs.Sum(r => r.Read.Count));
                if (inbound.Attempts == 1) PortalMeters.Booked(environment, now - inbound.ReceivedAt);
            }
        }
        Posted(runs.Select(r => r.Book));
    }

    /// <summary>The customers are committed.</summary>
    public void Refolded(RefoldRequest request, ReferralBook book)
    {
        PortalMeters.Refolded(request.Environment.Slug(), request.CauseKind, Stopwatch.GetElapsedTime(_started));
        Posted([book]);
    }

    /// <summary>An event's run broke, and that is noted.</summary>
    public static void Broke(PortalEnvironment environment, bool forGood) =>
        PortalMeters.Broke(environment.Slug(), (forGood ? AttemptOutcome.Failed : AttemptOutcome.Retried).Word());

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_done) _span?.SetStatus(ActivityStatusCode.Error);
        _step?.Dispose();
        _span?.Dispose();
    }

    private void Posted(IEnumerable<ReferralBook> books)
    {
        _done = true;
        var postings = 0;
        foreach (var book in books)
        {
            postings += book.Postings.Count;
            foreach (var kind in book.Postings.GroupBy(p => p.Kind)) PortalMeters.Posted(book.Environment.Slug(), kind.Key.Word(), kind.Count());
        }
        _span?.SetTag(PortalTelemetry.Postings, postings);
    }
}
