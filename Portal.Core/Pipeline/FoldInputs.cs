using Microsoft.EntityFrameworkCore;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Core.Rates;
using Portal.Core.Reviews;

namespace Portal.Core.Pipeline;

/// <summary>What persons entered and every fold depends on: rules, rates, decisions. Kept over the batches of a long run, and read again where something was added.</summary>
internal sealed class FoldInputs(PortalEnvironment environment)
{
    private (int Campaigns, long? Revision, long? Rate, long? Decision) _upTo = (-1, null, null, null);

    /// <summary>The revisions, by campaign.</summary>
    public Dictionary<string, RevisionHistory> Campaigns { get; } = [];

    /// <summary>The exchange rates.</summary>
    public RateTable Rates { get; private set; } = RateTable.Empty;

    /// <summary>The decision that stands about each case, by the case's key.</summary>
    public Dictionary<string, Decision> Decisions { get; } = [];

    /// <summary>Brings it up to the moment that the context sees.</summary>
    public async Task RefreshAsync(PortalDb db, CancellationToken ct)
    {
        var campaigns = await db.Campaigns.Where(c => c.Environment == environment).Select(c => c.CampaignId).ToListAsync(ct);
        var upTo = (campaigns.Count, await db.Revisions.MaxAsync(r => (long?)r.Id, ct), await db.Rates.MaxAsync(r => (long?)r.Id, ct), await db.ReviewDecisions.MaxAsync(d => (long?)d.Id, ct));
        if (upTo == _upTo) return;
        _upTo = upTo;
        foreach (var campaign in campaigns) Campaigns[campaign] = await CampaignRevisions.HistoryAsync(db, environment, campaign, ct);
        Rates = await RateBook.TableAsync(db, environment, ct);
        foreach (var decision in await db.ReviewDecisions.Where(d => d.Environment == environment).OrderBy(d => d.Id).ToListAsync(ct))
            Decisions[decision.CaseKey] = decision.AsFact();   // the newest stands
    }
}
