using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Ledger;
using Portal.Core.Statements;

namespace Portal.Exports;

/// <summary>The files that leave the portal: the journal, and a referrer's statement. Both in the order of posting.</summary>
internal static class MoneyFiles
{
    private const string JournalHeader = "entrySetId,postedAt,kind,rewardId,causeKind,causeId,account,referrer,currency,amountMinor,amount";

    private const string StatementHeader = "entrySetId,postedAt,kind,rewardId,invoiceId,newUserId,causeKind,causeId,currency,amountMinor,amount,balanceMinor,balance";

    /// <summary>One line per entry; debit positive, credit negative.</summary>
    public static IResult Journal(JournalSearch journal, JournalQuery query, CancellationToken ct) =>
        new CsvResult($"ledger-{query.Environment.Slug()}.csv", JournalHeader, LinesOf(journal.StreamAsync(query, ct), portion =>
            from set in portion
            from line in set.Lines
            select new CsvLine().Number(set.Id).Moment(set.PostedAt).Text(set.Kind.Word()).Number(set.RewardId).Text(set.CauseKind).Text(set.CauseId)
                .Text(line.Account.Word()).Text(line.Referrer).Text(line.Amount.Currency.Code).Amount(line.Amount)));

    /// <summary>One line per entry set, with what was owed after it.</summary>
    public static IResult Statement(ReferrerStatement statement, StatementQuery query, CancellationToken ct) =>
        new CsvResult($"statement-{Safe(query.ProductUserId)}-{query.Environment.Slug()}.csv", StatementHeader, LinesOf(statement.StreamAsync(query, ct), portion => portion.Select(line =>
            new CsvLine().Number(line.Set.Id).Moment(line.Set.PostedAt).Text(line.Set.Kind.Word()).Number(line.Set.RewardId).Text(line.InvoiceId).Text(line.NewUserId)
                .Text(line.Set.CauseKind).Text(line.Set.CauseId).Text(line.Change.Currency.Code).Amount(line.Change).Amount(line.Balance))));

    private static async IAsyncEnumerable<IEnumerable<CsvLine>> LinesOf<T>(IAsyncEnumerable<T> portions, Func<T, IEnumerable<CsvLine>> lines)
    {
        await foreach (var portion in portions) yield return lines(portion);
    }

    private static string Safe(string id) => string.Concat(id.Take(60).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
}
