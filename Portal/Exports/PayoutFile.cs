using Portal.Core.Payouts;
using Portal.Core.Referrers;

namespace Portal.Exports;

/// <summary>The file by which a bank or a payment service pays: one line for each referrer who gets anything.</summary>
internal static class PayoutFile
{
    private const string Header = "referrerId,name,email,amount,currency,payoutId,lines,payoutMethod,payoutAccount";

    private const int Portion = 500;

    /// <summary>What was posted; before that, what would be posted now. Accounts are as the referrers said them last.</summary>
    public static async Task<IResult> OfAsync(PayoutDetail payout, PayoutDetailsBook book, CancellationToken ct)
    {
        var accounts = await book.RevealAsync([.. payout.Shares.Select(s => s.ReferrerId)], ct);
        return new CsvResult($"payout-{payout.Payout.Id}.csv", Header, Lines(payout, accounts).ToAsyncEnumerable());
    }

    private static IEnumerable<IEnumerable<CsvLine>> Lines(PayoutDetail payout, IReadOnlyDictionary<long, PayoutAccount> accounts) => payout.Shares.Where(s => s.Due.Minor > 0).Chunk(Portion).Select(some => some.Select(share =>
        new CsvLine().Text(share.Referrer).Text(share.Name).Text(share.Email).Major(share.Due).Text(share.Due.Currency.Code).Number(payout.Payout.Id)
            .Number(share.Lines.Count(l => l.Due.Minor != 0)).Text(accounts.GetValueOrDefault(share.ReferrerId)?.Method).Text(Account(accounts.GetValueOrDefault(share.ReferrerId)))));

    private static string? Account(PayoutAccount? said) => said is null ? null : said.Account ?? "(cannot be decrypted: the key ring is gone)";
}
