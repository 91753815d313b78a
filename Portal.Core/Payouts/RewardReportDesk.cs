using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Referrers;
using Portal.Core.Rewards;

namespace Portal.Core.Payouts;

/// <summary>What to look for among the rewards that a product grants itself. A filter that is null is not applied.</summary>
/// <param name="Environment">Whose.</param>
/// <param name="From">Earned on this day (UTC) or later.</param>
/// <param name="To">Earned on this day (UTC) or before.</param>
/// <param name="ProductUserId">Who earns them.</param>
/// <param name="Status">How far the product is.</param>
/// <param name="Cursor">The last id seen.</param>
/// <param name="Limit">Rows wanted, 1 to 200.</param>
public sealed record ReportedRewardQuery(PortalEnvironment Environment, DateOnly? From, DateOnly? To, string? ProductUserId, ReportedStatus? Status, long? Cursor, int Limit);

/// <summary>A reward as a product that grants it sees it.</summary>
/// <param name="Id">Our id.</param>
/// <param name="ProductUserId">Who earns it.</param>
/// <param name="Code">The code that credited the referrer.</param>
/// <param name="Amount">What is left of it.</param>
/// <param name="EarnedAt">When it counts.</param>
/// <param name="Component">The rule.</param>
/// <param name="IsReady">Whether its hold is over and nothing keeps it.</param>
/// <param name="Status">How far the product is.</param>
/// <param name="ReportedAt">When it said so.</param>
public sealed record ReportedReward(
    long Id, string ProductUserId, string Code, Money Amount, DateTimeOffset EarnedAt, string Component, bool IsReady, ReportedStatus Status, DateTimeOffset? ReportedAt);

/// <summary>One line of a report.</summary>
/// <param name="RewardId">Which reward.</param>
/// <param name="Status">How it went.</param>
public sealed record RewardReportLine(long RewardId, ReportedStatus Status);

/// <summary>
/// Rewards that a product grants itself, as credits or days for free, instead of being paid out: it asks for them and reports what became of
/// each. What was reported as processed is left out of payouts.
/// </summary>
public sealed class RewardReportDesk(PortalStore store, TimeProvider clock)
{
    /// <summary>Lines of one report.</summary>
    public const int MostLines = 200;

    /// <summary>One page, newest first.</summary>
    public async Task<Page<ReportedReward>> FindAsync(ReportedRewardQuery query, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (since, until) = (query.From is { } from ? Begins(from) : DateTimeOffset.UnixEpoch, query.To is { } to && to < DateOnly.MaxValue ? Begins(to.AddDays(1)) : DateTimeOffset.MaxValue);
        await using var db = store.OpenRead();
        var (rewards, people) = (db.Rewards.Where(r => r.Environment == query.Environment), db.Referrers);
        if (query.ProductUserId is { } user) rewards = rewards.Where(r => people.Any(p => p.Environment == query.Environment && p.ProductUserId == user && p.Id == r.ReferrerId));
        if (query.From is not null) rewards = rewards.Where(r => r.PaidAt >= since);
        if (query.To is not null) rewards = rewards.Where(r => r.PaidAt < until);
        if (query.Cursor is { } below) rewards = rewards.Where(r => r.Id < below);
        var (reports, lines) = (db.RewardReports, db.PayoutLines);
        var (settings, granted) = (GrantedRewards.SettingsOf(db, query.Environment), GrantedRewards.Of(db, query.Environment));
        if (query.Status is { } status)
        {
            rewards = status == ReportedStatus.Open
                ? rewards.Where(r => !reports.Any(p => p.RewardId == r.Id && p.Status != ReportedStatus.Open))
                : rewards.Where(r => reports.Any(p => p.RewardId == r.Id && p.Status == status));
        }
        var rows = await rewards.OrderByDescending(r => r.Id).Take(Keyset.Ask(query.Limit))
            .Select(r => new
            {
                Reward = r,
                User = people.Where(p => p.Id == r.ReferrerId).Select(p => p.ProductUserId).First(),
                InPayout = lines.Any(l => l.RewardId == r.Id && l.IsOpen),
                Report = reports.Where(p => p.RewardId == r.Id).Select(p => new { p.Status, p.ReportedAt }).FirstOrDefault(),
            }).ToListAsync(ct);
        var found = rows.ConvertAll(r =>
        {
            var replaces = granted.Replaces(r.Reward.ReferralId, r.Reward.ReferrerId, r.Reward.InvoiceId, r.Reward.Component) && r.Reward.Earned > r.Reward.Reversed;
            var isReady = r.Reward.HoldUntil <= now && r.Reward.WaitsFor is null && r.Reward.Earned > r.Reward.Reversed && r.Reward.Paid == 0 && !r.InPayout && !replaces
                && !settings.IsTestData(r.Reward.PaidAt);
            return new ReportedReward(r.Reward.Id, r.User, r.Reward.Code, new Money(r.Reward.Earned - r.Reward.Reversed, Currency.Parse(r.Reward.Currency)), r.Reward.PaidAt,
                r.Reward.Component, isReady, r.Report?.Status ?? (replaces ? ReportedStatus.Processed : ReportedStatus.Open), r.Report?.ReportedAt);
        });
        return Keyset.Cut(found, query.Limit, PageDirection.Older, query.Cursor, r => r.Id);
    }

    /// <summary>Takes a report: all of its lines, or none.</summary>
    /// <param name="environment">Whose.</param>
    /// <param name="lines">At most <see cref="MostLines"/>.</param>
    /// <param name="mayReopen">Whether what was reported as processed may become something else, which makes it payable again.</param>
    /// <param name="actor">Who reports.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>How many rewards changed; problems <c>unknownReward</c>, <c>rewardTwice</c>, <c>rewardPaidOut</c>, <c>testData</c>, <c>alreadyProcessed</c>, each with the line's field.</returns>
    public Task<Outcome<ReportTaken>> ReportAsync(PortalEnvironment environment, IReadOnlyList<RewardReportLine> lines, bool mayReopen, Actor actor, CancellationToken ct) =>
        store.WriteAsync<Outcome<ReportTaken>>(db =>
        {
            var (now, settings) = (clock.GetUtcNow(), GrantedRewards.SettingsOf(db, environment));
            var ids = lines.Select(l => l.RewardId).ToList();
            var rewards = db.Rewards.Where(r => r.Environment == environment && ids.Contains(r.Id)).Select(r => new { r.Id, r.Paid, r.PaidAt }).ToDictionary(r => r.Id);
            var inPayouts = db.PayoutLines.Where(l => ids.Contains(l.RewardId) && l.IsOpen).Select(l => l.RewardId).ToHashSet();
            var reports = db.RewardReports.Where(r => ids.Contains(r.RewardId)).ToDictionary(r => r.RewardId);
            var (changed, seen) = (new List<string>(), new HashSet<long>());
            foreach (var (line, i) in lines.Select((l, i) => (l, i)))
            {
                if (!rewards.TryGetValue(line.RewardId, out var reward)) return new Problem("unknownReward", $"There is no reward {line.RewardId}.", $"rewards[{i}].id");
                if (!seen.Add(line.RewardId)) return new Problem("rewardTwice", $"Reward {line.RewardId} stands twice in the report.", $"rewards[{i}].id");
                var before = reports.GetValueOrDefault(line.RewardId)?.Status ?? ReportedStatus.Open;
                if (before == line.Status) continue;
                if (Refuse() is { } problem) return problem;
                if (reports.TryGetValue(line.RewardId, out var report)) (report.Status, report.ReportedAt, report.ReportedBy) = (line.Status, now, actor.Name);
                else db.RewardReports.Add(new RewardReport { RewardId = line.RewardId, Environment = environment, Status = line.Status, ReportedAt = now, ReportedBy = actor.Name });
                changed.Add($"{line.RewardId} {before.Word()} → {line.Status.Word()}");

                Problem? Refuse()
                {
                    if (before == ReportedStatus.Processed && !mayReopen)
                        return new("alreadyProcessed", $"Reward {line.RewardId} was reported as processed; only a key with scope manage may say otherwise.", $"rewards[{i}].status", ProblemKind.Conflict);
                    if (line.Status != ReportedStatus.Processed) return null;
                    if (reward.Paid != 0 || inPayouts.Contains(line.RewardId))
                        return new("rewardPaidOut", $"Reward {line.RewardId} is paid out, or stands in an open payout.", $"rewards[{i}].status", ProblemKind.Conflict);
                    return settings.IsTestData(reward.PaidAt)
                        ? new("testData", $"Reward {line.RewardId} is test data of before the launch; do not grant it.", $"rewards[{i}].status", ProblemKind.Conflict)
                        : null;
                }
            }
            if (changed.Count > 0) db.Audit(actor, now, environment, "rewards.reported", $"{changed.Count} rewards", after: string.Join(", ", changed));
            return new ReportTaken(changed.Count);
        }, ct);

    private static DateTimeOffset Begins(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}

/// <summary>What a report changed.</summary>
/// <param name="Changed">Rewards whose status is another now.</param>
public sealed record ReportTaken(int Changed);
