using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Ledger;

namespace Portal.Core.Statements;

/// <summary>Which part of a referrer's account to read.</summary>
public sealed record StatementQuery
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>The referrer, by the product's id.</summary>
    public required string ProductUserId { get; init; }

    /// <summary>ISO code; all currencies for null.</summary>
    public string? Currency { get; init; }

    /// <summary>What stood at the end of this day, UTC; as of now for null.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>An entry set's id from where to go on.</summary>
    public long? Cursor { get; init; }

    /// <summary>Which way to go on.</summary>
    public PageDirection Direction { get; init; }

    /// <summary>Rows wanted, 1 to 200.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>One entry set of a referrer's account.</summary>
/// <param name="Set">What moved, and why; its lines are left out.</param>
/// <param name="Change">What it changed in what is owed to the referrer.</param>
/// <param name="Balance">What was owed after it, in its currency.</param>
/// <param name="InvoiceId">The invoice of its reward.</param>
/// <param name="ReferralId">The referral of its reward.</param>
/// <param name="NewUserId">The product's id of who was referred.</param>
public sealed record StatementLine(EntrySetRow Set, Money Change, Money Balance, string? InvoiceId, long? ReferralId, string? NewUserId);

/// <summary>A part of a referrer's account, newest first.</summary>
/// <param name="Balances">What was owed at its end, per currency: everything, not only what the page shows.</param>
/// <param name="Lines">The entry sets.</param>
public sealed record Statement(IReadOnlyList<Money> Balances, Page<StatementLine> Lines);

/// <summary>
/// A referrer's account: what is owed (payable, less what is to be given back) after each entry set, in the order of posting. Balances are
/// sums of entries over the statement's own index, so that they are right wherever a page begins.
/// </summary>
public sealed class ReferrerStatement(PortalStore store)
{
    private const int PlotPoints = 40;

    /// <summary>One page, or null where there is no such referrer.</summary>
    public async Task<Statement?> FindAsync(StatementQuery query, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        if (await AccountAsync(db, query, ct) is not var (referrer, last)) return null;
        var balances = await BalancesAsync(EntriesOf(db, query.Environment, referrer, query.Currency, last), ct);
        var changes = await Build(EntriesOf(db, query.Environment, referrer, query.Currency, last), query.Cursor, query.Direction).Take(Keyset.Ask(query.Limit)).ToListAsync(ct);
        var page = Keyset.Cut(changes, query.Limit, query.Direction, query.Cursor, c => c.EntrySetId);
        if (page.Items.Count == 0) return new Statement([.. balances.Values], Page<StatementLine>.Empty);
        // After the newest of the page stands the sum up to it; each older line undoes the one above.
        var running = await BalancesAsync(EntriesOf(db, query.Environment, referrer, query.Currency, page.Items[0].EntrySetId), ct);
        var after = new List<Money>(page.Items.Count);
        foreach (var change in page.Items)
        {
            var balance = running[change.Currency];
            after.Add(balance);
            running[change.Currency] = balance - change.Amount;
        }
        return new Statement([.. balances.Values], new Page<StatementLine>(await LinesAsync(db, page.Items, after, ct), page.NextCursor, page.PreviousCursor));
    }

    /// <summary>The whole account in the order of posting, in portions. Nothing where there is no such referrer.</summary>
    public async IAsyncEnumerable<IReadOnlyList<StatementLine>> StreamAsync(StatementQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        var running = new Dictionary<string, Money>(StringComparer.Ordinal);
        (long Referrer, long Last)? account = null;
        var cursor = 0L;
        for (var more = true; more;)
        {
            IReadOnlyList<StatementLine> portion;
            await using (var db = store.OpenRead())
            {
                if ((account ??= await AccountAsync(db, query, ct)) is not var (referrer, last)) yield break;
                var changes = await Build(EntriesOf(db, query.Environment, referrer, query.Currency, last), cursor, PageDirection.Newer).Take(Keyset.MostRows).ToListAsync(ct);
                more = changes.Count == Keyset.MostRows;
                if (changes.Count == 0) yield break;
                cursor = changes[^1].EntrySetId;
                var after = changes.ConvertAll(c => running[c.Currency] = running.TryGetValue(c.Currency, out var balance) ? balance + c.Amount : c.Amount);
                portion = await LinesAsync(db, changes, after, ct);
            }
            yield return portion;
        }
    }

    /// <summary>What was owed at some moments between the first posting and the last, in one currency, for a plot.</summary>
    public async Task<IReadOnlyList<(DateTimeOffset At, Money Balance)>> PlotAsync(StatementQuery query, string currency, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        if (await AccountAsync(db, query, ct) is not var (referrer, last)) return [];
        var entries = EntriesOf(db, query.Environment, referrer, currency, last);
        var ends = new List<DateTimeOffset>(2);
        foreach (var id in new[] { entries.OrderBy(e => e.EntrySetId), entries.OrderByDescending(e => e.EntrySetId) })
        {
            var one = id.Select(e => e.EntrySetId).Take(1);
            ends.AddRange(await db.LedgerEntrySets.Where(s => one.Contains(s.Id)).Select(s => s.PostedAt).ToListAsync(ct));
        }
        if (ends is not [var begin, var end]) return [];
        var points = new List<(DateTimeOffset, Money)>();
        var (sum, upTo) = (Money.Zero(Currency.Parse(currency)), 0L);
        for (var i = 0; i <= PlotPoints; i++)
        {
            var at = begin + (end - begin) * i / PlotPoints;
            var until = Math.Min(last, await PostingTimes.LastBeforeAsync(db, query.Environment, at.AddMilliseconds(1), ct) ?? 0);
            var from = upTo;
            if (until > from) sum += (await BalancesAsync(entries.Where(e => e.EntrySetId > from && e.EntrySetId <= until), ct)).GetValueOrDefault(currency, Money.Zero(sum.Currency));
            upTo = Math.Max(upTo, until);
            if (points.Count == 0 || points[^1].Item1 != at) points.Add((at, sum));
        }
        return points;
    }

    /// <summary>The referrer's lines up to a set.</summary>
    internal static IQueryable<LedgerEntry> EntriesOf(PortalDb db, PortalEnvironment environment, long referrer, string? currency, long last)
    {
        var entries = db.LedgerEntries.Where(e => e.Environment == environment && e.ReferrerId == referrer && e.EntrySetId <= last);
        return currency is null ? entries : entries.Where(e => e.Currency == currency);
    }

    /// <summary>What each set changed, in the order of reading.</summary>
    internal static IQueryable<AccountChange> Build(IQueryable<LedgerEntry> entries, long? cursor, PageDirection direction)
    {
        var isOlder = direction == PageDirection.Older;
        if (cursor is { } at) entries = isOlder ? entries.Where(e => e.EntrySetId < at) : entries.Where(e => e.EntrySetId > at);
        var sets = entries.GroupBy(e => new { e.EntrySetId, e.Currency });
        return (isOlder ? sets.OrderByDescending(g => g.Key.EntrySetId).ThenByDescending(g => g.Key.Currency) : sets.OrderBy(g => g.Key.EntrySetId).ThenBy(g => g.Key.Currency))
            .Select(g => new AccountChange(g.Key.EntrySetId, g.Key.Currency, -g.Sum(e => e.Account == LedgerAccount.Payable || e.Account == LedgerAccount.Receivable ? e.Amount : 0)));
    }

    /// <summary>The sums per currency.</summary>
    internal static IQueryable<AccountSum> Sums(IQueryable<LedgerEntry> entries) => entries.GroupBy(e => e.Currency)
        .Select(g => new AccountSum(g.Key, -g.Sum(e => e.Account == LedgerAccount.Payable || e.Account == LedgerAccount.Receivable ? e.Amount : 0)));

    private static async Task<SortedDictionary<string, Money>> BalancesAsync(IQueryable<LedgerEntry> entries, CancellationToken ct)
    {
        var balances = new SortedDictionary<string, Money>(StringComparer.Ordinal);
        foreach (var sum in await Sums(entries).ToListAsync(ct)) balances[sum.Currency] = new Money(sum.Owed, Currency.Parse(sum.Currency));
        return balances;
    }

    /// <summary>Our id of the referrer, and the last set that the query's day allows; 0 where there was none.</summary>
    private static async Task<(long Referrer, long Last)?> AccountAsync(PortalDb db, StatementQuery query, CancellationToken ct)
    {
        var referrer = await db.FindReferrerAsync(query.Environment, query.ProductUserId, ct);
        if (referrer is null) return null;
        if (query.AsOf is not { } day || day == DateOnly.MaxValue) return (referrer.Value, long.MaxValue);
        var end = new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
        return (referrer.Value, await PostingTimes.LastBeforeAsync(db, query.Environment, end, ct) ?? 0);
    }

    private static async Task<IReadOnlyList<StatementLine>> LinesAsync(PortalDb db, IReadOnlyList<AccountChange> changes, List<Money> after, CancellationToken ct)
    {
        var ids = changes.Select(c => c.EntrySetId).ToList();
        var sets = await db.LedgerEntrySets.Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, ct);
        var rewards = await db.RewardPlacesAsync([.. sets.Values.Select(s => s.RewardId).Distinct()], ct);
        return [.. changes.Select((change, i) =>
        {
            var set = sets[change.EntrySetId];
            var reward = rewards.GetValueOrDefault(set.RewardId);
            return new StatementLine(set.WithoutLines(), change.Amount, after[i], reward?.InvoiceId, reward?.ReferralId, reward?.NewUserId);
        })];
    }
}

/// <summary>What one set changed in what is owed.</summary>
internal sealed record AccountChange(long EntrySetId, string Currency, long Owed)
{
    public Money Amount => new(Owed, Core.Currency.Parse(Currency));
}

/// <summary>What is owed in one currency.</summary>
internal sealed record AccountSum(string Currency, long Owed);
