using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Erasure;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Sources;

namespace Portal.Core.Pipeline;

/// <summary>
/// The straight line from stored events to the ledger, and the only place that knows the order of the steps:
/// read → tell facts → fold the referrals they touch → post the difference. A batch is one transaction; an event that
/// breaks its batch is tried alone, so that it cannot hold the others up.
/// </summary>
public sealed class EventPipeline(PortalStore store, ChangeFeed changes, TimeProvider clock, ILogger<EventPipeline> logger)
{
    /// <summary>Events per transaction: large enough to share the flush, small enough not to keep arrivals waiting.</summary>
    public const int BatchSize = 64;

    /// <summary>Runs after which an event has failed for good.</summary>
    public const int MostAttempts = 5;

    /// <summary>Processes the next batch of pending events.</summary>
    /// <returns>How many events were taken; 0 when none is due.</returns>
    public async Task<int> DrainAsync(CancellationToken ct)
    {
        var batch = await NextBatchAsync(ct);
        foreach (var group in batch.GroupBy(e => e.Event.Environment))
        {
            var events = group.ToList();
            try
            {
                await RunAsync(group.Key, events, ct);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.BatchBroke(events.Count, exception.GetType().Name);
                foreach (var one in events) await RunAloneAsync(one, ct);
            }
            changes.Publish(group.Key);
        }
        return batch.Count;
    }

    private async Task<List<PendingEvent>> NextBatchAsync(CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var now = clock.GetUtcNow();
        var events = await db.Events.Where(e => e.State == EventState.Pending && e.NextAttemptAt == null).OrderBy(e => e.Id).Take(BatchSize).ToListAsync(ct);
        if (events.Count < BatchSize)
            events.AddRange(await db.Events.Where(e => e.State == EventState.Pending && e.NextAttemptAt <= now).OrderBy(e => e.NextAttemptAt).Take(BatchSize - events.Count).ToListAsync(ct));
        var ids = events.ConvertAll(e => (long?)e.Id);
        var bodies = await db.Deliveries.Where(d => ids.Contains(d.EventId) && d.Outcome == DeliveryOutcome.Accepted)
            .ToDictionaryAsync(d => d.EventId!.Value, d => d.Body, ct);
        return events.ConvertAll(e => new PendingEvent(e, bodies.GetValueOrDefault(e.Id) ?? []));
    }

    private async Task RunAloneAsync(PendingEvent pending, CancellationToken ct)
    {
        try
        {
            // The broken batch left its marks on the event in memory, though nothing of it was written.
            await using (var db = store.OpenRead()) pending = pending with { Event = await db.Events.SingleAsync(e => e.Id == pending.Event.Id, ct) };
            await RunAsync(pending.Event.Environment, [pending], ct);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.EventBroke(pending.Event.Id, pending.Event.Type, exception);
            await GiveBackAsync(pending.Event.Id, exception, ct);
        }
    }

    private async Task RunAsync(PortalEnvironment environment, List<PendingEvent> events, CancellationToken ct)
    {
        var started = clock.GetUtcNow();
        var watch = Stopwatch.StartNew();
        var asSent = events.ConvertAll(e => (e.Event, Reading: Read(e), e.Body));
        ErasedPeople erased;
        await using (var db = store.OpenRead()) erased = await ErasedPeople.AmongAsync(db, environment, asSent, ct);
        var read = asSent.ConvertAll(r => (r.Event, Reading: erased.Without(r.Event, r.Reading)));
        var firstRead = events.Where(e => e.Event.Status is null).Select(e => e.Event).ToList();
        var own = events.Select(e => e.Event.Id).ToHashSet();
        var told = read.SelectMany(r => Told(r.Event, r.Reading)).ToList();

        ReferralBook book;
        await using (var db = store.OpenRead()) book = await new ReferralBookLoader(db, environment).LoadAsync(told, [], ct);
        book.ErasuresUpTo = erased.UpTo;
        foreach (var (inbound, reading) in read)
        {
            var facts = Told(inbound, reading).ToList();
            var left = facts.ConvertAll(book.Facts.Tell);
            var customers = facts.Select(f => book.Facts.CustomerOf(f.Scope, f.Fact)).Concat(left).OfType<CustomerKey>().Distinct().ToList();
            book.Fold(customers, Cause.Event(inbound.Id));
            Conclude(inbound, reading, facts, book);
        }
        book.Waiting.RemoveAll(e => own.Contains(e.Id));
        book.Waiting.AddRange(read.Select(r => r.Event).Where(e => e.State == EventState.Waiting));
        var released = WaitingRoom.Release(book);

        var share = watch.Elapsed.TotalMicroseconds / events.Count;
        await store.WriteAsync(db =>
        {
            var now = clock.GetUtcNow();
            book.Save(db, now);
            var done = read.ConvertAll(r => Close(r.Event, r.Reading, started, now, (long)share));
            PreparedRows<Attempt>.Insert(db, done);
            foreach (var inbound in firstRead) CountStatus(db, inbound);
            InboundEvent.SaveOutcomes(db, read.Select(r => r.Event));
            InboundEvent.SaveReleases(db, released.Where(e => !own.Contains(e.Id)));
            erased.RemovePayloads(db, now);
        }, ct);
    }

    /// <summary>Reads the event, and proves that it belongs here.</summary>
    private static Reading Read(PendingEvent pending) =>
        ModeCheck.Judge(pending.Event.Environment, pending.Event.LiveMode, SourceReader.Read(pending.Event.Source, pending.Body));

    /// <summary>What an event tells; nothing where it cannot be read.</summary>
    internal static IEnumerable<ToldFact> Told(InboundEvent inbound, Reading reading) =>
        reading.Unreadable is null ? reading.Facts.Select(f => new ToldFact(f, inbound.Scope, inbound.ProviderEventId, inbound.Id)) : [];

    /// <summary>What became of the event.</summary>
    private static void Conclude(InboundEvent inbound, Reading reading, List<ToldFact> facts, ReferralBook book)
    {
        (inbound.Status, inbound.CustomerId) = (reading.Status, reading.CustomerId);
        var email = reading.Email ?? (reading.CustomerId is { } id ? book.Customers.GetValueOrDefault(new CustomerKey(inbound.Scope, id))?.Email : null);
        inbound.Email = email?.ToLowerInvariant();   // as EventSearch looks for it
        inbound.WaitsFor = null;
        (inbound.State, inbound.Note) = (reading.Unreadable, reading.Ignored) switch
        {
            ({ } unreadable, _) => (EventState.Failed, unreadable),
            (_, { } ignored) => (EventState.Ignored, ignored),
            _ => (EventState.Processed, (string?)null),
        };
        if (inbound.State == EventState.Processed && WaitingRoom.WaitsFor(facts, book) is { } waits)
            (inbound.State, inbound.WaitsFor, inbound.Note) = (EventState.Waiting, waits.Key, waits.Says);
        else if (inbound.State == EventState.Processed && facts.Count == 0)
            inbound.Note = "A required field is missing or malformed, so nothing could be taken from it.";
    }

    /// <summary>Ends an event's run.</summary>
    private static Attempt Close(InboundEvent inbound, Reading reading, DateTimeOffset started, DateTimeOffset now, long microseconds)
    {
        inbound.Attempts++;
        var attempt = new Attempt
        {
            EventId = inbound.Id,
            Number = inbound.Attempts,
            Cause = inbound.NextCause ?? AttemptCause.Arrival,
            StartedAt = started,
            Microseconds = microseconds,
            Outcome = inbound.State switch
            {
                EventState.Ignored => AttemptOutcome.Ignored,
                EventState.Waiting => AttemptOutcome.Waiting,
                EventState.Failed => AttemptOutcome.Failed,
                _ => AttemptOutcome.Processed,
            },
            Error = reading.Unreadable,
        };
        (inbound.NextCause, inbound.NextAttemptAt, inbound.ProcessedAt) = (null, null, now);
        return attempt;
    }

    private static void CountStatus(PortalDb db, InboundEvent inbound)
    {
        var name = inbound.Status switch { CheckLevel.Ok => CountNames.StatusOk, CheckLevel.Warning => CountNames.StatusWarning, _ => CountNames.StatusError };
        var day = DateOnly.FromDateTime(inbound.ReceivedAt.UtcDateTime).DayNumber;
        var count = db.DailyCounts.Find(inbound.Environment, day, name);
        if (count is null) db.DailyCounts.Add(new DailyCount { Environment = inbound.Environment, Day = day, Name = name, Count = 1 });
        else
        {
            count.Count++;
            db.Entry(count).Property(c => c.Count).IsModified = true;
        }
    }

    /// <summary>Notes a broken run: the event comes again later, or has failed for good. One event must never stop the others.</summary>
    private async Task GiveBackAsync(long eventId, Exception exception, CancellationToken ct)
    {
        try
        {
            await store.WriteAsync(db => GiveBack(db, eventId, exception), ct);
        }
        catch (Exception second) when (second is not OperationCanceledException)
        {
            logger.EventNotGivenBack(eventId, second);
        }
    }

    private void GiveBack(PortalDb db, long eventId, Exception exception)
    {
        var now = clock.GetUtcNow();
        var inbound = db.Events.Single(e => e.Id == eventId);
        inbound.Attempts = Math.Max(inbound.Attempts, db.Attempts.Where(a => a.EventId == eventId).Max(a => (int?)a.Number) ?? 0) + 1;
        var last = inbound.Attempts >= MostAttempts;
        db.Attempts.Add(new Attempt
        {
            EventId = eventId,
            Number = inbound.Attempts,
            Cause = inbound.NextCause ?? AttemptCause.Arrival,
            StartedAt = now,
            Microseconds = 0,
            Outcome = last ? AttemptOutcome.Failed : AttemptOutcome.Retried,
            Error = $"The portal could not process this event ({exception.GetType().Name}); its log has the details under event {eventId}.",
        });
        (inbound.State, inbound.NextCause, inbound.ProcessedAt) = (last ? EventState.Failed : EventState.Pending, last ? null : AttemptCause.Retry, now);
        inbound.NextAttemptAt = last ? null : now + BackOff(inbound.Attempts);
        inbound.Note = last ? $"Given up after {inbound.Attempts} tries. Resend it once the cause is mended." : null;
    }

    /// <summary>2 s, 8 s, 32 s, 128 s.</summary>
    private static TimeSpan BackOff(int attempts) => TimeSpan.FromSeconds(Math.Pow(4, attempts) / 2);
}

/// <summary>An event to be processed, with its payload.</summary>
internal sealed record PendingEvent(InboundEvent Event, byte[] Body);

internal static partial class PipelineLog
{
    [LoggerMessage(1100, LogLevel.Warning, "A batch of {Count} events broke ({Kind}); each is tried alone")]
    public static partial void BatchBroke(this ILogger logger, int count, string kind);

    [LoggerMessage(1102, LogLevel.Critical, "Event {EventId} could not be processed, nor could that be noted; it stays pending")]
    public static partial void EventNotGivenBack(this ILogger logger, long eventId, Exception exception);

    [LoggerMessage(1103, LogLevel.Warning, "Folding again for {CauseKind} {CauseId} broke ({Kind}); each customer is tried alone")]
    public static partial void RefoldBroke(this ILogger logger, string causeKind, string causeId, string kind);

    [LoggerMessage(1104, LogLevel.Error, "Customer {CustomerId} could not be folded again for {CauseKind} {CauseId}; its next event tries once more")]
    public static partial void CustomerNotFolded(this ILogger logger, string customerId, string causeKind, string causeId, Exception exception);

    [LoggerMessage(1101, LogLevel.Error, "Event {EventId} of type {Type} could not be processed")]
    public static partial void EventBroke(this ILogger logger, long eventId, string type, Exception exception);
}
