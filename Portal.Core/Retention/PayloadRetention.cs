using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Rebuild;

namespace Portal.Core.Retention;

/// <summary>What a run of the retention did.</summary>
/// <param name="Payloads">Payloads removed.</param>
/// <param name="Kept">Old payloads that stay, because the stored facts are not what they tell.</param>
/// <param name="Refused">Refused requests removed.</param>
/// <param name="Others">Attempts and results of rebuilds removed.</param>
public readonly record struct RetentionReport(int Payloads, int Kept, int Refused, int Others)
{
    /// <summary>Whether it found anything to do.</summary>
    public bool IsIdle => Payloads + Refused + Others == 0;
}

/// <summary>
/// Removes payloads that are old enough, in small batches beside everything else. Only of events that are settled, and only where the
/// stored facts are exactly what the payload tells: once it is gone they are all that a rebuild has (docs/decisions/0051-retention.md).
/// </summary>
public sealed class PayloadRetention(PortalStore store, TimeProvider clock)
{
    /// <summary>Payloads that one run removes at most.</summary>
    public const int MostAtOnce = 100_000;

    /// <summary>Attempts that stay of each event.</summary>
    public const int AttemptsKept = 5;

    private const int Batch = 200;

    /// <summary>Removes what is older than so many days.</summary>
    public async Task<RetentionReport> RunAsync(int days, CancellationToken ct)
    {
        var before = clock.GetUtcNow() - TimeSpan.FromDays(days);
        var (payloads, kept, others) = (0, 0, 0);
        var (from, after) = (DateTimeOffset.MinValue, 0L);
        while (payloads < MostAtOnce)
        {
            ct.ThrowIfCancellationRequested();
            await using var db = await store.OpenSnapshotAsync(ct);
            var events = await Next(db, before, from, after).Take(Batch).ToListAsync(ct);
            if (events.Count == 0) break;
            (from, after) = (events[^1].ReceivedAt, events[^1].Id);
            var settled = events.Where(e => e.State is EventState.Processed or EventState.Ignored).ToList();
            var provable = await ProvableAsync(db, settled, ct);
            kept += settled.Count - provable.Count;
            if (provable.Count == 0) continue;
            var (removed, attempts) = await RemoveAsync(provable, ct);
            (payloads, others) = (payloads + removed, others + attempts);
        }
        var refused = await store.WriteAsync(db => PortalEnvironments.All.Sum(environment =>
            db.Deliveries.Where(d => d.Environment == environment && d.Outcome == DeliveryOutcome.Rejected && d.ReceivedAt < before).ExecuteDelete()), ct);
        others += await store.WriteAsync(db => db.RebuildRuns.Where(r => r.EndedAt < before && r.ReportJson != null).ExecuteDelete(), ct);
        if (payloads > 0 || await WasErasedLatelyAsync(ct)) await store.ForgetAsync(ct);
        return new RetentionReport(payloads, kept, refused, others);
    }

    /// <summary>Whether an event of an erased person came in since the last run but one: its payload was on disk until it was processed.</summary>
    private async Task<bool> WasErasedLatelyAsync(CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var lately = clock.GetUtcNow() - TimeSpan.FromHours(2);
        return await db.Events.AnyAsync(e => e.PayloadRemoval == PayloadRemoval.Erasure && e.PayloadRemovedAt >= lately, ct);
    }

    /// <summary>Events with payloads, the oldest first.</summary>
    internal static IQueryable<InboundEvent> Next(PortalDb db, DateTimeOffset before, DateTimeOffset from, long after) => db.Events
        .Where(e => e.PayloadRemovedAt == null && e.ReceivedAt < before && e.ReceivedAt >= from && (e.ReceivedAt > from || e.Id > after))
        .OrderBy(e => e.ReceivedAt).ThenBy(e => e.Id);

    /// <summary>Those whose payload tells exactly what is stored.</summary>
    private static async Task<List<InboundEvent>> ProvableAsync(PortalDb db, List<InboundEvent> events, CancellationToken ct)
    {
        var ids = events.ConvertAll(e => (long?)e.Id);
        var bodies = await db.Deliveries.Where(d => ids.Contains(d.EventId) && d.Outcome == DeliveryOutcome.Accepted).ToDictionaryAsync(d => d.EventId!.Value, d => d.Body, ct);
        var provable = new List<InboundEvent>();
        foreach (var group in events.GroupBy(e => e.Environment))
        {
            var wrong = (await FactComparison.FindAsync(db, group.Key, [.. group.Select(e => ReadAgain.From(e, bodies.GetValueOrDefault(e.Id) ?? []))], ct)).Select(m => m.EventId).ToHashSet();
            provable.AddRange(group.Where(e => !wrong.Contains(e.Id)));
        }
        return provable;
    }

    private Task<(int Payloads, int Attempts)> RemoveAsync(List<InboundEvent> events, CancellationToken ct)
    {
        var ids = events.ConvertAll(e => e.Id);
        return store.WriteAsync(db =>
        {
            // Somebody may have sent one through again meanwhile.
            var still = db.Events.AsNoTracking().Where(e => ids.Contains(e.Id) && e.PayloadRemovedAt == null && (e.State == EventState.Processed || e.State == EventState.Ignored)).ToList();
            Payloads.Remove(db, still, PayloadRemoval.Retention, clock.GetUtcNow());
            var attempts = 0;
            foreach (var e in still.Where(e => e.Attempts > AttemptsKept))
                attempts += db.Attempts.Where(a => a.EventId == e.Id && a.Number <= e.Attempts - AttemptsKept).ExecuteDelete();
            return (still.Count, attempts);
        }, ct);
    }
}
