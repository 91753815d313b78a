using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Campaigns;
using Portal.Shared;
using Radzen;

namespace Portal.Pages.Campaigns;

/// <summary>A campaign with what people do to it.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="InForce">The revision that binds who signs up now.</param>
/// <param name="Draft">The next revision, while people work on it.</param>
/// <param name="Bound">How many referrals are bound to each revision, by number.</param>
public sealed record CampaignView(CampaignRow Campaign, RevisionRow? InForce, DraftRow? Draft, IReadOnlyDictionary<int, int> Bound)
{
    /// <summary>How many referrals are bound in all.</summary>
    public int AllBound => Bound.Values.Sum();

    /// <summary>A revision's rules, as the fold takes them.</summary>
    public static RevisionTerms Terms(RevisionDocument document) => document.Read().TryGet(out var terms, out var problem)
        ? terms
        : throw new InvalidOperationException(problem.Detail);   // it was checked when it was made

    /// <summary>A day as these pages write it.</summary>
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString(at.UtcDateTime.TimeOfDay == TimeSpan.Zero ? "d MMM yyyy" : "d MMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A campaign of a list, with the rest.</summary>
    internal static CampaignView Of(CampaignRow campaign, IReadOnlyList<DraftRow> drafts, IReadOnlyDictionary<(string CampaignId, int Number), int> bound, DateTimeOffset now) => new(
        campaign,
        campaign.Revisions.Where(r => r.EffectiveFrom <= now).OrderBy(r => r.EffectiveFrom).ThenBy(r => r.Number).LastOrDefault(),
        drafts.FirstOrDefault(d => d.CampaignId == campaign.Id),
        bound.Where(b => b.Key.CampaignId == campaign.Id).ToDictionary(b => b.Key.Number, b => b.Value));
}

/// <summary>A page of campaigns on which who may manage money can do something.</summary>
/// <typeparam name="TView">What it shows.</typeparam>
public abstract class CampaignsPageBase<TView> : EnvironmentPage<TView> where TView : class
{
    /// <summary>Said when somebody's role was taken while the page was open.</summary>
    internal static readonly Problem Denied = new("denied", "Your role may not do this any more.");

    [Inject]
    internal CampaignEditor Editor { get; set; } = null!;

    [Inject]
    internal CampaignDrafts Drafts { get; set; } = null!;

    [Inject]
    internal DialogService Dialogs { get; set; } = null!;

    [Inject]
    internal NotificationService Notifications { get; set; } = null!;

    [Inject]
    internal CurrentActor Current { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    /// <summary>One campaign with the rest; null when there is none.</summary>
    protected async Task<CampaignView?> CampaignAsync(string id, CancellationToken ct) =>
        (await CampaignsAsync(ct)).FirstOrDefault(c => c.Campaign.Id == id);

    /// <summary>All campaigns with the rest.</summary>
    protected async Task<IReadOnlyList<CampaignView>> CampaignsAsync(CancellationToken ct)
    {
        var (drafts, bound, now) = (await Drafts.ListAsync(Environment, ct), await Editor.BoundAsync(Environment, ct), Clock.GetUtcNow());
        return [.. (await Editor.ListAsync(Environment, ct)).Select(c => CampaignView.Of(c, drafts, bound, now))];
    }

    /// <summary>Says what was done.</summary>
    protected void Say(string done) => Notifications.Notify(NotificationSeverity.Success, "Saved", done);
}
