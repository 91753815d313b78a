using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Pipeline;
using Portal.Core.Reviews;
using Portal.Shared;
using Radzen;

namespace Portal.Pages.Reviews;

/// <summary>One case: what is unclear, the evidence, what each decision would change, and the decision.</summary>
public sealed partial class ReviewPage
{
    private static readonly Problem Denied = new("denied", "Your role may not decide cases any more.");
    private string? _choice;
    private string? _reason;
    private bool _isSaving;
    private bool _mayDecide;
    private long? _shown;
    private Problem? _problem;

    /// <summary>Our id of the case.</summary>
    [Parameter]
    public long Id { get; set; }

    [Inject]
    private ReviewSearch Search { get; set; } = null!;

    [Inject]
    private DecisionPreviews Previews { get; set; } = null!;

    [Inject]
    private ReviewDesk Desk { get; set; } = null!;

    [Inject]
    private CurrentActor Current { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync() => _mayDecide = await MayAsync(Policies.ManageMoney);

    /// <inheritdoc />
    protected override async Task<ReviewView?> FetchAsync(CancellationToken ct)
    {
        if (_shown != Id) (_shown, _choice, _reason, _problem) = (Id, null, null, null);
        if (await Search.FindAsync(Environment, Id, ct) is not { } detail) return null;
        if (_choice is not null && !detail.Open.Contains(_choice)) _choice = null;   // it stands meanwhile, or is no choice any more
        return View is { } shown && shown.Detail.Case.Id == Id && shown.StillHolds(detail)
            ? shown with { Detail = detail }
            : new ReviewView(detail, await Previews.TryAsync(Environment, Id, detail.Open, ct));
    }

    private string Title(string choice) => choice == Decision.Reopen ? "Take this decision back" : Words.OfChoice(View!.Detail.Case.Kind, choice);

    private string Says(string choice) => View!.Detail.Choices.FirstOrDefault(c => c.Choice == choice)?.Says ?? "The case is open again, and what hangs on it waits.";

    private async Task DecideAsync()
    {
        if (_isSaving || _choice is not { } choice) return;
        _isSaving = true;
        try
        {
            // What is drawn is no protection: the right is asked for again where the deed is done.
            _problem = !await MayAsync(Policies.ManageMoney) ? Denied
                : (await Desk.DecideAsync(Environment, Id, new NewDecision(choice, _reason, View?.Detail.StandingId), Current.Actor, Gone)).TryGet(out _, out var problem) ? null : problem;
            if (_problem is null)
            {
                Notifications.Notify(NotificationSeverity.Success, choice == Decision.Reopen ? "Taken back" : "Decided", "What depends on it is reckoned within seconds.");
                (_choice, _reason) = (null, null);
            }
            await ReloadAsync();
        }
        finally
        {
            _isSaving = false;
        }
    }
}
