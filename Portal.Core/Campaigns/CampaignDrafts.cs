using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Core.Campaigns;

/// <summary>A draft, as the API and pages see it.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Version">One more with every change.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
/// <param name="UpdatedBy">By whom.</param>
/// <param name="Terms">The rules.</param>
public sealed record DraftRow(string CampaignId, int Version, DateTimeOffset UpdatedAt, string UpdatedBy, RevisionDocument Terms);

/// <summary>Keeps the drafts. Who saves or removes one says which version they saw, so that nobody writes over what they never read.</summary>
public sealed class CampaignDrafts(PortalStore store, ChangeFeed changes, TimeProvider clock)
{
    /// <summary>All drafts of an environment.</summary>
    public async Task<IReadOnlyList<DraftRow>> ListAsync(PortalEnvironment environment, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return [.. (await db.CampaignDrafts.Where(d => d.Environment == environment).OrderBy(d => d.CampaignId).ToListAsync(ct)).Select(Row)];
    }

    /// <summary>A campaign's draft, if it has one.</summary>
    public async Task<DraftRow?> FindAsync(PortalEnvironment environment, string campaignId, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.CampaignDrafts.SingleOrDefaultAsync(d => d.Environment == environment && d.CampaignId == campaignId, ct) is { } draft ? Row(draft) : null;
    }

    /// <summary>Saves a campaign's draft.</summary>
    /// <param name="environment">Whose.</param>
    /// <param name="campaignId">The campaign.</param>
    /// <param name="version">The version that was changed; null or 0 when there was none.</param>
    /// <param name="document">The rules.</param>
    /// <param name="actor">Who.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The draft; problems <c>notFound</c>, <c>invalidField</c>, <c>draftChanged</c>.</returns>
    public async Task<Outcome<DraftRow>> PutAsync(
        PortalEnvironment environment, string campaignId, int? version, RevisionDocument document, Actor actor, CancellationToken ct)
    {
        if (!document.Read().TryGet(out _, out var problem)) return problem;
        var saved = await store.WriteAsync<Outcome<DraftRow>>(db =>
        {
            if (!db.Campaigns.Any(c => c.Environment == environment && c.CampaignId == campaignId))
                return new Problem("notFound", $"There is no campaign {campaignId}.", Kind: ProblemKind.Missing);
            var draft = db.CampaignDrafts.SingleOrDefault(d => d.Environment == environment && d.CampaignId == campaignId);
            if ((draft?.Version ?? 0) != (version ?? 0)) return Changed(draft);
            var now = clock.GetUtcNow();
            var (before, data) = (draft?.Data, document.ToJson());
            if (draft is null)
                db.CampaignDrafts.Add(draft = new CampaignDraft { Environment = environment, CampaignId = campaignId, Data = data, Version = 1, UpdatedAt = now, UpdatedBy = actor.Name });
            else (draft.Data, draft.Version, draft.UpdatedAt, draft.UpdatedBy) = (data, draft.Version + 1, now, actor.Name);
            db.Audit(actor, now, environment, "campaign.drafted", campaignId, before, data);
            return Row(draft);
        }, ct);
        changes.Publish(environment);
        return saved;
    }

    /// <summary>Throws a campaign's draft away.</summary>
    /// <returns>What it was; problems <c>notFound</c>, <c>draftChanged</c>.</returns>
    public async Task<Outcome<DraftRow>> RemoveAsync(PortalEnvironment environment, string campaignId, int? version, Actor actor, CancellationToken ct)
    {
        var removed = await store.WriteAsync(db => Take(db, environment, campaignId, version, actor, clock.GetUtcNow()), ct);
        changes.Publish(environment);
        return removed;
    }

    /// <summary>Takes a draft away within somebody's transaction.</summary>
    internal static Outcome<DraftRow> Take(PortalDb db, PortalEnvironment environment, string campaignId, int? version, Actor actor, DateTimeOffset now)
    {
        if (db.CampaignDrafts.SingleOrDefault(d => d.Environment == environment && d.CampaignId == campaignId) is not { } draft)
            return new Problem("notFound", $"Campaign {campaignId} has no draft.", Kind: ProblemKind.Missing);
        if (version is not null && draft.Version != version) return Changed(draft);
        db.Remove(draft);
        db.Audit(actor, now, environment, "campaign.draftRemoved", campaignId, draft.Data);
        return Row(draft);
    }

    private static Problem Changed(CampaignDraft? draft) => new("draftChanged", draft is null
        ? "The draft is there no more: somebody published it or threw it away."
        : $"{draft.UpdatedBy} changed the draft at {draft.UpdatedAt:yyyy-MM-dd HH:mm:ss} UTC; it is version {draft.Version} now. Read it again before you change it.", "version", ProblemKind.Conflict);

    private static DraftRow Row(CampaignDraft d) => new(d.CampaignId, d.Version, d.UpdatedAt, d.UpdatedBy, RevisionDocument.FromJson(d.Data));
}
