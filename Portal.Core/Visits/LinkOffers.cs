using Portal.Core.Campaigns;
using Portal.Core.Data;

namespace Portal.Core.Visits;

/// <summary>What a campaign promises whoever comes by one of its links now.</summary>
/// <param name="Discount">The newcomer's own discount, if there is one.</param>
/// <param name="Currency">The program's.</param>
public sealed record LinkOffer(NewUserReward? Discount, Currency Currency);

/// <summary>Reads what campaigns promise newcomers.</summary>
public sealed class LinkOffers(PortalStore store, TimeProvider clock)
{
    /// <summary>What a campaign promises who would sign up now.</summary>
    public async Task<LinkOffer> OfAsync(PortalEnvironment environment, string campaignId, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var terms = (await CampaignRevisions.HistoryAsync(db, environment, campaignId, ct)).BindingAt(clock.GetUtcNow()).Terms;
        return new LinkOffer(terms.NewUser, terms.Currency);
    }
}
