using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Core;
using Portal.Core.Overview;
using Portal.Core.Rewards;
using Portal.Shared;

namespace Portal.Pages.Overview;

/// <summary>What came in, what it earned, what waits or failed.</summary>
public sealed partial class OverviewPage
{
    [Inject]
    private OverviewFigures Figures { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Period { get; set; }

    [SupplyParameterFromQuery]
    private string? Currency { get; set; }

    private OverviewPeriod Shown => OverviewPeriod.Of(Period);

    private CurrencyFigures? Money => View?.Money.FirstOrDefault(m => m.Currency.Code == Currency) ?? (View?.Money is [var most, ..] ? most : null);

    /// <inheritdoc />
    protected override async Task<OverviewSnapshot?> FetchAsync(CancellationToken ct) => await Figures.FindAsync(Environment, Shown.Days, ct);

    /// <summary>Figures are not a ticker.</summary>
    protected override Task OnChangedAsync() => ReloadCalmlyAsync(Clock);

    private static string Traffic(OverviewSnapshot view)
    {
        var (duplicate, rejected) = (view.Days.Sum(d => d.Duplicate), view.Days.Sum(d => d.Rejected));
        return $"{Words.Plural(duplicate, "duplicate", "duplicates")}, {Words.Count(rejected)} rejected";
    }

    private static string Rewards(CurrencyFigures money) => money.Reversed.Minor == 0
        ? Words.Plural(money.Rewards, "reward", "rewards")
        : $"{Words.Plural(money.Rewards, "reward", "rewards")}, {money.Reversed.Amount(CultureInfo.InvariantCulture)} taken back";

    private static Money NetOf(CurrencyFigures money, RewardState state) => money.States.First(s => s.State == state).Net;

    private static string OfState(CurrencyFigures money, RewardState state) => money.States.First(s => s.State == state).Rewards switch
    {
        0 => "no rewards",
        var rewards => Words.Plural(rewards, "reward", "rewards") + (state == RewardState.Approved ? ", payable" : ", a refund may still come"),
    };

    private string Backlog(OverviewSnapshot view) => view.Inbox.OldestPendingAt is { } oldest
        ? $"the oldest came {Words.Relative(oldest, Clock.GetUtcNow())}"
        : view.LastEventAt is { } last ? $"all done; last event {Words.Relative(last, Clock.GetUtcNow())}" : "nothing came yet";

    private static string Share(ReferrerFigures referrer, CurrencyFigures money)
    {
        var most = Math.Max(1, money.Top.Max(t => t.Net.Minor));
        return string.Create(CultureInfo.InvariantCulture, $"inline-size: {Math.Max(0, referrer.Net.Minor) * 100m / most:0.#}%");
    }
}
