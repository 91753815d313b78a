using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Pipeline;
using Portal.Core.Sources;

namespace Portal.Core.Rebuild;

/// <summary>
/// Reads the stored events again and compares what they tell with the stored facts: each fact told must be stored with its earliest
/// telling, and each stored fact must be told by its event. What events that are processed meanwhile tell is taken as it is.
/// </summary>
internal sealed class FactCheck(PortalStore store, PortalEnvironment environment, Corrections corrections)
{
    private const int BatchSize = 500;
    private const int KeysAtOnce = 250;

    /// <summary>Facts whose stored telling is not one of any event: their right telling is looked for among all events.</summary>
    private readonly Dictionary<(string Scope, string NaturalKey), StoredFact> _untold = [];

    /// <summary>Events read.</summary>
    public long Events { get; private set; }

    /// <summary>Facts that they told.</summary>
    public long Told { get; private set; }

    /// <summary>Compares everything.</summary>
    /// <param name="progress">Told the events read, and the share of them from 0 to 1.</param>
    /// <param name="ct">Stops it between two batches.</param>
    public async Task RunAsync(Func<long, double, Task> progress, CancellationToken ct)
    {
        var last = await LastEventAsync(ct);
        await ForEachBatchAsync(last, async (db, batch) =>
        {
            await CompareAsync(db, batch, ct);
            Events += batch.Count;
            Told += batch.Sum(e => e.Told.Count);
            await progress(Events, batch[^1].Id / (double)last);
        }, ct);
        await FindOrphansAsync(ct);
        if (_untold.Count > 0) await SettleAsync(last, ct);
    }

    private async Task<long> LastEventAsync(CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.Events.Where(e => e.Environment == environment).MaxAsync(e => (long?)e.Id, ct) ?? 0;
    }

    private async Task ForEachBatchAsync(long last, Func<PortalDb, List<ReadAgain>, Task> use, CancellationToken ct)
    {
        for (var after = 0L; ;)
        {
            await using var db = await store.OpenSnapshotAsync(ct);
            var events = db.Events.Where(e => e.Environment == environment && e.Id > after && e.Id <= last).OrderBy(e => e.Id).Take(BatchSize);
            var rows = from e in events
                       join d in db.Deliveries.Where(d => d.Outcome == DeliveryOutcome.Accepted) on (long?)e.Id equals d.EventId into accepted
                       from d in accepted.DefaultIfEmpty()
                       orderby e.Id
                       select new { e.Id, e.Source, e.Account, e.ProviderEventId, e.LiveMode, e.State, Body = (byte[]?)d!.Body };
            var (batch, found) = (new List<ReadAgain>(BatchSize), 0);
            await foreach (var e in rows.AsAsyncEnumerable().WithCancellation(ct))   // one payload at a time
            {
                (after, found) = (e.Id, found + 1);
                if (e.State == EventState.Pending) continue;   // its turn is still to come, or comes again
                batch.Add(new ReadAgain(e.Id, Read(new InboundEvent
                {
                    Id = e.Id, Environment = environment, Source = e.Source, Account = e.Account, ProviderEventId = e.ProviderEventId, LiveMode = e.LiveMode,
                    Type = "", OccurredAt = default, ReceivedAt = default,
                }, e.Body ?? [])));
            }
            if (batch.Count > 0) await use(db, batch);
            if (found < BatchSize) return;
        }
    }

    private List<StoredFact> Read(InboundEvent inbound, byte[] body)
    {
        var reading = ModeCheck.Judge(environment, inbound.LiveMode, SourceReader.ReadFacts(inbound.Source, body));
        return EventPipeline.Told(inbound, reading).Select(t => StoredFact.From(environment, t)).ToList();
    }

    private async Task CompareAsync(PortalDb db, List<ReadAgain> batch, CancellationToken ct)
    {
        var (from, to) = (batch[0].Id, batch[^1].Id);
        var read = batch.Select(e => e.Id).ToHashSet();
        var stored = (await db.Facts.Where(f => f.Environment == environment && f.EventId >= from && f.EventId <= to).ToListAsync(ct))
            .ToDictionary(f => (f.Scope, f.NaturalKey));
        var own = stored.Values.Where(f => read.Contains(f.EventId)).ToList();
        var elsewhere = batch.SelectMany(e => e.Told).Select(f => f.NaturalKey).Distinct().Except(stored.Keys.Select(k => k.NaturalKey)).ToList();
        foreach (var keys in elsewhere.Chunk(KeysAtOnce))
        {
            foreach (var fact in await db.Facts.Where(f => f.Environment == environment && keys.Contains(f.NaturalKey)).ToListAsync(ct)) stored[(fact.Scope, fact.NaturalKey)] = fact;
        }

        var told = new HashSet<(string Scope, string NaturalKey, long EventId)>();
        foreach (var fact in batch.SelectMany(e => e.Told))
        {
            var key = (fact.Scope, fact.NaturalKey);
            told.Add((fact.Scope, fact.NaturalKey, fact.EventId));
            var stands = stored.GetValueOrDefault(key);
            if (stands?.EventId == fact.EventId)
            {
                if (!IsSame(stands, fact)) _untold[key] = stands;
            }
            else if (stands is null || fact.ComesBefore(stands))
            {
                if (!corrections.Facts.TryGetValue(key, out var found) || fact.ComesBefore(found.Stands!)) corrections.Correct(key, new FactCorrection(stands, fact));
            }
        }
        foreach (var fact in own.Where(f => !told.Contains((f.Scope, f.NaturalKey, f.EventId)))) _untold[(fact.Scope, fact.NaturalKey)] = fact;
    }

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
        await ForEachBatchAsync(last, (_, batch) =>
        {
            foreach (var fact in batch.SelectMany(e => e.Told))
            {
                var key = (fact.Scope, fact.NaturalKey);
                if (_untold.ContainsKey(key) && (!earliest.TryGetValue(key, out var before) || fact.ComesBefore(before))) earliest[key] = fact;
            }
            return Task.CompletedTask;
        }, ct);
        foreach (var (key, stored) in _untold) corrections.Correct(key, new FactCorrection(stored, earliest.GetValueOrDefault(key)));
    }

    private static bool IsSame(StoredFact a, StoredFact b) =>
        (a.Kind, a.OccurredAt.ToUnixTimeMilliseconds(), a.CustomerId, a.InvoiceId, a.PaymentIntentId, a.ChargeId, a.Code)
            == (b.Kind, b.OccurredAt.ToUnixTimeMilliseconds(), b.CustomerId, b.InvoiceId, b.PaymentIntentId, b.ChargeId, b.Code)
        && (a.ProviderEventId, a.Data) == (b.ProviderEventId, b.Data);

    /// <summary>An event with what it tells, in the form in which it is kept.</summary>
    private sealed record ReadAgain(long Id, List<StoredFact> Told);
}
