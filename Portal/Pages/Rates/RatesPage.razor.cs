using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Rates;
using Portal.Shared;
using Radzen;

namespace Portal.Pages.Rates;

/// <summary>What one currency costs in another, by day; who said so, and when.</summary>
public sealed partial class RatesPage
{
    private static readonly Problem Denied = new("denied", "Your role may not do this any more.");
    private string? _from;
    private string? _to;
    private (string?, string?) _shown;

    [Inject]
    private RateBook Book { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    [Inject]
    private CurrentActor Current { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? From { get; set; }

    [SupplyParameterFromQuery]
    private string? To { get; set; }

    [SupplyParameterFromQuery]
    private long? Before { get; set; }

    [SupplyParameterFromQuery]
    private long? After { get; set; }

    private RateQuery Query => new()
    {
        Environment = Environment,
        From = Code(From),
        To = Code(To),
        Cursor = Before ?? After,
        Direction = Before is null && After is not null ? PageDirection.Newer : PageDirection.Older,
    };

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if ((From, To) != _shown) (_from, _to, _shown) = (Code(From), Code(To), (From, To));
    }

    /// <inheritdoc />
    protected override async Task<RateView?> FetchAsync(CancellationToken ct) => await Book.ViewAsync(Query, ct);

    private void Apply() => Navigation.NavigateTo(PortalUrls.ExchangeRates(Query with { From = Code(_from), To = Code(_to), Cursor = null }));

    private async Task AddAsync()
    {
        if (!await MayAsync(Policies.ManageMoney)) return;
        var today = Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var saved = await Dialogs.OpenAsync<RateDialog>($"Set a rate · {Words.Of(Environment)}", new Dictionary<string, object?>
        {
            [nameof(RateDialog.Start)] = new NewRate(Query.From, Query.To, today, null, null),
            [nameof(RateDialog.Save)] = (Func<NewRate, Task<Problem?>>)(async rate =>
                !await MayAsync(Policies.ManageMoney) ? Denied : (await Book.AddAsync(Environment, [rate], Current.Actor, Gone)).TryGet(out _, out var problem) ? null : problem),
        });
        if (saved is true) await SayAsync("The rate stands. What depends on it is reckoned again.");
    }

    private async Task PasteAsync()
    {
        if (!await MayAsync(Policies.ManageMoney)) return;
        var saved = await Dialogs.OpenAsync<SheetDialog>($"Paste a sheet of rates · {Words.Of(Environment)}", new Dictionary<string, object?>
        {
            [nameof(SheetDialog.Save)] = (Func<string?, Task<SheetAdded>>)(async text =>
                await MayAsync(Policies.ManageMoney) ? await Book.AddSheetAsync(Environment, text, Current.Actor, Gone) : new SheetAdded(0, 0, [new RateFault(1, "header", Denied.Detail)])),
        });
        if (saved is SheetAdded sheet)
            await SayAsync($"{Words.Plural(sheet.Added, "rate was", "rates were")} set{(sheet.Same > 0 ? $"; {Words.Count(sheet.Same)} stood just so" : "")}.");
    }

    private async Task WithdrawAsync(RateRow row)
    {
        var sure = await Dialogs.Confirm(
            $"1 {row.From} = {row.Rate} {row.To} no longer holds from {Day(row.Day)}: an earlier day's rate does, or none. What depends on it is reckoned again, and waits for a person where no rate is left.",
            $"Withdraw this rate of {Words.Of(Environment)}?", new ConfirmOptions { OkButtonText = "Withdraw it", CancelButtonText = "Keep it" });
        if (sure is not true || !await MayAsync(Policies.ManageMoney)) return;
        var withdrawn = await Book.WithdrawAsync(Environment, row.Id, null, Current.Actor, Gone);
        if (withdrawn.TryGet(out _, out var problem))
        {
            await SayAsync($"{row.From} to {row.To} has no rate of {Day(row.Day)} any more.");
            return;
        }
        Notifications.Notify(NotificationSeverity.Error, "Not withdrawn", problem.Detail);
        await ReloadAsync();
    }

    private async Task SayAsync(string done)
    {
        Notifications.Notify(NotificationSeverity.Success, "Saved", done);
        await ReloadAsync();
    }

    private string Step(string cursor, PageDirection direction) =>
        PortalUrls.ExchangeRates(Query with { Cursor = long.Parse(cursor, CultureInfo.InvariantCulture), Direction = direction });

    private static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private static string? Code(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim().ToUpperInvariant();
}
