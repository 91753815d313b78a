using System.Diagnostics;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Telemetry;

namespace Portal.Core.Pipeline;

/// <summary>Watches one batch on its way: a span with a step for each part of the line, and once it is committed, the figures.</summary>
internal sealed class BatchWatch : IDisposable
{
    private readonly string _environment;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Activity? _span;
    private Activity? _step;
    private bool _done;

    private BatchWatch(PortalEnvironment environment, Activity? span, string firstStep)
    {
        (_environment, _span) = (environment.Slug(), span);
        _span?.SetTag(PortalTelemetry.Environment, _environment);
        Step(firstStep);
    }

    /// <summary>Watches events, with links to the requests that brought them.</summary>
    public static BatchWatch OfEvents(PortalEnvironment environment, IReadOnlyCollection<PendingEvent> events)
    {
        var span = !PortalTelemetry.Spans.HasListeners() ? null : PortalTelemetry.Spans.StartActivity(
            "portal.process", ActivityKind.Consumer, parentContext: default, links: ArrivalTraces.LinksTo(environment, events.Select(e => e.Event.Id)));
        span?.SetTag(PortalTelemetry.Events, events.Count);
        return new(environment, span, "portal.read");
    }

    /// <summary>Watches customers that are folded again.</summary>
    public static BatchWatch OfRefold(RefoldRequest request)
    {
        var span = PortalTelemetry.Spans.StartActivity("portal.refold");
        span?.SetTag(PortalTelemetry.Kind, request.CauseKind);
        return new(request.Environment, span, "portal.fold");
    }

    /// <summary>The part before ends, and this one begins.</summary>
    public void Step(string name)
    {
        _step?.Dispose();
        _step = PortalTelemetry.Spans.StartActivity(name);
    }

    /// <summary>The events are committed.</summary>
    public void Processed(IReadOnlyCollection<InboundEvent> events, ReferralBook book, DateTimeOffset now)
    {
        PortalMeters.Processed(_environment, events.Count, Stopwatch.GetElapsedTime(_started));
        foreach (var inbound in events)
        {
            PortalMeters.Ran(_environment, inbound.State.Word());
            if (inbound.Attempts == 1) PortalMeters.Booked(_environment, now - inbound.ReceivedAt);
        }
        Posted(book);
    }

    /// <summary>The customers are committed.</summary>
    public void Refolded(RefoldRequest request, ReferralBook book)
    {
        PortalMeters.Refolded(_environment, request.CauseKind, Stopwatch.GetElapsedTime(_started));
        Posted(book);
    }

    /// <summary>An event's run broke, and that is noted.</summary>
    public static void Broke(PortalEnvironment environment, bool forGood) =>
        PortalMeters.Ran(environment.Slug(), (forGood ? AttemptOutcome.Failed : AttemptOutcome.Retried).Word());

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_done) _span?.SetStatus(ActivityStatusCode.Error);
        _step?.Dispose();
        _span?.Dispose();
    }

    private void Posted(ReferralBook book)
    {
        _done = true;
        _span?.SetTag(PortalTelemetry.Postings, book.Postings.Count);
        foreach (var kind in book.Postings.GroupBy(p => p.Kind)) PortalMeters.Posted(_environment, kind.Key.Word(), kind.Count());
    }
}
