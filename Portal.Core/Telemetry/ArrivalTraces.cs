using System.Collections.Concurrent;
using System.Diagnostics;

namespace Portal.Core.Telemetry;

/// <summary>Which request brought an event, so that the batch which processes it can point back to it. Known for the last arrivals of this process, while somebody traces.</summary>
public static class ArrivalTraces
{
    private const int MostKnown = 4_096;

    private static readonly ConcurrentDictionary<(PortalEnvironment Environment, long EventId), ActivityContext> Known = new();
    private static readonly ConcurrentQueue<(PortalEnvironment, long)> Order = new();

    /// <summary>Remembers the request that is being answered.</summary>
    public static void Note(PortalEnvironment environment, long eventId)
    {
        if (Activity.Current is not { Recorded: true } span || !Known.TryAdd((environment, eventId), span.Context)) return;
        Order.Enqueue((environment, eventId));
        while (Order.Count > MostKnown && Order.TryDequeue(out var oldest)) Known.TryRemove(oldest, out _);
    }

    /// <summary>The requests of those events that are known.</summary>
    public static IEnumerable<ActivityLink> LinksTo(IEnumerable<(PortalEnvironment Environment, long EventId)> events)
    {
        foreach (var inbound in events)
        {
            if (Known.TryGetValue(inbound, out var context)) yield return new ActivityLink(context);
        }
    }
}
