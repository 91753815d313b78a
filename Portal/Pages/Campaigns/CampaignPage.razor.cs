using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Core;
using Portal.Core.Campaigns;
using Portal.Shared;
using Radzen;

namespace Portal.Pages.Campaigns;

/// <summary>One campaign: its rules in words, its revisions, and its draft on the way to the next one.</summary>
public sealed partial class CampaignPage
{
    /// <summary>The campaign.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [SupplyParameterFromQuery]
    private int? Left { get; set; }

    [SupplyParameterFromQuery]
    private int? Right { get; set; }

    /// <summary>What can be laid side by side: revisions, newest first, and before them the draft, as number 0.</summary>
    private IReadOnlyList<(int Number, string Name, RevisionDocument Terms)> AllSides => View is null ? [] :
    [
        .. View.Draft is { } draft ? [(0, "Draft", draft.Terms)] : Array.Empty<(int, string, RevisionDocument)>(),
        .. View.Campaign.Revisions.Reverse().Select(r => (r.Number, $"Revision {r.Number.ToString(CultureInfo.InvariantCulture)}", r.Terms)),
    ];

    /// <summary>The two that are shown: those of the URL, else the two newest; none where there is only one.</summary>
    private IReadOnlyList<(int Number, string Name, RevisionDocument Terms)> Sides
    {
        get
        {
            var all = AllSides;
            if (all.Count < 2) return [];
            var (left, right) = (all.FirstOrDefault(s => s.Number == Left), all.FirstOrDefault(s => s.Number == Right));
            return [left.Terms is null ? all[1] : left, right.Terms is null ? all[0] : right];
        }
    }

    /// <inheritdoc />
    protected override Task<CampaignView?> FetchAsync(CancellationToken ct) => CampaignAsync(Id, ct);

    private void Choose(object? left, object? right) => Navigation.NavigateTo(PortalUrls.Campaign(Environment, Id, Number(left), Number(right)));

    private async Task PublishAsync()
    {
        if (View?.Draft is not { } draft || !await MayAsync(Policies.ManageMoney)) return;
        var published = await Dialogs.OpenAsync<PublishDialog>($"Publish the draft · {Words.Of(Environment)}", new Dictionary<string, object?>
        {
            [nameof(PublishDialog.Start)] = draft.Terms.EffectiveFrom,
            [nameof(PublishDialog.Bound)] = (Func<DateTimeOffset, Task<int>>)(from => Editor.BoundAsync(Environment, Id, from, Gone)),
            [nameof(PublishDialog.Publish)] = (Func<DateTimeOffset?, bool, Task<Problem?>>)(async (from, rebind) =>
                !await MayAsync(Policies.ManageMoney) ? Denied
                : (await Editor.AddRevisionAsync(Environment, Id, draft.Terms with { EffectiveFrom = from, Rebind = rebind }, Current.Actor, Gone, draft.Version)).TryGet(out _, out var problem) ? null : problem),
        });
        if (published is true) Say("The draft is a revision now.");
        await ReloadAsync();
    }

    private async Task DiscardAsync()
    {
        if (View?.Draft is not { } draft) return;
        var sure = await Dialogs.Confirm("What stands in the draft is lost. Revisions stay as they are.", $"Throw the draft of {View.Campaign.Name} away?",
            new ConfirmOptions { OkButtonText = "Throw it away", CancelButtonText = "Keep it" });
        if (sure is not true || !await MayAsync(Policies.ManageMoney)) return;
        if ((await Drafts.RemoveAsync(Environment, Id, draft.Version, Current.Actor, Gone)).TryGet(out _, out var problem)) Say("The draft is gone.");
        else Notifications.Notify(NotificationSeverity.Error, "Not thrown away", problem.Detail);
        await ReloadAsync();
    }

    private static int? Number(object? value) => int.TryParse(value?.ToString(), CultureInfo.InvariantCulture, out var number) ? number : null;
}
