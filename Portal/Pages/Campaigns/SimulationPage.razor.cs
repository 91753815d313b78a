using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Core;
using Portal.Core.Simulations;
using Portal.Shared;

namespace Portal.Pages.Campaigns;

/// <summary>A campaign with the simulation that is looked at.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Run">The simulation; null while there is none.</param>
public sealed record SimulationView(CampaignView Campaign, SimulationRow? Run);

/// <summary>What a draft would have cost: asked for here, followed while it runs, and read as a plot and tables.</summary>
public sealed partial class SimulationPage
{
    private DateOnly? _since;
    private DateOnly? _from;
    private DateOnly? _to;
    private Problem? _problem;

    /// <summary>The campaign.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    private SimulationDesk Desk { get; set; } = null!;

    [SupplyParameterFromQuery]
    private long? Run { get; set; }

    [SupplyParameterFromQuery]
    private string? Currency { get; set; }

    /// <inheritdoc />
    protected override async Task<SimulationView?> FetchAsync(CancellationToken ct)
    {
        if (await CampaignAsync(Id, ct) is not { } campaign) return null;
        var run = Run is { } id ? await Desk.FindAsync(Environment, id, ct) : await Desk.NewestAsync(Environment, Id, ct);
        return new SimulationView(campaign, run?.CampaignId == Id ? run : null);
    }

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (_since is not null || View is null) return;
        _since = DateOnly.FromDateTime((View.Campaign.InForce?.EffectiveFrom ?? DateTimeOffset.UnixEpoch).UtcDateTime);
        StateHasChanged();
    }

    private async Task StartAsync()
    {
        if (View?.Campaign.InForce?.EffectiveFrom is var inForce && !await MayAsync(Policies.ManageMoney))
        {
            _problem = Denied;
            return;
        }
        var since = inForce is { } start && DateOnly.FromDateTime(start.UtcDateTime) == _since ? start : Moment(_since);
        var started = await Desk.StartAsync(Environment, Id, new NewSimulation(null, since, Moment(_from), Moment(_to?.AddDays(1))), Current.Actor, Gone);
        if (started.TryGet(out var run, out _problem)) Navigation.NavigateTo(PortalUrls.Simulation(Environment, Id, run.Id));
    }

    private async Task CancelAsync(SimulationRow run)
    {
        if (await MayAsync(Policies.ManageMoney)) await Desk.CancelAsync(Environment, run.Id, Current.Actor, Gone);
        await ReloadAsync();
    }

    private string ShownCurrency(SimulationReport report) => report.Totals.Any(t => t.Currency == Currency)
        ? Currency!
        : report.Months.GroupBy(m => m.Currency).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key;

    private static string Heading(SimulationRow run) => $"As if in force since {CampaignView.Day(run.EffectiveFrom)}" + (run.From, run.To) switch
    {
        (null, null) => ", all payments",
        ({ } from, null) => $", payments from {CampaignView.Day(from)}",
        (null, { } to) => $", payments before {CampaignView.Day(to)}",
        ({ } from, { } to) => $", payments from {CampaignView.Day(from)} and before {CampaignView.Day(to)}",
    };

    private static DateTimeOffset? Moment(DateOnly? day) => day is { } d ? new DateTimeOffset(d.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;

    private static Tone ToneOf(SimulationState state) => state switch
    {
        SimulationState.Done => Tone.Good,
        SimulationState.Waiting or SimulationState.Running => Tone.Busy,
        SimulationState.Failed => Tone.Bad,
        _ => Tone.Quiet,
    };

    private static string WordOf(SimulationState state) => state == SimulationState.Running ? "Under way" : state.ToString();
}
