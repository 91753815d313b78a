using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Referrals;

namespace Portal.Core.Rewards;

/// <summary>Whether a payment earned something.</summary>
public enum PaymentResult
{
    /// <summary>It earned a reward.</summary>
    Earned,

    /// <summary>It earned nothing, for a reason.</summary>
    Nothing,
}

/// <summary>What to look for among the payments. A filter that is null is not applied.</summary>
public sealed record TransactionQuery
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>Whether it earned something.</summary>
    public PaymentResult? Result { get; init; }

    /// <summary>Why it earned nothing: one of <see cref="ReasonCodes"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>An invoice, charge or customer by its whole id, or the product's id of the new user.</summary>
    public string? Text { get; init; }

    /// <summary>An id from where to go on.</summary>
    public long? Cursor { get; init; }

    /// <summary>Which way to go on.</summary>
    public PageDirection Direction { get; init; }

    /// <summary>Rows wanted, 1 to 200.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Whether anything but the environment restricts it.</summary>
    public bool IsFiltered => Result is not null || Reason is not null || !string.IsNullOrWhiteSpace(Text);
}

/// <summary>One payment, with what came of it.</summary>
/// <param name="Id">Our id.</param>
/// <param name="Kind"><c>invoice</c> or <c>charge</c>.</param>
/// <param name="Scope">Source and account.</param>
/// <param name="ExternalId">The provider's id.</param>
/// <param name="CustomerId">The provider's customer.</param>
/// <param name="NewUserId">The product's id of the referred person; null while the customer has no identity.</param>
/// <param name="Paid">What was paid.</param>
/// <param name="Refunded">What was given back so far.</param>
/// <param name="PaidAt">When it was paid.</param>
/// <param name="Reason">Why it earns nothing; null when it earns something.</param>
/// <param name="ReferralId">Our id of the referral; null while the customer has no identity.</param>
public sealed record TransactionRow(
    long Id, string Kind, string Scope, string ExternalId, string? CustomerId, string? NewUserId, Money Paid, Money Refunded, DateTimeOffset PaidAt, string? Reason,
    long? ReferralId);

/// <summary>One payment with how its result came about.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Explanation">From event to amount, or to none.</param>
/// <param name="Rewards">What it earned.</param>
public sealed record TransactionDetail(TransactionRow Payment, Explanation Explanation, IReadOnlyList<RewardRow> Rewards);

/// <summary>Finds payments, newest first, and explains each.</summary>
public sealed class TransactionSearch(PortalStore store, TimeProvider clock)
{
    /// <summary>One page.</summary>
    public async Task<Page<TransactionRow>> FindAsync(TransactionQuery query, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var rows = await RowsAsync(db, Build(db, query, await ResolveAsync(db, query, ct)).Take(Keyset.Ask(query.Limit)), ct);
        return Keyset.Cut(rows, query.Limit, query.Direction, query.Cursor, r => r.Id);
    }

    /// <summary>
    /// One payment by the provider's id, or null. Where two connected accounts have the same id, the one of the endpoint's own account
    /// comes first.
    /// </summary>
    public async Task<TransactionDetail?> FindAsync(PortalEnvironment environment, string kind, string externalId, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var one = db.Transactions.Where(t => t.Environment == environment && t.ExternalId == externalId && t.Kind == kind).OrderBy(t => t.Scope).Take(1);
        if (await RowsAsync(db, one, ct) is not [var row]) return null;
        var explanation = await db.Transactions.Where(t => t.Id == row.Id).Select(t => t.Explanation).SingleAsync(ct);
        var rewards = await RewardSearch.RowsAsync(db, db.Rewards.Where(r =>
            r.Environment == environment && r.InvoiceId == externalId && r.Scope == row.Scope).OrderBy(r => r.Id), clock.GetUtcNow(), ct);
        return new TransactionDetail(row, Explanation.FromJson(explanation), rewards);
    }

    /// <summary>The query, in the order of reading.</summary>
    internal static IQueryable<Transaction> Build(PortalDb db, TransactionQuery query, List<long>? wanted)
    {
        var payments = db.Transactions.Where(t => t.Environment == query.Environment);
        if (query.Result == PaymentResult.Earned) payments = payments.Where(t => t.Reason == null);
        if (query.Result == PaymentResult.Nothing) payments = payments.Where(t => t.Reason != null);
        if (query.Reason is { } reason) payments = payments.Where(t => t.Reason == reason);
        if (wanted is not null) payments = payments.Where(t => wanted.Contains(t.Id));
        if (query.Direction == PageDirection.Newer)
            return (query.Cursor is { } after ? payments.Where(t => t.Id > after) : payments).OrderBy(t => t.Id);
        return (query.Cursor is { } below ? payments.Where(t => t.Id < below) : payments).OrderByDescending(t => t.Id);
    }

    /// <summary>The payments that the words name; null where there are no words.</summary>
    internal static async Task<List<long>?> ResolveAsync(PortalDb db, TransactionQuery query, CancellationToken ct)
    {
        const int most = 1_000;
        List<long>? wanted = null;
        foreach (var word in (query.Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(5))
        {
            var named = await db.Transactions.Where(t => t.Environment == query.Environment && t.ExternalId == word).Select(t => t.Id).Take(most).ToListAsync(ct);
            var customers = await db.Customers.Where(c => c.Environment == query.Environment && c.NewUserId == word).Select(c => c.CustomerId).Take(20).ToListAsync(ct);
            customers.Add(word);
            named.AddRange(await db.Transactions.Where(t => t.CustomerId != null && customers.Contains(t.CustomerId) && t.Environment == query.Environment)
                .Select(t => t.Id).Take(most).ToListAsync(ct));
            wanted = wanted is null ? named : [.. wanted.Intersect(named)];
        }
        return wanted;
    }

    internal static async Task<List<TransactionRow>> RowsAsync(PortalDb db, IQueryable<Transaction> transactions, CancellationToken ct)
    {
        var found = await transactions.Select(t => new
        {
            t.Id, t.Kind, t.Scope, t.ExternalId, t.CustomerId, t.ReferralId, t.Currency, t.AmountPaid, t.AmountRefunded, t.PaidAt, t.Reason,
        }).ToListAsync(ct);
        var ids = found.Select(t => t.ReferralId).OfType<long>().Distinct().ToList();
        var people = await db.Referrals.Where(r => ids.Contains(r.Id)).Select(r => new { r.Id, r.NewUserId }).ToDictionaryAsync(r => r.Id, r => r.NewUserId, ct);
        return found.ConvertAll(t =>
        {
            var currency = Currency.Parse(t.Currency);
            return new TransactionRow(t.Id, t.Kind, t.Scope, t.ExternalId, t.CustomerId, t.ReferralId is { } id ? people.GetValueOrDefault(id) : null,
                new Money(t.AmountPaid, currency), new Money(t.AmountRefunded, currency), t.PaidAt, t.Reason, t.ReferralId);
        });
    }
}
