using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Reviews;
using Portal.Core.Rewards;

namespace Portal.Core.Overview;

/// <summary>Computes the figures; what was computed a moment ago is shown again, however many pages are open.</summary>
public sealed class OverviewFigures(PortalStore store, DeliverySearch deliveries, TimeProvider clock)
{
    /// <summary>No figure of the inbox counts further than this; pages show it as "1,000,000+".</summary>
    public const int MostCounted = 1_000_000;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<(PortalEnvironment, int?), Recent> _recent = new();

    /// <summary>The figures over the last so many days, today included; over all time for null.</summary>
    public async Task<OverviewSnapshot> FindAsync(PortalEnvironment environment, int? days, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (_recent.TryGetValue((environment, days), out var known) && now - known.AskedAt < Fresh && !known.Snapshot.IsFaulted)
            return await known.Snapshot.WaitAsync(ct);
        // Without the caller's token: others may wait for the same figures.
        var asked = new Recent(now, Task.Run(() => ComputeAsync(environment, days, now, CancellationToken.None), CancellationToken.None));
        _recent[(environment, days)] = asked;
        return await asked.Snapshot.WaitAsync(ct);
    }

    /// <summary>What the inbox has still to do.</summary>
    public async Task<InboxFigures> InboxAsync(PortalEnvironment environment, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await InboxAsync(db, environment, ct);
    }

    private static async Task<InboxFigures> InboxAsync(PortalDb db, PortalEnvironment environment, CancellationToken ct)
    {
        var pending = await EventSearch.Pending(db, environment).GroupBy(_ => 1)
            .Select(g => new { Count = g.Count(), Oldest = g.Min(e => e.ReceivedAt) }).FirstOrDefaultAsync(ct);
        return new InboxFigures(
            pending?.Count ?? 0,
            await InState(db, environment, EventState.Waiting).CountAsync(ct),
            await InState(db, environment, EventState.Failed).CountAsync(ct),
            pending?.Oldest);
    }

    internal static IQueryable<InboundEvent> InState(PortalDb db, PortalEnvironment environment, EventState state) =>
        db.Events.Where(e => e.Environment == environment && e.State == state
            && (e.State == EventState.Waiting || e.State == EventState.Failed || e.State == EventState.Ignored)).Take(MostCounted);

    private async Task<OverviewSnapshot> ComputeAsync(PortalEnvironment environment, int? days, DateTimeOffset now, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        DateOnly? since = days is { } d ? today.AddDays(1 - d) : null;
        await using var db = store.OpenRead();
        var cases = db.ReviewCases.Where(c => c.Environment == environment && c.SettledAt == null);
        var oldest = await cases.OrderBy(c => c.Id).Take(5).ToListAsync(ct);
        var secrets = await db.SigningSecrets.Where(s => s.Environment == environment && s.Source != "product").ToListAsync(ct);
        var rejected = await deliveries.FindAsync(new DeliveryQuery { Environment = environment, Outcome = DeliveryOutcome.Rejected, Limit = 1 }, ct);
        var money = await new OverviewMoney(db, environment, now).FindAsync(since, today, ct);
        return new OverviewSnapshot
        {
            Since = since,
            Today = today,
            Days = await DaysAsync(db, environment, since, today, ct),
            Inbox = await InboxAsync(db, environment, ct),
            Waiting = await WaitingAsync(db, environment, ct),
            Money = money,
            HasOlderRewards = money.Count == 0 && since is not null && await db.Rewards.AnyAsync(r => r.Environment == environment, ct),
            Cases = oldest.ConvertAll(c => new OpenCase(c.Id, c.Kind, c.Question, c.CustomerId, c.OpenedAt,
                JsonSerializer.Deserialize(c.EvidenceJson, ExplanationJson.Default.IReadOnlyListEvidence) ?? [])),
            OpenCases = await cases.Take(MostCounted).CountAsync(ct),
            LastEventAt = await db.Events.Where(e => e.Environment == environment).OrderByDescending(e => e.Id)
                .Select(e => (DateTimeOffset?)e.ReceivedAt).FirstOrDefaultAsync(ct),
            LastRejected = rejected.Items.Count > 0 ? rejected.Items[0] : null,
            HasSecret = secrets.Exists(s => s.IsActive(now)),
        };
    }

    private static async Task<IReadOnlyList<DayFigures>> DaysAsync(PortalDb db, PortalEnvironment environment, DateOnly? since, DateOnly today, CancellationToken ct)
    {
        var first = since?.DayNumber ?? 0;
        var counts = await db.DailyCounts.Where(c => c.Environment == environment && c.Day >= first).OrderBy(c => c.Day).ToListAsync(ct);
        var byDay = counts.ToLookup(c => c.Day);
        if (since is null) first = counts.Count > 0 ? counts[0].Day : today.DayNumber;
        return [.. Enumerable.Range(first, Math.Max(1, today.DayNumber - first + 1)).Select(day => new DayFigures(DateOnly.FromDayNumber(day),
            Of(day, CountNames.Accepted), Of(day, CountNames.Duplicate), Of(day, CountNames.Rejected),
            Of(day, CountNames.StatusOk), Of(day, CountNames.StatusWarning), Of(day, CountNames.StatusError)))];

        long Of(int day, string name) => byDay[day].Where(c => c.Name == name).Sum(c => c.Count);
    }

    private static async Task<IReadOnlyList<WaitingFigures>> WaitingAsync(PortalDb db, PortalEnvironment environment, CancellationToken ct)
    {
        var keys = await InState(db, environment, EventState.Waiting).Select(e => e.WaitsFor).ToListAsync(ct);
        return [.. keys.GroupBy(k => (k ?? "").Split(':')[0]).Select(g => new WaitingFigures(g.Key, g.Count())).OrderByDescending(w => w.Events)];
    }

    private sealed record Recent(DateTimeOffset AskedAt, Task<OverviewSnapshot> Snapshot);
}
