using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Payouts;
using Portal.Shared;
using Radzen;

namespace Portal.Pages.Payouts;

/// <summary>What was paid out, and what is about to be.</summary>
public sealed partial class PayoutsPage
{
    private static readonly Problem Denied = new("denied", "Your role may not do this any more.");

    [Inject]
    private PayoutSearch Search { get; set; } = null!;

    [Inject]
    private PayoutDesk Desk { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private CurrentActor Current { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? State { get; set; }

    [SupplyParameterFromQuery]
    private long? Before { get; set; }

    [SupplyParameterFromQuery]
    private long? After { get; set; }

    private PayoutQuery Query => new()
    {
        Environment = Environment,
        State = EnumWord<PayoutState>.TryRead(State, out var state) ? state : null,
        Cursor = Before ?? After,
        Direction = Before is null && After is not null ? PageDirection.Newer : PageDirection.Older,
    };

    /// <inheritdoc />
    protected override async Task<Page<PayoutRow>?> FetchAsync(CancellationToken ct) => await Search.FindAsync(Query, ct);

    private async Task PrepareAsync()
    {
        if (!await MayAsync(Policies.ManageMoney)) return;
        var made = await Dialogs.OpenAsync<PayoutDialog>($"Prepare a payout · {Words.Of(Environment)}", new Dictionary<string, object?>
        {
            [nameof(PayoutDialog.Currencies)] = await Search.CurrenciesAsync(Environment, Gone),
            [nameof(PayoutDialog.Preview)] = (Func<NewPayout, Task<Outcome<PayoutPlan>>>)(given => Desk.PreviewAsync(Environment, given, Gone)),
            [nameof(PayoutDialog.Create)] = (Func<NewPayout, Task<Outcome<PayoutCreated>>>)(async given =>
                await MayAsync(Policies.ManageMoney) ? await Desk.CreateAsync(Environment, given, Current.Actor, Gone) : Denied),
        });
        if (made is PayoutCreated created) Navigation.NavigateTo(PortalUrls.Payout(Environment, created.Payout.Payout.Id));
    }

    private string Step(string cursor, PageDirection direction) =>
        PortalUrls.Payouts(Query with { Cursor = long.Parse(cursor, CultureInfo.InvariantCulture), Direction = direction });
}
