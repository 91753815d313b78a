using Portal.Core.Data;
using Portal.Core.Products;
using Portal.Core.Referrers;
using Portal.Core.Rewards;

namespace Portal.Core.Payouts;

/// <summary>What a payout takes up: who is owed what, and which rewards that comes from.</summary>
internal static class PayoutPlanner
{
    /// <summary>Rewards of one payout: what is posted in one piece keeps all other writes waiting.</summary>
    public const int MostLines = 2_000;

    /// <summary>A reward that is to be paid or netted.</summary>
    public sealed record Candidate(long RewardId, long ReferrerId, long Open);

    /// <summary>
    /// The rewards with something to be paid or netted, outside of open payouts. Those in their hold or waiting are not among them, unless
    /// their referrer owes something of them; nor those that the product has granted itself.
    /// </summary>
    public static IQueryable<Reward> Open(PortalDb db, PortalEnvironment environment, string currency, DateTimeOffset asOf)
    {
        var (lines, granted) = (db.PayoutLines, db.RewardReports);
        return db.Rewards.Where(r => r.Environment == environment && r.Currency == currency && r.Earned - r.Reversed != r.Paid)
            .Where(r => r.Earned - r.Reversed < r.Paid || (r.HoldUntil <= asOf && r.WaitsFor == null))
            .Where(r => !lines.Any(l => l.RewardId == r.Id && l.IsOpen) && !granted.Any(g => g.RewardId == r.Id && g.Status == ReportedStatus.Processed));
    }

    /// <summary>Why nothing moves before the launch; null after it.</summary>
    public static Problem? RefuseBeforeLaunch(PortalDb db, PortalEnvironment environment) => RefuseBeforeLaunch(GrantedRewards.SettingsOf(db, environment));

    private static Problem? RefuseBeforeLaunch(ProductSettings settings) => settings.PreLaunch
        ? new("preLaunch", "This environment is in pre-launch mode: what comes in is test data, and nothing is paid out. Launch it on the Integration page.", null, ProblemKind.Conflict)
        : null;

    /// <summary>Plans a payout that was checked already.</summary>
    /// <returns>The plan with its rewards; problems <c>invalidField</c> about a referrer, <c>preLaunch</c>, <c>nothingToPay</c>.</returns>
    public static Outcome<Planned> Plan(PortalDb db, PortalEnvironment environment, NewPayout given, DateTimeOffset now)
    {
        var settings = GrantedRewards.SettingsOf(db, environment);
        if (RefuseBeforeLaunch(settings) is { } early) return early;
        var currency = Currency.Parse(given.Currency!);
        var open = Open(db, environment, currency.Code, given.AsOf ?? now);
        if (given.Referrers?.Distinct(StringComparer.Ordinal).ToList() is { } wanted)
        {
            var known = db.Referrers.Where(r => r.Environment == environment && wanted.Contains(r.ProductUserId)).Select(r => new { r.Id, r.ProductUserId }).ToList();
            if (wanted.Except(known.Select(r => r.ProductUserId)).FirstOrDefault() is { } stranger) return NewPayout.Wrong("referrers", $"There is no referrer {stranger}.");
            var ids = known.ConvertAll(r => r.Id);
            open = open.Where(r => ids.Contains(r.ReferrerId));
        }
        var granted = GrantedRewards.Of(db, environment);
        var candidates = open.OrderBy(r => r.ReferrerId).ThenBy(r => r.Id)
            .Select(r => new { r.ReferralId, r.InvoiceId, r.Component, r.PaidAt, Candidate = new Candidate(r.Id, r.ReferrerId, r.Earned - r.Reversed - r.Paid) }).ToList()
            .Where(r => (r.Candidate.Open < 0 || !settings.IsTestData(r.PaidAt)) && !granted.Replaces(r.ReferralId, r.Candidate.ReferrerId, r.InvoiceId, r.Component)).Select(r => r.Candidate).ToList();   // before the launch: test data, but what is owed back stays owed

        var (taken, shares) = (new List<Candidate>(), new List<PlannedShare>());
        foreach (var group in candidates.GroupBy(c => c.ReferrerId))
        {
            var (amount, count) = (group.Sum(c => c.Open), group.Count());
            LeftOutReason? reason = amount <= 0 ? LeftOutReason.Owes
                : amount < given.Minimum ? LeftOutReason.BelowMinimum
                : taken.Count > 0 && taken.Count + count > MostLines ? LeftOutReason.Full
                : null;
            if (reason is null) taken.AddRange(group);
            shares.Add(new PlannedShare(group.Key, "", null, null, new Money(amount, currency), count, reason));
        }
        var named = Named(db, shares);
        return new Planned(new PayoutPlan(currency, [.. named.Where(s => s.LeftOut is null)], [.. named.Where(s => s.LeftOut is not null)]), taken);
    }

    private static List<PlannedShare> Named(PortalDb db, List<PlannedShare> shares)
    {
        var people = shares.Chunk(500).SelectMany(some =>
        {
            var ids = some.Select(s => s.ReferrerId).ToList();
            return db.Referrers.Where(r => ids.Contains(r.Id)).Select(r => new { r.Id, r.ProductUserId, r.Email, r.FirstName, r.LastName }).ToList();
        }).ToDictionary(r => r.Id);
        return shares.Select(s => people[s.ReferrerId] is var r && $"{r.FirstName} {r.LastName}".Trim() is var name
            ? s with { Referrer = r.ProductUserId, Name = name.Length > 0 ? name : null, Email = r.Email } : s).ToList();
    }
}

/// <summary>A plan with the rewards behind it.</summary>
/// <param name="Plan">Who is paid.</param>
/// <param name="Taken">Which rewards.</param>
internal sealed record Planned(PayoutPlan Plan, IReadOnlyList<PayoutPlanner.Candidate> Taken);
