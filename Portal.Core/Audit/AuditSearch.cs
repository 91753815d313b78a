using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;

namespace Portal.Core.Audit;

/// <summary>What to look for in the audit log. A filter that is null is not applied.</summary>
public sealed record AuditQuery
{
    /// <summary>What was changed in this environment.</summary>
    public PortalEnvironment? Environment { get; init; }

    /// <summary>Who, whole.</summary>
    public string? Actor { get; init; }

    /// <summary>What was done, whole, such as <c>payout.approved</c>.</summary>
    public string? Action { get; init; }

    /// <summary>At or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>An id from where to go on.</summary>
    public long? Cursor { get; init; }

    /// <summary>Which way to go on.</summary>
    public PageDirection Direction { get; init; }

    /// <summary>Entries wanted, 1 to 200.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Whether anything restricts it.</summary>
    public bool IsFiltered => (Actor ?? Action) is not null || Environment is not null || From is not null || To is not null;
}

/// <summary>Reads the audit log, newest first. Every filter rests on an index.</summary>
public sealed class AuditSearch(PortalStore store)
{
    /// <summary>One page.</summary>
    public async Task<Page<AuditEntry>> FindAsync(AuditQuery query, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var entries = db.AuditLog;
        var found = entries.AsQueryable();
        if (query.Environment is { } environment) found = found.Where(a => a.Environment == environment);
        if (query.Actor is { } actor) found = found.Where(a => a.Actor == actor);
        if (query.Action is { } action) found = found.Where(a => a.Action == action);
        // Ids and times rise together, for both are given by one writer at a time.
        if (query.From is { } from)
        {
            if (await entries.Where(a => a.At >= from).OrderBy(a => a.At).ThenBy(a => a.Id).Select(a => (long?)a.Id).FirstOrDefaultAsync(ct) is not { } first) return Page<AuditEntry>.Empty;
            found = found.Where(a => a.Id >= first);
        }
        if (query.To is { } to)
        {
            if (await entries.Where(a => a.At < to).OrderByDescending(a => a.At).ThenByDescending(a => a.Id).Select(a => (long?)a.Id).FirstOrDefaultAsync(ct) is not { } last) return Page<AuditEntry>.Empty;
            found = found.Where(a => a.Id <= last);
        }
        var isOlder = query.Direction == PageDirection.Older;
        if (query.Cursor is { } cursor) found = isOlder ? found.Where(a => a.Id < cursor) : found.Where(a => a.Id > cursor);
        var rows = await (isOlder ? found.OrderByDescending(a => a.Id) : found.OrderBy(a => a.Id)).Take(Keyset.Ask(query.Limit)).ToListAsync(ct);
        return Keyset.Cut(rows, query.Limit, query.Direction, query.Cursor, a => a.Id);
    }

    /// <summary>Looks at the whole chain.</summary>
    public Task<AuditVerdict> VerifyAsync(CancellationToken ct) => AuditChain.VerifyAsync(store, ct);
}
