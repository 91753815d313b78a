using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Rewards;

namespace Portal.Core.Payouts;

/// <summary>What to look for among the payouts. A filter that is null is not applied.</summary>
public sealed record PayoutQuery
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>How far it has come.</summary>
    public PayoutState? State { get; init; }

    /// <summary>An id from where to go on.</summary>
    public long? Cursor { get; init; }

    /// <summary>Which way to go on.</summary>
    public PageDirection Direction { get; init; }

    /// <summary>Rows wanted, 1 to 200.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>Reads payouts, newest first.</summary>
public sealed class PayoutSearch(PortalStore store, TimeProvider clock)
{
    /// <summary>One page.</summary>
    public async Task<Page<PayoutRow>> FindAsync(PayoutQuery query, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var found = await Build(db, query).Take(Keyset.Ask(query.Limit)).ToListAsync(ct);
        return Keyset.Cut(found.ConvertAll(PayoutRow.Of), query.Limit, query.Direction, query.Cursor, p => p.Id);
    }

    /// <summary>One payout with all that is in it, or null where the environment has none of that id.</summary>
    public async Task<PayoutDetail?> FindAsync(PortalEnvironment environment, long id, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        await using var one = await db.Database.BeginTransactionAsync(ct);   // the payout and its lines as of one moment
        if (await db.Payouts.SingleOrDefaultAsync(p => p.Id == id && p.Environment == environment, ct) is not { } payout) return null;
        return LineNow.Detail(PayoutRow.Of(payout), await LineNow.Of(db, id).ToListAsync(ct), clock.GetUtcNow());
    }

    /// <summary>The currencies in which something is not paid yet.</summary>
    public async Task<IReadOnlyList<string>> CurrenciesAsync(PortalEnvironment environment, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.Rewards.Where(r => r.Environment == environment && r.Earned - r.Reversed != r.Paid).Select(r => r.Currency).Distinct().OrderBy(c => c).ToListAsync(ct);
    }

    /// <summary>The query, in the order of reading.</summary>
    internal static IQueryable<Payout> Build(PortalDb db, PayoutQuery query)
    {
        var payouts = db.Payouts.Where(p => p.Environment == query.Environment);
        if (query.State is { } state) payouts = payouts.Where(p => p.State == state);
        if (query.Direction == PageDirection.Newer) return (query.Cursor is { } after ? payouts.Where(p => p.Id > after) : payouts).OrderBy(p => p.Id);
        return (query.Cursor is { } below ? payouts.Where(p => p.Id < below) : payouts).OrderByDescending(p => p.Id);
    }
}
