using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Payouts;
using Portal.Shared;
using Radzen;

namespace Portal.Pages.Payouts;

/// <summary>One payout: whom it pays, of which rewards, and how far it has come.</summary>
public sealed partial class PayoutPage
{
    private const int SharesShown = 50;

    /// <summary>Our id of the payout.</summary>
    [Parameter]
    public long Id { get; set; }

    [Inject]
    private PayoutSearch Search { get; set; } = null!;

    [Inject]
    private PayoutDesk Desk { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    [Inject]
    private CodeQuestion Code { get; set; } = null!;

    [Inject]
    private CurrentActor Current { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Referrer { get; set; }

    [SupplyParameterFromQuery(Name = "part")]
    private int? AskedPart { get; set; }

    private int Parts => (View!.Shares.Count + SharesShown - 1) / SharesShown;

    private int Part => Math.Clamp(AskedPart ?? 1, 1, Math.Max(1, Parts));

    private IEnumerable<PayoutShare> Shares => View!.Shares.Skip((Part - 1) * SharesShown).Take(SharesShown);

    private IEnumerable<(string Name, PayoutStep? Step, Money? Amount)> Steps
    {
        get
        {
            var payout = View!.Payout;
            yield return ("Prepared", payout.Created, payout.Amount);
            if (payout.State == PayoutState.Cancelled)
            {
                if (payout.Approved is not null) yield return ("Approved", payout.Approved, null);
                yield return ("Cancelled", payout.Ended, null);
                yield break;
            }
            yield return ("Approved", payout.Approved, null);
            yield return ("File taken", payout.Exported, payout.ExportedAmount);
            yield return ("Settled", payout.Ended, payout.Paid);
        }
    }

    /// <inheritdoc />
    protected override Task<PayoutDetail?> FetchAsync(CancellationToken ct) => Search.FindAsync(Environment, Id, ct);

    /// <inheritdoc />
    protected override Task OnChangedAsync() => ReloadCalmlyAsync(Clock);

    private Task ApproveAsync() => MoveAsync(
        "Approve this payout?", $"{View!.Payout.Created.By} prepared it. Nothing is posted yet; its file may be taken and it may be settled.", "Approve it", "Approved.", asksForCode: true,
        () => Desk.ApproveAsync(Environment, Id, Current.Actor, Gone));

    private Task SettleAsync()
    {
        var due = View!.Due;
        return MoveAsync("Settle this payout?", $"{due} is posted as paid to {Words.Plural(View.Shares.Count(s => s.Due.Minor > 0), "referrer", "referrers")}. That is final; what is taken back later becomes a debt that later rewards settle.",
            "Settle it", "Settled, and posted in the ledger.", asksForCode: true, () => Desk.SettleAsync(Environment, Id, due.Minor, Current.Actor, Gone));
    }

    private Task CancelAsync() => MoveAsync(
        "Cancel this payout?", "Nothing was posted. Its rewards may stand in another payout. If its file was taken, see to it that nothing is paid by it.", "Cancel it", "Cancelled.", asksForCode: false,
        () => Desk.CancelAsync(Environment, Id, Current.Actor, Gone));

    private async Task MoveAsync(string question, string what, string yes, string done, bool asksForCode, Func<Task<Outcome<PayoutDetail>>> move)
    {
        if (await Dialogs.Confirm(what, question, new ConfirmOptions { OkButtonText = yes, CancelButtonText = "Not yet" }) is not true) return;
        if (!await MayAsync(Policies.ManageMoney)) return;
        if (asksForCode && !await Code.PassAsync((await Authentication).User, Gone)) return;
        if ((await move()).TryGet(out _, out var problem)) Notifications.Notify(NotificationSeverity.Success, "Done", done);
        else Notifications.Notify(NotificationSeverity.Error, "Not done", problem.Detail);
        await ReloadAsync();
    }
}
