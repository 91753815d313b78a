using System.Collections.Concurrent;
using System.Diagnostics;

namespace Portal.Core.Telemetry;

/// <summary>Which request brought an event, so that the batch which processes it can point back to it. Known for the last arrivals at this portal, while somebody traces.</summary>
public sealed class ArrivalTraces
{
    private const int MostKnown = 4_096;

    private readonly ConcurrentDictionary<(PortalEnvironment Environment, long EventId), ActivityContext> _known = new();
    private readonly ConcurrentQueue<(PortalEnvironment, long)> _order = new();

    /// <summary>Remembers the request that is being answered.</summary>
    public void Note(PortalEnvironment environment, long eventId)
    {
        if (Activity.Current is not { Recorded: true } span || !_known.TryAdd((environment, eventId), span.Context)) return;
        _order.Enqueue((environment, eventId));
        while (_order.Count > MostKnown && _order.TryDequeue(out var oldest)) _known.TryRemove(oldest, out _);
    }

    /// <summary>The requests of those events that are known.</summary>
    public IEnumerable<ActivityLink> LinksTo(IEnumerable<(PortalEnvironment Environment, long EventId)> events)
    {
        foreach (var inbound in events)
        {
            if (_known.TryGetValue(inbound, out var context)) yield return new ActivityLink(context);
        }
    }
}
