using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Access;

/// <summary>
/// Sessions that were signed out and whose cookies, wherever a copy of them may be, must not work again. Read back from the
/// audit log at start, so that a restart does not revive them.
/// </summary>
public sealed class EndedSessions(PortalStore store, TimeProvider clock)
{
    internal const string SignedOut = "session.signedOut";
    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = new(StringComparer.Ordinal);

    internal bool Contains(string session) => _ended.ContainsKey(session);

    internal async Task EndAsync(ClaimsPrincipal person, Actor actor, CancellationToken ct)
    {
        if (person.FindFirstValue(PortalClaims.Session) is not { } session || !_ended.TryAdd(session, clock.GetUtcNow())) return;
        foreach (var (old, at) in _ended)
        {
            if (at < clock.GetUtcNow() - SessionGuard.Longest) _ended.TryRemove(old, out _);
        }
        await store.WriteAsync(db => db.Audit(actor, clock.GetUtcNow(), null, SignedOut, actor.Name, before: session), ct);
    }

    internal async Task LoadAsync(CancellationToken ct)
    {
        var since = clock.GetUtcNow() - SessionGuard.Longest;
        await using var db = store.OpenRead();
        var ended = await db.AuditLog.Where(a => a.Environment == null && a.Action == SignedOut && a.At > since).Select(a => new { a.Before, a.At }).ToListAsync(ct);
        foreach (var entry in ended) _ended[entry.Before ?? ""] = entry.At;
    }
}

/// <summary>Whether a session still holds: asked for each request with a cookie, and twice a minute for each open page.</summary>
public sealed class SessionGuard(PortalStore store, EndedSessions ended, TimeProvider clock)
{
    /// <summary>However busy, a session ends after this time.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>Without a request, after this.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    internal async Task<bool> HoldsAsync(ClaimsPrincipal? person, CancellationToken ct)
    {
        if (person?.FindFirstValue(PortalClaims.Session) is not { } session || ended.Contains(session)) return false;
        if (!TryReadNumber(person, PortalClaims.Issued, out var issued) || !TryReadNumber(person, ClaimTypes.NameIdentifier, out var id)) return false;
        if (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(issued) > Longest) return false;
        await using var db = store.OpenRead();
        return await db.Users.SingleOrDefaultAsync(u => u.Id == id, ct) is { } user
            && user.SecurityStamp == person.FindFirstValue(PortalClaims.Stamp)
            && user.Role.Word() == person.FindFirstValue(ClaimTypes.Role);
    }

    private static bool TryReadNumber(ClaimsPrincipal person, string claim, out long value) =>
        long.TryParse(person.FindFirstValue(claim), NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
