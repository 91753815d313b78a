using Portal.Core.Ledger;

namespace Portal.Core.Statements;

/// <summary>What stands in one currency, for one referrer or for all.</summary>
/// <param name="Earned">Earned in all.</param>
/// <param name="Reversed">Taken back in all.</param>
/// <param name="Pending">Not payable yet.</param>
/// <param name="Payable">Payable and not paid.</param>
/// <param name="Paid">Paid out.</param>
/// <param name="Receivable">Owed back after a payout.</param>
/// <param name="Net">Earned less reversed.</param>
public sealed record CurrencyBalance(Money Earned, Money Reversed, Money Pending, Money Payable, Money Paid, Money Receivable, Money Net)
{
    /// <summary>The currency.</summary>
    public Currency Currency => Net.Currency;

    /// <summary>Sums balances by currency, in the order of the codes.</summary>
    public static IReadOnlyList<CurrencyBalance> Of(IEnumerable<Balance> balances) =>
        [.. balances.GroupBy(b => b.Currency, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            var currency = Currency.Parse(g.Key);
            return new CurrencyBalance(Sum(b => b.Earned), Sum(b => b.Reversed), Sum(b => b.Pending), Sum(b => b.Payable), Sum(b => b.Paid), Sum(b => b.Receivable), Sum(b => b.Net));

            Money Sum(Func<Balance, long> amount) => g.Aggregate(Money.Zero(currency), (sum, b) => sum + new Money(amount(b), currency));
        })];
}
