using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Referrers;
using Portal.Core.Rewards;

namespace Portal.Core.Overview;

/// <summary>The money half of the figures: sums over ranges of the payments' times.</summary>
internal sealed class OverviewMoney(PortalDb db, PortalEnvironment environment, DateTimeOffset now)
{
    private const int MostCurrencies = 12;
    private const int MostMonths = 24;
    private const int TopReferrers = 5;

    public async Task<IReadOnlyList<CurrencyFigures>> FindAsync(DateOnly? since, DateOnly today, CancellationToken ct)
    {
        var rewards = Rewards(since is { } day ? StartOf(day) : null);
        var rows = new List<Sums>();
        foreach (var state in Enum.GetValues<RewardState>())
        {
            rows.AddRange(await rewards.Where(RewardStates.Are(state, now)).GroupBy(r => r.Currency)
                .Select(g => new Sums(g.Key, state, g.LongCount(), g.Sum(r => r.Earned), g.Sum(r => r.Reversed))).ToListAsync(ct));
        }
        if (rows.Count == 0) return [];
        var months = await MonthsAsync(since, today, ct);
        var figures = new List<CurrencyFigures>();
        foreach (var group in rows.GroupBy(s => s.Currency).OrderByDescending(g => g.Sum(s => s.Rewards)).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MostCurrencies))
        {
            var currency = Currency.Parse(group.Key);
            figures.Add(new CurrencyFigures(
                currency, group.Sum(s => s.Rewards), new Money(group.Sum(s => s.Earned), currency), new Money(group.Sum(s => s.Reversed), currency),
                [.. Enum.GetValues<RewardState>().Select(state => StateOf(state, group, currency))],
                [.. months.Select(m => MonthOf(m.Month, m.Sums.Find(s => s.Currency == currency.Code), currency))],
                await TopAsync(rewards, currency, ct)));
        }
        return figures;
    }

    private static StateFigures StateOf(RewardState state, IEnumerable<Sums> sums, Currency currency)
    {
        var rows = sums.Where(s => s.State == state).ToList();
        return new StateFigures(state, rows.Sum(s => s.Rewards), new Money(rows.Sum(s => s.Earned - s.Reversed), currency));
    }

    private static MonthFigures MonthOf(DateOnly month, Sums? sums, Currency currency) =>
        new(month, new Money(sums?.Earned ?? 0, currency), new Money(sums?.Reversed ?? 0, currency));

    private IQueryable<Reward> Rewards(DateTimeOffset? from) => from is { } start
        ? db.Rewards.Where(r => r.Environment == environment && r.PaidAt >= start)
        : db.Rewards.Where(r => r.Environment == environment);

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private async Task<List<(DateOnly Month, List<Sums> Sums)>> MonthsAsync(DateOnly? since, DateOnly today, CancellationToken ct)
    {
        var first = since ?? await FirstDayAsync(today, ct);
        var last = new DateOnly(today.Year, today.Month, 1);
        var month = new DateOnly(first.Year, first.Month, 1);
        if (month < last.AddMonths(1 - MostMonths)) month = last.AddMonths(1 - MostMonths);
        var months = new List<(DateOnly, List<Sums>)>();
        for (; month <= last; month = month.AddMonths(1))
        {
            var end = StartOf(month.AddMonths(1));
            months.Add((month, await Rewards(StartOf(since is { } day && day > month ? day : month)).Where(r => r.PaidAt < end).GroupBy(r => r.Currency)
                .Select(g => new Sums(g.Key, RewardState.Approved, g.LongCount(), g.Sum(r => r.Earned), g.Sum(r => r.Reversed))).ToListAsync(ct)));
        }
        return months;
    }

    private async Task<DateOnly> FirstDayAsync(DateOnly today, CancellationToken ct)
    {
        var first = await Rewards(null).OrderBy(r => r.PaidAt).Select(r => (DateTimeOffset?)r.PaidAt).FirstOrDefaultAsync(ct);
        return first is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : today;
    }

    private async Task<IReadOnlyList<ReferrerFigures>> TopAsync(IQueryable<Reward> rewards, Currency currency, CancellationToken ct)
    {
        var code = currency.Code;
        var top = await rewards.Where(r => r.Currency == code).GroupBy(r => r.ReferrerId)
            .Select(g => new { Id = g.Key, Count = g.LongCount(), Earned = g.Sum(r => r.Earned), Reversed = g.Sum(r => r.Reversed) })
            .OrderByDescending(g => g.Earned - g.Reversed).ThenBy(g => g.Id).Take(TopReferrers).ToListAsync(ct);
        var ids = top.ConvertAll(t => t.Id);
        var named = await db.Referrers.Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, ct);
        return top.ConvertAll(t =>
        {
            var referrer = named[t.Id];
            var name = $"{referrer.FirstName} {referrer.LastName}".Trim();
            return new ReferrerFigures(referrer.ProductUserId, name.Length > 0 ? name : referrer.Email, t.Count,
                new Money(t.Earned, currency), new Money(t.Reversed, currency));
        });
    }

    private sealed record Sums(string Currency, RewardState State, long Rewards, long Earned, long Reversed);
}
