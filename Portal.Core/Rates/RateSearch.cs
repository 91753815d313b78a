using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;

namespace Portal.Core.Rates;

/// <summary>What became of a row of the rate table.</summary>
public enum RateState
{
    /// <summary>The newest of its pair and day.</summary>
    Standing,

    /// <summary>A later row of the same pair and day took its place.</summary>
    Replaced,

    /// <summary>It takes the day's rate back, and is the newest.</summary>
    Withdrawal,
}

/// <summary>What to look for in the rate table. A filter that is null is not applied.</summary>
public sealed record RateQuery
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>ISO code.</summary>
    public string? From { get; init; }

    /// <summary>ISO code.</summary>
    public string? To { get; init; }

    /// <summary>An id from where to go on.</summary>
    public long? Cursor { get; init; }

    /// <summary>Which way to go on.</summary>
    public PageDirection Direction { get; init; }

    /// <summary>Rows wanted, 1 to 200.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Whether anything but the environment restricts it.</summary>
    public bool IsFiltered => From is not null || To is not null;
}

/// <summary>One row of the rate table.</summary>
/// <param name="Id">Our id.</param>
/// <param name="From">One major unit of this currency</param>
/// <param name="To">costs so many major units of this one.</param>
/// <param name="Day">The first day it holds for.</param>
/// <param name="Rate">How many, as it was given; null takes the day's rate back.</param>
/// <param name="State">What became of it.</param>
/// <param name="Note">Where it is from, or why it was taken back.</param>
/// <param name="CreatedAt">When it was written down.</param>
/// <param name="CreatedBy">By whom.</param>
public sealed record RateRow(
    long Id, string From, string To, DateOnly Day, string? Rate, RateState State, string? Note, DateTimeOffset CreatedAt, string CreatedBy)
{
    internal static RateRow Of(StoredRate r, bool isNewest) => new(r.Id, r.FromCurrency, r.ToCurrency, r.Day, r.Rate,
        !isNewest ? RateState.Replaced : r.Rate is null ? RateState.Withdrawal : RateState.Standing, r.Note, r.CreatedAt, r.CreatedBy);
}

/// <summary>What the page of the rates shows.</summary>
/// <param name="Current">Each pair's rate today.</param>
/// <param name="Pair">All days of the pair that was asked for, or of the only one, oldest first.</param>
/// <param name="Rows">What was said, newest first.</param>
public sealed record RateView(IReadOnlyList<RateRow> Current, IReadOnlyList<ExchangeRate> Pair, Page<RateRow> Rows);

/// <summary>Reads the rate table, newest first.</summary>
internal static class RateSearch
{
    /// <summary>One page.</summary>
    public static async Task<Page<RateRow>> FindAsync(PortalDb db, RateQuery query, CancellationToken ct)
    {
        var rows = await RowsAsync(db, Build(db, query).Take(Keyset.Ask(query.Limit)), ct);
        return Keyset.Cut(rows, query.Limit, query.Direction, query.Cursor, r => r.Id);
    }

    /// <summary>The query, in the order of reading.</summary>
    public static IQueryable<StoredRate> Build(PortalDb db, RateQuery query)
    {
        var rates = db.Rates.Where(r => r.Environment == query.Environment);
        if (query.From is { } from) rates = rates.Where(r => r.FromCurrency == from);
        if (query.To is { } to) rates = rates.Where(r => r.ToCurrency == to);
        if (query.Direction == PageDirection.Newer) return (query.Cursor is { } after ? rates.Where(r => r.Id > after) : rates).OrderBy(r => r.Id);
        return (query.Cursor is { } below ? rates.Where(r => r.Id < below) : rates).OrderByDescending(r => r.Id);
    }

    /// <summary>The rows, in the order of the query.</summary>
    public static async Task<List<RateRow>> RowsAsync(PortalDb db, IQueryable<StoredRate> rates, CancellationToken ct)
    {
        var all = db.Rates;
        var found = await rates.Select(r => new
        {
            Rate = r,
            IsReplaced = all.Any(later => later.Environment == r.Environment && later.FromCurrency == r.FromCurrency && later.ToCurrency == r.ToCurrency
                && later.Id > r.Id && later.Day == r.Day),
        }).ToListAsync(ct);
        return found.ConvertAll(r => RateRow.Of(r.Rate, !r.IsReplaced));
    }
}
