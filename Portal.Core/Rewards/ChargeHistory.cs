using Portal.Core.Facts;

namespace Portal.Core.Rewards;

/// <summary>What became of one charge: how much of it went back by refunds and disputes, and what is still open.</summary>
/// <param name="Scope">Source and account.</param>
/// <param name="ChargeId">The charge, or the payment intent where no fact names the charge.</param>
/// <param name="Refunded">Refunded in all, minor units.</param>
/// <param name="Disputed">Withdrawn by disputes less what was reinstated, minor units; with the refunds never more than the charge.</param>
/// <param name="IsDisputed">A dispute is open.</param>
/// <param name="IsWarned">The issuer warned of fraud.</param>
/// <param name="ForeignDispute">A dispute moved money in another currency than the charge's.</param>
/// <param name="Told">All facts that say so, in order.</param>
public sealed record ChargeHistory(
    string Scope, string ChargeId, long Refunded, long Disputed, bool IsDisputed, bool IsWarned, string? ForeignDispute, IReadOnlyList<ToldFact> Told)
{
    /// <summary>What went back in all.</summary>
    public long GoneBack => Refunded + Disputed;

    /// <summary>Nothing went back and nothing is open.</summary>
    public bool IsQuiet => GoneBack == 0 && !IsDisputed && !IsWarned && ForeignDispute is null;

    /// <summary>Reckons a charge's history from the facts that speak of it.</summary>
    /// <param name="scope">Source and account.</param>
    /// <param name="chargeId">Names it.</param>
    /// <param name="amount">What was charged; null when the charge itself was never told.</param>
    /// <param name="currency">Its currency; null likewise.</param>
    /// <param name="told">The facts about it, in any order.</param>
    public static ChargeHistory Of(string scope, string chargeId, long? amount, string? currency, IReadOnlyList<ToldFact> told)
    {
        if (told.Count == 0) return new ChargeHistory(scope, chargeId, 0, 0, false, false, null, []);   // as nearly all are
        var most = amount ?? Money.Largest;
        var refunded = Math.Min(most, Refunds(told));
        long disputed = 0;
        var isOpen = false;
        string? foreign = null;
        foreach (var dispute in told.Where(t => t.Fact is DisputeMoved).GroupBy(t => ((DisputeMoved)t.Fact).DisputeId, StringComparer.Ordinal))
        {
            var moves = dispute.OrderBy(m => m.Fact.OccurredAt).ThenBy(m => Rank(((DisputeMoved)m.Fact).Movement)).Select(m => (DisputeMoved)m.Fact).ToList();
            isOpen |= !IsClosed(moves[^1]);
            var taken = Withdrawn(moves);
            if (taken == 0) continue;
            if (currency is not null && moves.Exists(m => m.Currency != currency)) foreign = dispute.Key;
            else disputed += taken;
        }
        return new ChargeHistory(scope, chargeId, refunded, Math.Min(disputed, most - refunded), isOpen, told.Any(t => t.Fact is FraudWarned), foreign,
            [.. told.Order(ToldFact.ByOccurrence)]);
    }

    /// <summary>The newest running total less what failed since, or the refunds known one by one, whichever is more.</summary>
    private static long Refunds(IReadOnlyList<ToldFact> told)
    {
        // The newest total stands, less what failed since: totals before it may count refunds that failed later.
        var newest = told.Where(t => t.Fact is ChargeRefunded).OrderBy(t => t.Fact.OccurredAt).ThenBy(t => ((ChargeRefunded)t.Fact).TotalRefunded).LastOrDefault();
        long standing = 0, failedSince = 0;
        foreach (var refund in told.Where(t => t.Fact is RefundSeen).GroupBy(r => ((RefundSeen)r.Fact).RefundId, StringComparer.Ordinal))
        {
            var last = (RefundSeen)refund.OrderBy(r => r.Fact.OccurredAt).ThenBy(r => Rank(((RefundSeen)r.Fact).Status)).Last().Fact;
            if (last.Status is not ("failed" or "canceled")) standing += last.Amount;
            else if (newest is not null && last.OccurredAt >= newest.Fact.OccurredAt) failedSince += last.Amount;
        }
        return Math.Max(newest is null ? 0 : ((ChargeRefunded)newest.Fact).TotalRefunded - failedSince, standing);
    }

    /// <summary>
    /// What a dispute took and kept. Each movement of funds tells the sum of its balance transactions so far; a dispute closed as lost
    /// whose withdrawal was never told took its whole amount (https://docs.stripe.com/disputes/how-disputes-work).
    /// </summary>
    private static long Withdrawn(List<DisputeMoved> moves)
    {
        var taken = moves.Where(m => m.Movement == "funds_withdrawn").Select(m => m.Amount).DefaultIfEmpty(0).Max();
        if (taken == 0 && moves.Exists(m => m is { Movement: "closed", Status: "lost" })) taken = moves.Max(m => m.Amount);
        var back = moves.Where(m => m.Movement == "funds_reinstated").Select(m => m.Amount).DefaultIfEmpty(0).Max();
        return Math.Max(0, taken - back);
    }

    private static bool IsClosed(DisputeMoved last) => last.Movement == "closed" || last.Status is "won" or "lost" or "warning_closed" or "prevented";

    private static int Rank(string word) => word switch
    {
        "pending" or "created" => 0,
        "requires_action" or "updated" => 1,
        "succeeded" or "funds_withdrawn" => 2,
        "canceled" or "funds_reinstated" => 3,
        _ => 4,
    };
}
