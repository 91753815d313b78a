using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Pipeline;

namespace Portal.Core.Inbox;

/// <summary>How many events a bulk resend would run again.</summary>
/// <param name="Events">How many, at most <see cref="EventResend.MostAtOnce"/>.</param>
/// <param name="More">Whether there are more than that: the resend would have to be repeated.</param>
public readonly record struct ResendEstimate(int Events, bool More);

/// <summary>Runs events through the pipeline once more. Harmless by design: what they told already is known, and changes nothing.</summary>
public sealed class EventResend(PortalStore store, EventSearch search, InboxSignal signal, ChangeFeed changes, TimeProvider clock)
{
    /// <summary>The most events that one bulk resend takes.</summary>
    public const int MostAtOnce = 10_000;

    private const int Batch = 500;

    /// <summary>One event; answers with its id.</summary>
    public async Task<Outcome<long>> ResendAsync(PortalEnvironment environment, long eventId, Actor actor, CancellationToken ct)
    {
        var (before, removedAt) = await store.WriteAsync<(EventState?, DateTimeOffset?)>(db =>
        {
            if (db.Events.SingleOrDefault(e => e.Id == eventId && e.Environment == environment) is not { } found) return (null, null);
            if (found.PayloadRemovedAt is not null) return (null, found.PayloadRemovedAt);
            var was = found.State;
            (found.State, found.NextCause, found.NextAttemptAt, found.WaitsFor) = (EventState.Pending, AttemptCause.Resend, null, null);
            db.Audit(actor, clock.GetUtcNow(), environment, "event.resent", $"event:{eventId}", was.Word(), EventState.Pending.Word());
            return (was, null);
        }, ct);
        if (removedAt is { } at)
            return new Problem("payloadRemoved", string.Create(CultureInfo.InvariantCulture, $"The payload of event {eventId} was removed on {at:yyyy-MM-dd}: there is nothing left to send through again. What it told is kept as facts and counts."), Kind: ProblemKind.Conflict);
        if (before is null) return new Problem("unknownEvent", $"There is no event {eventId} in {environment.Slug()}.", Kind: ProblemKind.Missing);
        Announce(environment);
        return eventId;
    }

    /// <summary>How many events a filter would resend.</summary>
    public async Task<ResendEstimate> EstimateAsync(EventQuery filter, CancellationToken ct)
    {
        var ids = await search.FindIdsAsync(filter, MostAtOnce + 1, ct);
        return new ResendEstimate(Math.Min(ids.Count, MostAtOnce), ids.Count > MostAtOnce);
    }

    /// <summary>All events that match, the newest <see cref="MostAtOnce"/> at most; answers with how many.</summary>
    public async Task<int> ResendAsync(EventQuery filter, Actor actor, CancellationToken ct)
    {
        var ids = await search.FindIdsAsync(filter, MostAtOnce, ct);
        var resent = 0;
        foreach (var batch in ids.Chunk(Batch))
        {
            resent += await store.WriteAsync(db =>
            {
                var count = db.Events.Where(e => batch.Contains(e.Id) && e.PayloadRemovedAt == null).ExecuteUpdate(set => set
                    .SetProperty(e => e.State, EventState.Pending)
                    .SetProperty(e => e.NextCause, AttemptCause.Resend)
                    .SetProperty(e => e.NextAttemptAt, (DateTimeOffset?)null)
                    .SetProperty(e => e.WaitsFor, (string?)null));
                db.Audit(actor, clock.GetUtcNow(), filter.Environment, "events.resent",
                    string.Create(CultureInfo.InvariantCulture, $"events:{batch[^1]}..{batch[0]}"), null,
                    string.Create(CultureInfo.InvariantCulture, $"{count} events"));
                return count;
            }, ct);
        }
        if (resent > 0) Announce(filter.Environment);
        return resent;
    }

    private void Announce(PortalEnvironment environment)
    {
        signal.Wake();
        changes.Publish(environment);
    }
}
