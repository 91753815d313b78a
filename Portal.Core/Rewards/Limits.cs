using Portal.Core.Campaigns;
using Portal.Core.Rates;

namespace Portal.Core.Rewards;

/// <summary>
/// The limits on what a referral, and on what a referrer, may earn. Rewards use a limit up in the order in which they count; what is
/// taken back of one makes room for those after it, so that a payment given back in full leaves everything as if it had never been.
/// </summary>
internal static class Limits
{
    /// <summary>Applies the limit per referral.</summary>
    /// <returns>The drafts for which there is no exchange rate; they are left as they are.</returns>
    public static IReadOnlyList<RewardDraft> OfReferral(IReadOnlyList<RewardDraft> drafts, Money? cap, RateTable rates)
    {
        if (cap is null) return [];
        var without = new List<RewardDraft>();
        var used = Money.Zero(cap.Currency);
        foreach (var draft in drafts.OrderBy(d => d.At))   // stable: drafts of one moment stay in the order of invoice and rule
        {
            if (Fit(draft.Earned, draft.Net, cap - used, rates, draft.At) is not var (earned, net, uses))
            {
                without.Add(draft);
                continue;
            }
            Note(draft, earned, $"At most {cap} per referral: {used} were used before.");
            (draft.Earned, draft.Net, used) = (earned, net, used + uses);
        }
        return without;
    }

    /// <summary>Applies the limit per referrer, together with the rewards of the referrer's other referrals.</summary>
    /// <param name="drafts">The rewards with their keys.</param>
    /// <param name="cap">The limit that binds this referral.</param>
    /// <param name="peers">The others' rewards before their limits.</param>
    /// <param name="rates">The exchange rates.</param>
    /// <returns>The drafts for which there is no exchange rate.</returns>
    public static IReadOnlyList<RewardDraft> OfReferrer(IReadOnlyList<(string Key, RewardDraft Draft)> drafts, PeriodCap? cap, IReadOnlyList<PeerClaim> peers, RateTable rates)
    {
        if (cap is null) return [];
        var without = new List<RewardDraft>();
        var used = new Dictionary<(Currency, int), Money>();
        var claims = drafts.Select(d => (d.Key, d.Draft.At, d.Draft.Net, Cap: cap, (RewardDraft?)d.Draft)).Concat(peers.Select(p => (p.Key, p.At, p.Net, p.Cap, (RewardDraft?)null)));
        foreach (var (_, at, net, limit, draft) in claims.OrderBy(c => c.At).ThenBy(c => c.Key, StringComparer.Ordinal))
        {
            if (draft is not null) draft.NetBeforeCap = net.Minor;
            var pot = (limit.Amount.Currency, PeriodOf(at, limit.Period));
            var before = used.GetValueOrDefault(pot) ?? Money.Zero(limit.Amount.Currency);
            var room = new Money(Math.Max(0, limit.Amount.Minor - before.Minor), limit.Amount.Currency);
            if (Fit(draft?.Earned ?? net, net, room, rates, at) is not var (earned, left, uses))
            {
                if (draft is not null) without.Add(draft);
                continue;
            }
            used[pot] = before + uses;
            if (draft is null) continue;
            Note(draft, earned, $"At most {limit.Amount} per referrer {Words(limit.Period)}: {before} were used before, by this and other referrals.");
            (draft.Earned, draft.Net) = (earned, left);
        }
        return without;
    }

    /// <summary>What of a reward fits into the room that is left, and how much of the room it uses; null when there is no rate.</summary>
    private static (Money Earned, Money Net, Money Uses)? Fit(Money earned, Money net, Money room, RateTable rates, DateTimeOffset at)
    {
        if (earned.Currency == room.Currency)
            return (Least(earned, room), Least(net, room), Least(net, room));
        if (rates.Convert(earned, room.Currency, at)?.Amount is not { } cost || rates.Convert(net, room.Currency, at)?.Amount is not { } left) return null;
        if (cost.Minor <= room.Minor) return (earned, net, left);
        if (rates.Convert(room, earned.Currency, at)?.Amount is not { } most) return null;
        var fits = Least(earned, most);
        return (fits, Least(net, fits), Least(left, room));
    }

    private static Money Least(Money a, Money b) => a.Minor <= b.Minor ? a : b;

    private static void Note(RewardDraft draft, Money earned, string says)
    {
        if (earned.Minor < draft.Earned.Minor) draft.Steps.Add(new("cap", $"{says} {earned} of {draft.Earned} fit.", null, []));
    }

    private static int PeriodOf(DateTimeOffset at, CapPeriod period) => period switch
    {
        CapPeriod.Month => (at.UtcDateTime.Year * 12) + at.UtcDateTime.Month,
        CapPeriod.Quarter => (at.UtcDateTime.Year * 4) + ((at.UtcDateTime.Month - 1) / 3),
        CapPeriod.Year => at.UtcDateTime.Year,
        _ => 0,
    };

    private static string Words(CapPeriod period) => period switch { CapPeriod.Month => "and month", CapPeriod.Quarter => "and quarter", CapPeriod.Year => "and year", _ => "in all" };
}
