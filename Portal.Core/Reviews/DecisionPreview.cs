namespace Portal.Core.Reviews;

/// <summary>What stands of a reward.</summary>
/// <param name="Earned">Earned in all.</param>
/// <param name="Reversed">Taken back in all.</param>
/// <param name="Waits">Whether something of it is left that waits for a person or a dispute.</param>
public sealed record RewardStand(Money Earned, Money Reversed, bool Waits)
{
    /// <summary>What is left of it.</summary>
    public Money Net => Earned - Reversed;
}

/// <summary>One reward before and after a decision.</summary>
/// <param name="Key">Names the reward once.</param>
/// <param name="RewardId">Our id; null for one that the decision would bring about.</param>
/// <param name="Referrer">The product's id of who earns it.</param>
/// <param name="InvoiceId">The invoice that caused it.</param>
/// <param name="Component">Which rule.</param>
/// <param name="Paid">What of it was paid out already.</param>
/// <param name="Before">As it stands.</param>
/// <param name="After">As it would stand.</param>
public sealed record RewardChange(
    string Key, long? RewardId, string Referrer, string? InvoiceId, string Component, Money Paid, RewardStand Before, RewardStand After);

/// <summary>What a decision would change for one referrer in one currency.</summary>
/// <param name="Referrer">The product's id of the referrer.</param>
/// <param name="Before">What is left of the rewards that change, as they stand.</param>
/// <param name="After">What would be left of them.</param>
/// <param name="WaitingBefore">What of it waits.</param>
/// <param name="WaitingAfter">What of it would wait.</param>
/// <param name="Owed">What the referrer would owe back, for more was paid out than would be left.</param>
public sealed record ReferrerChange(string Referrer, Money Before, Money After, Money WaitingBefore, Money WaitingAfter, Money Owed)
{
    /// <summary>What the referrer gains or loses.</summary>
    public Money By => After - Before;
}

/// <summary>What one decision about a case would change in money.</summary>
/// <param name="Choice">One of the case's choices, or <see cref="Decision.Reopen"/>.</param>
/// <param name="Rewards">The rewards that change, and no others.</param>
/// <param name="Sums">The same per referrer and currency.</param>
/// <param name="IsPartial">The referrer has so many referrals that those which only change because of this one were left out.</param>
public sealed record DecisionPreview(string Choice, IReadOnlyList<RewardChange> Rewards, IReadOnlyList<ReferrerChange> Sums, bool IsPartial)
{
    /// <summary>Compares.</summary>
    /// <param name="choice">The decision.</param>
    /// <param name="rewards">Rewards before and after it, also those that stay as they are.</param>
    /// <param name="isPartial">Whether some were left out.</param>
    public static DecisionPreview Of(string choice, IEnumerable<RewardChange> rewards, bool isPartial = false)
    {
        var changed = rewards.Where(r => r.Before != r.After).OrderBy(r => r.Key, StringComparer.Ordinal).ToList();
        var sums = changed.GroupBy(r => (r.Referrer, r.Before.Earned.Currency)).OrderBy(g => g.Key.Referrer, StringComparer.Ordinal).ThenBy(g => g.Key.Currency.Code, StringComparer.Ordinal)
            .Select(g => new ReferrerChange(g.Key.Referrer, Sum(g.Key.Currency, g.Select(r => r.Before.Net)), Sum(g.Key.Currency, g.Select(r => r.After.Net)),
                Sum(g.Key.Currency, g.Where(r => r.Before.Waits).Select(r => r.Before.Net)), Sum(g.Key.Currency, g.Where(r => r.After.Waits).Select(r => r.After.Net)),
                Sum(g.Key.Currency, g.Select(r => r.Paid - r.After.Net).Where(owed => owed.Minor > 0))));
        return new DecisionPreview(choice, changed, [.. sums], isPartial);
    }

    private static Money Sum(Currency currency, IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero(currency), (sum, amount) => sum + amount);
}
