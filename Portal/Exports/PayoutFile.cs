using Portal.Core.Payouts;

namespace Portal.Exports;

/// <summary>The file by which a bank or a payment service pays: one line for each referrer who gets anything.</summary>
internal static class PayoutFile
{
    private const string Header = "referrerId,name,email,amount,currency,payoutId,lines";

    private const int Portion = 500;

    /// <summary>What was posted; before that, what would be posted now.</summary>
    public static IResult Of(PayoutDetail payout) =>
        new CsvResult($"payout-{payout.Payout.Id}.csv", Header, Lines(payout).ToAsyncEnumerable());

    private static IEnumerable<IEnumerable<CsvLine>> Lines(PayoutDetail payout) => payout.Shares.Where(s => s.Due.Minor > 0).Chunk(Portion).Select(some => some.Select(share =>
        new CsvLine().Text(share.Referrer).Text(share.Name).Text(share.Email).Major(share.Due).Text(share.Due.Currency.Code).Number(payout.Payout.Id)
            .Number(share.Lines.Count(l => l.Due.Minor != 0))));
}
