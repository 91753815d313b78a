using Microsoft.EntityFrameworkCore;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Pipeline;
using Portal.Core.Referrals;
using Portal.Core.Referrers;

namespace Portal.Core.Simulations;

/// <summary>How far a simulation got.</summary>
/// <param name="Done">Codes done.</param>
/// <param name="Total">Codes in all.</param>
/// <param name="Cells">The table's rows since the last time.</param>
internal sealed record SimulationStep(int Done, int Total, IReadOnlyList<SimulatedCell> Cells);

/// <summary>
/// Folds every referral of a campaign twice, by the revisions of today and with the draft among them, code by code. Reads only what was
/// told and decided, never the ledger, and posts nothing.
/// </summary>
/// <param name="db">A snapshot.</param>
/// <param name="environment">Whose.</param>
/// <param name="campaignId">The campaign.</param>
/// <param name="period">What is compared.</param>
/// <param name="tally">Adds up.</param>
internal sealed class TwoWorlds(PortalDb db, PortalEnvironment environment, string campaignId, SimulatedPeriod period, SimulationTally tally)
{
    private const int CodesAtOnce = 50;

    /// <summary>Customers of which a book is in memory at a time; a code that has more is read in parts, once for each pass.</summary>
    internal int CustomersAtOnce { get; init; } = 200;

    /// <summary>Simulates.</summary>
    public async IAsyncEnumerable<SimulationStep> RunAsync(RevisionTerms draft, DateTimeOffset effectiveFrom, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var now = await CampaignRevisions.HistoryAsync(db, environment, campaignId, ct);
        var then = now.With(draft, effectiveFrom);
        var ids = await db.ReferralCodes.Where(c => c.Environment == environment && c.CampaignId == campaignId).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(ct);
        var done = 0;
        foreach (var some in ids.Chunk(CodesAtOnce))
        {
            var codes = await db.ReferralCodes.Where(c => some.Contains(c.Id)).OrderBy(c => c.Id).Select(c => new { c.Code, c.Referrer!.ProductUserId }).ToListAsync(ct);
            var customers = await CustomersOfAsync(codes.ConvertAll(c => c.Code), ct);
            var cells = new List<SimulatedCell>();
            var group = new List<(string Code, string Referrer)>();
            foreach (var (index, code) in codes.Index())
            {
                group.Add((code.Code, code.ProductUserId));
                var next = index + 1 < codes.Count ? customers[codes[index + 1].Code].Count() : int.MaxValue;
                if (group.Sum(g => (long)customers[g.Code].Count()) + next <= CustomersAtOnce) continue;
                cells.AddRange(await CompareAsync(group, [.. group.SelectMany(g => customers[g.Code]).Distinct()], now, then, ct));
                group.Clear();
            }
            done += some.Length;
            yield return new SimulationStep(done, ids.Count, cells);
        }
    }

    private async Task<List<SimulatedCell>> CompareAsync(
        List<(string Code, string Referrer)> group, List<CustomerKey> customers, RevisionHistory now, RevisionHistory then, CancellationToken ct)
    {
        if (customers.Count == 0) return [];
        var codes = group.ConvertAll(g => g.Code);
        FoldedWorld[] worlds = [new(campaignId, now, codes, period), new(campaignId, then, codes, period)];
        var parts = customers.Chunk(CustomersAtOnce).ToList();
        ReferralBook? book = null;
        for (var pass = 0; pass < worlds.Max(w => w.Passes); pass++)
        {
            foreach (var world in worlds) world.Begin();
            foreach (var part in parts)
            {
                ct.ThrowIfCancellationRequested();
                if (book is null || parts.Count > 1) book = await new ReferralBookLoader(db, environment) { Tried = (campaignId, then) }.LoadAsync([], part, ct);
                foreach (var world in worlds.Where(w => pass < w.Passes)) world.Fold(book, part);
            }
        }
        return [.. group.SelectMany(g => tally.Add(g.Referrer, g.Code, worlds[0].Of(g.Code), worlds[1].Of(g.Code)))];
    }

    /// <summary>Everybody who ever carried one of the codes, and whose referral is credited to one.</summary>
    private async Task<ILookup<string, CustomerKey>> CustomersOfAsync(List<string> codes, CancellationToken ct)
    {
        var carriers = await db.Facts.Where(f => f.Environment == environment && codes.Contains(f.Code!) && f.CustomerId != null)
            .Select(f => new { f.Code, f.Scope, f.CustomerId }).Distinct().ToListAsync(ct);
        var credited = (await db.Referrals.Where(r => r.Environment == environment && codes.Contains(r.Code!)).ToListAsync(ct)).ToDictionary(r => r.Identity.Key, r => r.Code);
        var keys = credited.Keys.ToList();
        var theirs = await db.Customers.Where(c => c.Environment == environment && keys.Contains(c.IdentityKey!)).Select(c => new { c.IdentityKey, c.Scope, c.CustomerId }).ToListAsync(ct);
        return carriers.Select(c => (Code: c.Code!, Customer: new CustomerKey(c.Scope, c.CustomerId!)))
            .Concat(theirs.Select(c => (Code: credited[c.IdentityKey!]!, Customer: new CustomerKey(c.Scope, c.CustomerId))))
            .Distinct().OrderBy(c => c.Customer.Scope, StringComparer.Ordinal).ThenBy(c => c.Customer.CustomerId, StringComparer.Ordinal).ToLookup(c => c.Code, c => c.Customer);
    }
}
