using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>Where a session stands: whose it is, and what the person has proved.</summary>
/// <param name="User">The person, as the account is now.</param>
/// <param name="HasSecondFactor">Whether the account has a second factor.</param>
/// <param name="ConfirmedAt">When the person last gave a code of it.</param>
/// <param name="SeenAt">When the person last did something.</param>
public sealed record SessionStanding(PortalUser User, bool HasSecondFactor, DateTimeOffset? ConfirmedAt, DateTimeOffset SeenAt);

/// <summary>The sessions of people, in the database: what ends one ends it on every instance.</summary>
public sealed class PersonSessions(PortalStore store, TimeProvider clock)
{
    /// <summary>However busy, a session ends after this time.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>Without a sign of the person, after this.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan BetweenSigns = TimeSpan.FromMinutes(1);

    /// <summary>Begins a session and gives its name, which only the cookie will know.</summary>
    public async Task<string> BeginAsync(long userId, bool confirmed, CancellationToken ct)
    {
        var name = RandomNumberGenerator.GetHexString(32, lowercase: true);
        await store.WriteAsync(db =>
        {
            var now = clock.GetUtcNow();
            db.RemoveRange(db.Sessions.Where(s => s.StartedAt < now - Longest).OrderBy(s => s.StartedAt).Take(50).ToList());
            db.Sessions.Add(new PersonSession { Key = KeyOf(name), UserId = userId, StartedAt = now, SeenAt = now, ConfirmedAt = confirmed ? now : null });
        }, ct);
        return name;
    }

    /// <summary>Where a session stands; null when it has ended, by whatever.</summary>
    public async Task<SessionStanding?> FindAsync(string name, long userId, CancellationToken ct)
    {
        var (key, now) = (KeyOf(name), clock.GetUtcNow());
        await using var db = store.OpenRead();
        var session = await db.Sessions.SingleOrDefaultAsync(s => s.Key == key && s.UserId == userId && s.EndedAt == null, ct);
        if (session is null || session.StartedAt < now - Longest || session.SeenAt < now - Idle) return null;
        return await db.Users.SingleOrDefaultAsync(u => u.Id == userId, ct) is { } user
            ? new SessionStanding(user, await db.SecondFactors.AnyAsync(f => f.UserId == userId && f.ConfirmedAt != null, ct), session.ConfirmedAt, session.SeenAt)
            : null;
    }

    /// <summary>Notes that the person did something.</summary>
    public async Task SeeAsync(string name, SessionStanding standing, CancellationToken ct)
    {
        var (key, now) = (KeyOf(name), clock.GetUtcNow());
        if (now - standing.SeenAt < BetweenSigns) return;
        await store.WriteAsync(db =>
        {
            if (db.Sessions.SingleOrDefault(s => s.Key == key) is { EndedAt: null } session) session.SeenAt = now;
        }, ct);
    }

    /// <summary>Notes that the person just gave a code of the second factor.</summary>
    public Task ConfirmAsync(string name, CancellationToken ct) => store.WriteAsync(db =>
    {
        var key = KeyOf(name);
        if (db.Sessions.SingleOrDefault(s => s.Key == key) is { EndedAt: null } session) session.ConfirmedAt = clock.GetUtcNow();
    }, ct);

    /// <summary>Ends a session, once.</summary>
    public Task EndAsync(string name, Actor actor, CancellationToken ct) => store.WriteAsync(db =>
    {
        var key = KeyOf(name);
        if (db.Sessions.SingleOrDefault(s => s.Key == key) is not { EndedAt: null } session) return;
        session.EndedAt = clock.GetUtcNow();
        db.Audit(actor, session.EndedAt.Value, null, "session.signedOut", actor.Name);
    }, ct);

    private static string KeyOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
