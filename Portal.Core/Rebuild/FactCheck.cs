using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Pipeline;
using Portal.Core.Sources;

namespace Portal.Core.Rebuild;

/// <summary>
/// Reads the stored events again and compares what they tell with the stored facts: each fact told must be stored with its earliest
/// telling, and each stored fact must be told by its event. What events that are processed meanwhile tell is taken as it is, and so are the
/// facts of events whose payload was removed, as long as they are those that were told when it was.
/// </summary>
internal sealed class FactCheck(PortalStore store, PortalEnvironment environment, Corrections corrections)
{
    private const int BatchSize = 200;   // what a batch holds in memory, the collector copies again and again

    /// <summary>Facts whose stored telling is not one of any event: their right telling is looked for among all events.</summary>
    private readonly Dictionary<(string Scope, string NaturalKey), StoredFact> _untold = [];

    /// <summary>Facts that an event without payload told, and whose stored telling is another event's.</summary>
    private readonly Dictionary<(string Scope, string NaturalKey), InboundEvent> _toldWithoutPayload = [];
    private readonly List<RebuildDifference> _lost = [];

    /// <summary>Events read.</summary>
    public long Events { get; private set; }

    /// <summary>Facts that they told.</summary>
    public long Told { get; private set; }

    /// <summary>Events whose payload was removed: their facts were taken as they are stored.</summary>
    public long FromFacts { get; private set; }

    /// <summary>Those of them that an earlier version of the readers had read.</summary>
    public long FromOlderReading { get; private set; }

    /// <summary>Facts of such events that are not as they were told: nobody can tell them again.</summary>
    public IReadOnlyList<RebuildDifference> Lost => _lost;

    /// <summary>Compares everything.</summary>
    /// <param name="progress">Told the events read, and the share of them from 0 to 1.</param>
    /// <param name="ct">Stops it between two batches.</param>
    public async Task RunAsync(Func<long, double, Task> progress, CancellationToken ct)
    {
        var last = await LastEventAsync(ct);
        await ForEachBatchAsync(last, async (db, batch, without) =>
        {
            await CompareAsync(db, batch, ct);
            await TakeAsync(db, without, ct);
            Events += batch.Count + without.Count;
            Told += batch.Sum(e => e.Told.Count);
            await progress(Events, Math.Max(batch.Count == 0 ? 0 : batch[^1].Id, without.Count == 0 ? 0 : without[^1].Id) / (double)last);
        }, ct);
        await FindOrphansAsync(ct);
        if (_untold.Count > 0) await SettleAsync(last, ct);
    }

    private async Task<long> LastEventAsync(CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.Events.Where(e => e.Environment == environment).MaxAsync(e => (long?)e.Id, ct) ?? 0;
    }

    private async Task ForEachBatchAsync(long last, Func<PortalDb, List<ReadAgain>, List<InboundEvent>, Task> use, CancellationToken ct)
    {
        for (var after = 0L; ;)
        {
            await using var db = await store.OpenSnapshotAsync(ct);
            var events = db.Events.Where(e => e.Environment == environment && e.Id > after && e.Id <= last).OrderBy(e => e.Id).Take(BatchSize);
            var rows = from e in events
                       join d in db.Deliveries.Where(d => d.Outcome == DeliveryOutcome.Accepted) on (long?)e.Id equals d.EventId into accepted
                       from d in accepted.DefaultIfEmpty()
                       orderby e.Id
                       select new { e.Id, e.Source, e.Account, e.ProviderEventId, e.LiveMode, e.State, e.PayloadRemovedAt, e.KeptFacts, Body = (byte[]?)d!.Body };
            var (batch, without, found) = (new List<ReadAgain>(BatchSize), new List<InboundEvent>(), 0);
            await foreach (var e in rows.AsAsyncEnumerable().WithCancellation(ct))   // one payload at a time
            {
                (after, found) = (e.Id, found + 1);
                if (e.State == EventState.Pending) continue;   // its turn is still to come, or comes again
                var inbound = new InboundEvent
                {
                    Id = e.Id, Environment = environment, Source = e.Source, Account = e.Account, ProviderEventId = e.ProviderEventId, LiveMode = e.LiveMode,
                    Type = "", OccurredAt = default, ReceivedAt = default, PayloadRemovedAt = e.PayloadRemovedAt, KeptFacts = e.KeptFacts,
                };
                if (e.PayloadRemovedAt is null) batch.Add(ReadAgain.From(inbound, e.Body ?? []));
                else without.Add(inbound);
            }
            if (found > 0) await use(db, batch, without);
            if (found < BatchSize) return;
        }
    }

    private async Task CompareAsync(PortalDb db, List<ReadAgain> batch, CancellationToken ct)
    {
        if (batch.Count == 0) return;
        foreach (var (eventId, stored, told) in await FactComparison.FindAsync(db, environment, batch, ct))
        {
            var key = ((told ?? stored)!.Scope, (told ?? stored)!.NaturalKey);
            if (told is null) _untold[key] = stored!;
            else if (!corrections.Facts.TryGetValue(key, out var found) || told.ComesBefore(found.Stands!)) corrections.Correct(key, new FactCorrection(stored, told));
        }
    }

    /// <summary>Takes the facts of events without payload as they are stored, where they are still those that were told.</summary>
    private async Task TakeAsync(PortalDb db, List<InboundEvent> without, CancellationToken ct)
    {
        if (without.Count == 0) return;
        var ids = without.ConvertAll(e => e.Id);
        var own = (await db.Facts.Where(f => f.Environment == environment && ids.Contains(f.EventId)).ToListAsync(ct)).ToLookup(f => f.EventId);
        foreach (var inbound in without)
        {
            var kept = KeptFacts.Read(inbound.KeptFacts!);
            FromFacts++;
            if (kept.ReaderVersion != SourceReader.Version) FromOlderReading++;
            foreach (var fact in own[inbound.Id])
            {
                if (!kept.Digests.TryGetValue(fact.NaturalKey, out var digest)) _untold[(fact.Scope, fact.NaturalKey)] = fact;
                else if (digest != fact.Digest()) _lost.Add(Missing(inbound, fact.NaturalKey, "stored otherwise than it was told"));
            }
            foreach (var missing in kept.Digests.Keys.Except(own[inbound.Id].Select(f => f.NaturalKey)).ToList())
            {
                _toldWithoutPayload[(inbound.Scope, missing)] = inbound;
                if (!await db.Facts.AnyAsync(f => f.Environment == environment && f.Scope == inbound.Scope && f.NaturalKey == missing, ct)) _lost.Add(Missing(inbound, missing, "not stored"));
            }
        }
    }

    private static RebuildDifference Missing(InboundEvent inbound, string naturalKey, string before) => new(
        DifferenceKind.Fact, inbound.Scope, naturalKey, before,
        $"told by {inbound.ProviderEventId}, whose payload was removed: it cannot be told again, and what follows is reckoned with what is stored") { EventId = inbound.Id };

    /// <summary>Facts of events that are not there at all.</summary>
    private async Task FindOrphansAsync(CancellationToken ct)
    {
        await using var db = await store.OpenSnapshotAsync(ct);
        var events = db.Events;
        var orphans = db.Facts.Where(f => f.Environment == environment && !events.Any(e => e.Id == f.EventId && e.Environment == environment));
        foreach (var fact in await orphans.ToListAsync(ct)) _untold[(fact.Scope, fact.NaturalKey)] = fact;
    }

    /// <summary>Reads all events once more for those that tell what stands wrongly: the earliest of them should stand, or nothing.</summary>
    private async Task SettleAsync(long last, CancellationToken ct)
    {
        var earliest = new Dictionary<(string, string), StoredFact>();
        await ForEachBatchAsync(last, (_, batch, _) =>
        {
            foreach (var fact in batch.SelectMany(e => e.Told))
            {
                var key = (fact.Scope, fact.NaturalKey);
                if (_untold.ContainsKey(key) && (!earliest.TryGetValue(key, out var before) || fact.ComesBefore(before))) earliest[key] = fact;
            }
            return Task.CompletedTask;
        }, ct);
        foreach (var (key, stored) in _untold)
        {
            if (earliest.GetValueOrDefault(key) is null && _toldWithoutPayload.TryGetValue(key, out var inbound)) _lost.Add(Missing(inbound, key.NaturalKey, $"told by {stored.ProviderEventId}"));
            else corrections.Correct(key, new FactCorrection(stored, earliest.GetValueOrDefault(key)));
        }
    }
}
