using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;

namespace Portal.Core.Campaigns;

/// <summary>Reads a campaign's revisions.</summary>
public static class CampaignRevisions
{
    /// <summary>All revisions of a campaign, as the fold takes them.</summary>
    public static async Task<RevisionHistory> HistoryAsync(PortalDb db, PortalEnvironment environment, string campaignId, CancellationToken ct)
    {
        var stored = await db.Revisions.AsNoTracking().Where(r => r.Environment == environment && r.CampaignId == campaignId).ToListAsync(ct);
        return new RevisionHistory(campaignId, stored.Select(Read));
    }

    /// <summary>One stored revision, as the fold takes it.</summary>
    /// <exception cref="InvalidOperationException">Its rules cannot be read: they were checked when it was made.</exception>
    public static Revision Read(StoredRevision stored) =>
        RevisionDocument.FromJson(stored.Data).Read().TryGet(out var terms, out var problem)
            ? new Revision(stored.CampaignId, stored.Number, stored.EffectiveFrom, terms)
            : throw new InvalidOperationException($"Revision {stored.CampaignId}/{stored.Number} cannot be read: {problem.Detail}");
}
