using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Pipeline;
using Portal.Core.Referrals;
using Portal.Core.Referrers;

namespace Portal.Core.Campaigns;

/// <summary>A campaign with its revisions, as the API and pages see it.</summary>
public sealed record CampaignRow(string Id, string Name, DateTimeOffset CreatedAt, IReadOnlyList<RevisionRow> Revisions)
{
    /// <summary>Where its links lead, if not to the product's page.</summary>
    public string? LandingPage { get; init; }
}

/// <summary>A revision, as the API and pages see it.</summary>
public sealed record RevisionRow(int Number, DateTimeOffset EffectiveFrom, DateTimeOffset CreatedAt, string CreatedBy, RevisionDocument Terms);

/// <summary>Makes campaigns and gives them revisions; nothing is ever edited.</summary>
public sealed class CampaignEditor(PortalStore store, InboxSignal signal, TimeProvider clock)
{
    /// <summary>All campaigns of an environment with their revisions.</summary>
    public async Task<IReadOnlyList<CampaignRow>> ListAsync(PortalEnvironment environment, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var campaigns = await db.Campaigns.Where(c => c.Environment == environment).OrderBy(c => c.CampaignId).ToListAsync(ct);
        var revisions = await db.Revisions.Where(r => r.Environment == environment).OrderBy(r => r.Number).ToListAsync(ct);
        return [.. campaigns.Select(c => new CampaignRow(c.CampaignId, c.Name, c.CreatedAt, [.. revisions.Where(r => r.CampaignId == c.CampaignId).Select(Row)]) { LandingPage = c.LandingPage })];
    }

    /// <summary>Creates a campaign or renames it.</summary>
    /// <returns>The campaign; problem <c>invalidField</c>.</returns>
    public async Task<Outcome<CampaignRow>> PutAsync(PortalEnvironment environment, string campaignId, string? name, Actor actor, CancellationToken ct)
    {
        if (campaignId.Length is 0 or > 60 || !campaignId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            return new Problem("invalidField", "The campaign's id must be 1 to 60 letters, digits, - and _.", "id");
        if (string.IsNullOrWhiteSpace(name) || name.Length > 200) return new Problem("invalidField", "name is required: 1 to 200 characters.", "name");
        await store.WriteAsync(db =>
        {
            var now = clock.GetUtcNow();
            var campaign = db.Campaigns.SingleOrDefault(c => c.Environment == environment && c.CampaignId == campaignId);
            db.Audit(actor, now, environment, campaign is null ? "campaign.created" : "campaign.renamed", campaignId, campaign?.Name, name);
            if (campaign is null) db.Campaigns.Add(new Campaign { Environment = environment, CampaignId = campaignId, Name = name, CreatedAt = now });
            else campaign.Name = name;
        }, ct);
        return (await ListAsync(environment, ct)).Single(c => c.Id == campaignId);
    }

    /// <summary>
    /// Adds a revision. It may take effect in the past as long as no referral is bound to what it replaces, or when the document
    /// says <c>rebind</c>; then those referrals are folded again.
    /// </summary>
    /// <param name="environment">Whose.</param>
    /// <param name="campaignId">The campaign.</param>
    /// <param name="document">The rules.</param>
    /// <param name="actor">Who.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="draft">The version of the draft that this publishes, which is removed with it; null for a revision that was never one.</param>
    /// <returns>The revision; problems <c>notFound</c>, <c>invalidField</c>, <c>notOffered</c>, <c>referralsBound</c>, <c>draftChanged</c>.</returns>
    public async Task<Outcome<RevisionRow>> AddRevisionAsync(
        PortalEnvironment environment, string campaignId, RevisionDocument document, Actor actor, CancellationToken ct, int? draft = null)
    {
        if (!document.Read().TryGet(out _, out var problem)) return problem;
        var outcome = await store.WriteAsync(db => Add(db, environment, campaignId, document, draft, actor), ct);
        signal.Wake();
        return outcome;
    }

    /// <summary>How many referrals are bound to what a revision from this moment on would replace.</summary>
    public async Task<int> BoundAsync(PortalEnvironment environment, string campaignId, DateTimeOffset from, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var revisions = await db.Revisions.Where(r => r.Environment == environment && r.CampaignId == campaignId).ToListAsync(ct);
        return await BoundTo(db, environment, campaignId, from, revisions).CountAsync(ct);
    }

    /// <summary>How many referrals are bound to each revision, by campaign and number.</summary>
    public async Task<IReadOnlyDictionary<(string CampaignId, int Number), int>> BoundAsync(PortalEnvironment environment, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var bound = await db.Referrals.Where(r => r.Environment == environment && r.RevisionNumber != null)
            .Join(db.ReferralCodes, r => new { r.Environment, Code = r.Code! }, c => new { c.Environment, c.Code }, (r, c) => new { c.CampaignId, r.RevisionNumber })
            .GroupBy(b => new { b.CampaignId, b.RevisionNumber }).Select(g => new { g.Key.CampaignId, g.Key.RevisionNumber, Count = g.Count() }).ToListAsync(ct);
        return bound.ToDictionary(b => (b.CampaignId, b.RevisionNumber!.Value), b => b.Count);
    }

    private static IQueryable<Referral> BoundTo(PortalDb db, PortalEnvironment environment, string campaignId, DateTimeOffset from, IReadOnlyList<StoredRevision> revisions)
    {
        var next = revisions.Where(r => r.EffectiveFrom > from).Select(r => (DateTimeOffset?)r.EffectiveFrom).Min() ?? DateTimeOffset.MaxValue;
        var codes = db.ReferralCodes.Where(c => c.Environment == environment && c.CampaignId == campaignId);
        return db.Referrals.Where(r => r.Environment == environment && r.SignedUpAt >= from && r.SignedUpAt < next && codes.Any(c => c.Code == r.Code));
    }

    private Outcome<RevisionRow> Add(PortalDb db, PortalEnvironment environment, string campaignId, RevisionDocument document, int? draft, Actor actor)
    {
        if (!db.Campaigns.Any(c => c.Environment == environment && c.CampaignId == campaignId))
            return new Problem("notFound", $"There is no campaign {campaignId}.", Kind: ProblemKind.Missing);
        var now = clock.GetUtcNow();
        var from = document.EffectiveFrom?.ToUniversalTime() ?? now;
        var revisions = db.Revisions.Where(r => r.Environment == environment && r.CampaignId == campaignId).ToList();
        var bound = BoundTo(db, environment, campaignId, from, revisions).Count();
        if (bound > 0 && document.Rebind != true)
        {
            return new Problem("referralsBound",
                $"{bound} referrals that signed up since {from:yyyy-MM-dd HH:mm:ss} UTC are bound to the rules that this revision would replace. Choose a later effectiveFrom, or send \"rebind\": true.",
                "effectiveFrom", ProblemKind.Conflict);
        }
        if (draft is not null && !CampaignDrafts.Take(db, environment, campaignId, draft, actor, now).TryGet(out _, out var changed)) return changed;
        var stored = new StoredRevision
        {
            Environment = environment,
            CampaignId = campaignId,
            Number = revisions.Select(r => r.Number).DefaultIfEmpty(0).Max() + 1,
            EffectiveFrom = from,
            Data = (document with { EffectiveFrom = from }).ToJson(),
            CreatedAt = now,
            CreatedBy = actor.Name,
        };
        db.Revisions.Add(stored);
        db.RefoldRequests.Add(new RefoldRequest { Environment = environment, CauseKind = "revision", CauseId = $"{campaignId}/{stored.Number}", RequestedAt = now });
        db.Audit(actor, now, environment, "campaign.revised", $"{campaignId}/{stored.Number}", revisions.MaxBy(r => r.Number)?.Data, stored.Data);
        db.SaveChanges();
        return Row(stored);
    }

    private static RevisionRow Row(StoredRevision r) => new(r.Number, r.EffectiveFrom, r.CreatedAt, r.CreatedBy, RevisionDocument.FromJson(r.Data));
}
