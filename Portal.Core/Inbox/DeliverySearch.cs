using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;

namespace Portal.Core.Inbox;

/// <summary>What to look for among the raw requests.</summary>
public sealed record DeliveryQuery
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>What became of them; all for null.</summary>
    public DeliveryOutcome? Outcome { get; init; }

    /// <summary>An id from where to go on.</summary>
    public long? Cursor { get; init; }

    /// <summary>Which way to go on.</summary>
    public PageDirection Direction { get; init; }

    /// <summary>Rows wanted, 1 to 200.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>One request.</summary>
/// <param name="Id">Our id.</param>
/// <param name="Source"><c>stripe</c>.</param>
/// <param name="ReceivedAt">Our clock.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="ReasonCode">A stable word for why it was rejected or is odd.</param>
/// <param name="Reason">The same in a sentence.</param>
/// <param name="RemoteAddress">The peer's address.</param>
/// <param name="BodyLength">Bytes received.</param>
/// <param name="BodySha256">Their digest, hexadecimal.</param>
/// <param name="EventId">The event it carried; none when rejected.</param>
public sealed record DeliveryRow(
    long Id, string Source, DateTimeOffset ReceivedAt, DeliveryOutcome Outcome, string? ReasonCode, string? Reason,
    string? RemoteAddress, int BodyLength, string BodySha256, long? EventId);

/// <summary>Finds raw requests, newest first.</summary>
public sealed class DeliverySearch(PortalStore store)
{
    /// <summary>One page.</summary>
    public async Task<Page<DeliveryRow>> FindAsync(DeliveryQuery query, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var ask = Keyset.Ask(query.Limit);
        var rows = new List<DeliveryRow>();
        // One query per outcome, so that each follows the index.
        foreach (var outcome in query.Outcome is { } one ? [one] : Enum.GetValues<DeliveryOutcome>())
            rows.AddRange(await RowsAsync(Build(db, query, outcome).Take(ask), ct));
        rows = query.Direction == PageDirection.Older
            ? [.. rows.OrderByDescending(r => r.Id).Take(ask)]
            : [.. rows.OrderBy(r => r.Id).Take(ask)];
        return Keyset.Cut(rows, query.Limit, query.Direction, query.Cursor, r => r.Id);
    }

    /// <summary>The query for one outcome, in the order of reading.</summary>
    internal static IQueryable<Delivery> Build(PortalDb db, DeliveryQuery query, DeliveryOutcome outcome)
    {
        var deliveries = db.Deliveries.Where(d => d.Environment == query.Environment && d.Outcome == outcome);
        if (query is { Direction: PageDirection.Newer })
            return (query.Cursor is { } after ? deliveries.Where(d => d.Id > after) : deliveries).OrderBy(d => d.Id);
        return (query.Cursor is { } below ? deliveries.Where(d => d.Id < below) : deliveries).OrderByDescending(d => d.Id);
    }

    internal static async Task<List<DeliveryRow>> RowsAsync(IQueryable<Delivery> deliveries, CancellationToken ct)
    {
        var found = await deliveries.Select(d => new
        {
            d.Id, d.Source, d.ReceivedAt, d.Outcome, d.ReasonCode, d.Reason, d.RemoteAddress, d.BodyLength, d.BodySha256, d.EventId,
        }).ToListAsync(ct);
        return found.ConvertAll(d => new DeliveryRow(
            d.Id, d.Source, d.ReceivedAt, d.Outcome, d.ReasonCode, d.Reason, d.RemoteAddress, d.BodyLength,
            Convert.ToHexStringLower(d.BodySha256), d.EventId));
    }
}
