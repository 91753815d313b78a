using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Erasure;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Sources;
using Portal.Core.Telemetry;

namespace Portal.Core.Pipeline;

/// <summary>
/// The straight line from stored events to the ledger, and the only place that knows the order of the steps:
/// read → tell facts → fold the referrals they touch → post the difference. A batch is one transaction; an event that
/// breaks its batch is tried alone, so that it cannot hold the others up.
/// </summary>
public sealed class EventPipeline(PortalStore store, ChangeFeed changes, TimeProvider clock, ILogger<EventPipeline> logger)
{
    /// <summary>Events per transaction: large enough to share the flush, small enough not to keep arrivals waiting.</summary>
    public const int BatchSize = 128;

    /// <summary>Bytes of payloads after which a batch takes no more: large payloads must not fill the memory.</summary>
    private const long MostBytes = 16L << 20;

    /// <summary>Runs after which an event has failed for good.</summary>
    public const int MostAttempts = 5;

    /// <summary>Which requests brought the events that are to come: whoever receives one notes it here.</summary>
    public ArrivalTraces Arrivals { get; } = new();

    /// <summary>Processes the next batch of pending events that nobody else has taken.</summary>
    /// <returns>How many events were taken; 0 when none is due.</returns>
    /// <exception cref="Exception">The database cannot work just now; every event stays as it was.</exception>
    public Task<int> DrainAsync(CancellationToken ct) => DrainAsync(alone: false, ct);

    private async Task<int> DrainAsync(bool alone, CancellationToken ct)
    {
        List<PendingEvent> batch;
        await using (var work = await store.BeginWorkAsync(alone, ct))
        {
            batch = await TakeAsync(work.Read, ct);
            if (batch.Count == 0) return 0;
            try
            {
                await RunAsync(work, batch, ct);
                PublishChanges(batch);
                return batch.Count;
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or MustRunAloneException) && (!store.IsUnavailable(exception) || work.TookTooLong(exception)))
            {
                logger.BatchBroke(batch.Count, exception.GetType().Name);
            }
            catch (MustRunAloneException)
            {
                alone = true;
                batch = [];
            }
        }
        if (batch.Count == 0) return await DrainAsync(alone, ct);
        foreach (var one in batch) await RunAloneAsync(one.Event.Id, ct);
        PublishChanges(batch);
        return batch.Count;
    }

    private void PublishChanges(List<PendingEvent> batch)
    {
        foreach (var environment in batch.Select(e => e.Event.Environment).Distinct()) changes.Publish(environment);
    }

    private async Task<List<PendingEvent>> TakeAsync(PortalDb db, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var latest = now + BackOff(MostAttempts);   // nothing is put off longer: the clock was set back since
        var pending = db.Events.TagWith(StoreWork.Claim).Where(e => e.State == EventState.Pending);
        var events = await pending.Where(e => e.NextAttemptAt == null).OrderBy(e => e.Id).Take(BatchSize).ToListAsync(ct);
        if (events.Count < BatchSize)
            events.AddRange(await pending.Where(e => e.NextAttemptAt <= now || e.NextAttemptAt > latest).OrderBy(e => e.NextAttemptAt).Take(BatchSize - events.Count).ToListAsync(ct));
        return await WithBodiesAsync(db, events, ct);
    }

    private static async Task<List<PendingEvent>> WithBodiesAsync(PortalDb db, List<InboundEvent> events, CancellationToken ct)
    {
        if (events.Count == 0) return [];
        var ids = events.ConvertAll(e => (long?)e.Id);
        var (from, to) = (events.Min(e => e.ReceivedAt), events.Max(e => e.ReceivedAt));   // an event is received with its first delivery; it says in which months to look
        var deliveries = db.Deliveries.Where(d => ids.Contains(d.EventId) && d.Outcome == DeliveryOutcome.Accepted && d.ReceivedAt >= from && d.ReceivedAt <= to)
            .Select(d => new { d.Id, d.EventId, d.Body });
        var (bodies, bytes) = (new Dictionary<long, (long Id, byte[] Body)>(events.Count), 0L);
        await foreach (var delivery in deliveries.AsAsyncEnumerable().WithCancellation(ct))
        {
            bodies.Add(delivery.EventId!.Value, (delivery.Id, delivery.Body ?? []));
            bytes += delivery.Body?.Length ?? 0;
            if (bytes > MostBytes) return [.. events.Where(e => bodies.ContainsKey(e.Id)).Select(e => new PendingEvent(e, bodies[e.Id].Body, bodies[e.Id].Id))];   // the others come next
        }
        return events.ConvertAll(e => bodies.TryGetValue(e.Id, out var first) ? new PendingEvent(e, first.Body, first.Id) : new PendingEvent(e, [], null));
    }

    /// <summary>Processes one event of a batch that broke: of what the broken batch made of it in memory, nothing is kept.</summary>
    private async Task RunAloneAsync(long eventId, CancellationToken ct)
    {
        await using var work = await store.BeginWorkAsync(alone: true, ct);
        var found = await work.Read.Events.TagWith(StoreWork.Claim).Where(e => e.Id == eventId && e.State == EventState.Pending).ToListAsync(ct);
        if (await WithBodiesAsync(work.Read, found, ct) is not [var pending]) return;   // somebody else took it meanwhile
        using var scope = logger.In(pending.Event.Environment, eventId, pending.DeliveryId);
        try
        {
            await RunAsync(work, [pending], ct);
            return;
        }
        catch (Exception exception) when (exception is not OperationCanceledException && (!store.IsUnavailable(exception) || work.TookTooLong(exception)))
        {
            logger.EventBroke(eventId, pending.Event.Type, exception);
            var inTime = !work.TookTooLong(exception);
            await work.DisposeAsync();
            await GiveBackAsync(eventId, exception, mayFail: inTime, ct);
        }
    }

    private async Task RunAsync(StoreWork work, List<PendingEvent> events, CancellationToken ct)
    {
        var runs = new List<EnvironmentRun>();
        using var watched = BatchWatch.OfEvents(events, Arrivals);
        foreach (var group in events.GroupBy(e => e.Event.Environment).OrderBy(g => g.Key)) runs.Add(await FoldAsync(work, watched, group.Key, [.. group], ct));
        watched.Step("portal.post");
        await work.CommitAsync(db =>
        {
            foreach (var run in runs) Save(db, run, clock.GetUtcNow());
        }, ct);
        watched.Processed(runs, clock.GetUtcNow());
    }

    private async Task<EnvironmentRun> FoldAsync(StoreWork work, BatchWatch watched, PortalEnvironment environment, List<PendingEvent> events, CancellationToken ct)
    {
        var started = clock.GetUtcNow();
        var watch = Stopwatch.StartNew();
        watched.Step("portal.read");
        var asSent = events.ConvertAll(e => (e.Event, Reading: Read(e), e.Body));
        var erased = await ErasedPeople.AmongAsync(work.Read, environment, asSent, ct);
        var read = asSent.ConvertAll(r => (r.Event, Reading: erased.Without(r.Event, r.Reading)));
        var firstRead = events.Where(e => e.Event.Status is null).Select(e => e.Event).ToList();
        var factsOf = read.ConvertAll(r => Told(r.Event, r.Reading).ToList());
        var told = factsOf.SelectMany(f => f).ToList();

        watched.Step("portal.fold");
        var book = await LoadAsync(work, environment, told, ct);
        book.ErasuresUpTo = erased.UpTo;
        var fold = new BatchFold(book);
        foreach (var (one, facts) in read.Zip(factsOf)) fold.Tell(one.Event.Id, facts);
        fold.FoldRest();
        foreach (var (one, facts) in read.Zip(factsOf)) Conclude(one.Event, one.Reading, facts, book);
        var own = events.Select(e => e.Event.Id).ToHashSet();
        book.Waiting.RemoveAll(e => own.Contains(e.Id));
        book.Waiting.AddRange(read.Select(r => r.Event).Where(e => e.State == EventState.Waiting));
        var released = WaitingRoom.Release(book).Where(e => !own.Contains(e.Id)).ToList();
        return new EnvironmentRun(book, read, erased, firstRead, released, started, (long)(watch.Elapsed.TotalMicroseconds / events.Count));
    }

    /// <summary>Loads what the facts concern, and holds it: loading shows what there is to hold, so it goes on until nothing new shows.</summary>
    private static async Task<ReferralBook> LoadAsync(StoreWork work, PortalEnvironment environment, List<ToldFact> told, CancellationToken ct)
    {
        if (work.IsShared) await work.HoldAsync(await LockNames.GuessAsync(work.Read, environment, told, ct), ct);
        while (true)
        {
            var loader = new ReferralBookLoader(work.Read, environment);
            var book = await loader.LoadAsync(told, [], ct);
            if (!await work.HoldAsync(loader.Names(), ct)) return book;
        }
    }

    private static void Save(PortalDb db, EnvironmentRun run, DateTimeOffset now)
    {
        run.Book.Save(db, now);
        PreparedRows<Attempt>.Insert(db, run.Read.ConvertAll(r => Close(r.Event, r.Reading, run.StartedAt, now, run.Microseconds)));
        InboundEvent.SaveOutcomes(db, run.Read.Select(r => r.Event));
        InboundEvent.SaveReleases(db, run.Released);
        foreach (var some in run.FirstRead.GroupBy(e => (e.Environment, DateOnly.FromDateTime(e.ReceivedAt.UtcDateTime).DayNumber, NameOf(e.Status))).OrderBy(g => g.Key))
            DailyCount.Add(db, some.Key.Environment, some.Key.DayNumber, some.Key.Item3, some.Count());
        run.Erased.RemovePayloads(db, now);
    }

    /// <summary>Reads the event, and proves that it belongs here.</summary>
    private static Reading Read(PendingEvent pending) =>
        ModeCheck.Judge(pending.Event.Environment, pending.Event.Source, pending.Event.LiveMode, SourceReader.Read(pending.Event.Source, pending.Body));

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

    private static string NameOf(CheckLevel? status) => status switch { CheckLevel.Ok => CountNames.StatusOk, CheckLevel.Warning => CountNames.StatusWarning, _ => CountNames.StatusError };

    /// <summary>Notes a broken run: the event comes again later, or has failed for good. One event must never stop the others.</summary>
    /// <param name="eventId">Which event.</param>
    /// <param name="exception">What broke it.</param>
    /// <param name="mayFail">Whether it can have failed for good: one that ran out of time may be held up by something else, such as a lock, and only steps aside.</param>
    /// <param name="ct">Stops it.</param>
    private async Task GiveBackAsync(long eventId, Exception exception, bool mayFail, CancellationToken ct)
    {
        try
        {
            var given = await store.WriteAsync(db => GiveBack(db, eventId, exception, mayFail), ct);
            BatchWatch.Broke(given.Environment, given.State == EventState.Failed);
        }
        catch (Exception second) when (second is not OperationCanceledException)
        {
            logger.EventNotGivenBack(eventId, second);
        }
    }

    private InboundEvent GiveBack(PortalDb db, long eventId, Exception exception, bool mayFail)
    {
        var now = clock.GetUtcNow();
        var inbound = db.Events.Single(e => e.Id == eventId);
        inbound.Attempts = Math.Max(inbound.Attempts, db.Attempts.Where(a => a.EventId == eventId).Max(a => (int?)a.Number) ?? 0) + 1;
        var last = mayFail && inbound.Attempts >= MostAttempts;
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
        return inbound;
    }

    /// <summary>2 s, 8 s, 32 s, and then 128 s each time.</summary>
    private static TimeSpan BackOff(int attempts) => TimeSpan.FromSeconds(Math.Pow(4, Math.Min(attempts, MostAttempts - 1)) / 2);
}

/// <summary>What a batch made of the events of one environment, to be written.</summary>
internal sealed record EnvironmentRun(
    ReferralBook Book, List<(InboundEvent Event, Reading Reading)> Read, ErasedPeople Erased, List<InboundEvent> FirstRead, List<InboundEvent> Released, DateTimeOffset StartedAt, long Microseconds);

/// <summary>An event to be processed, with its payload and the delivery that brought it.</summary>
internal sealed record PendingEvent(InboundEvent Event, byte[] Body, long? DeliveryId = null);

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
