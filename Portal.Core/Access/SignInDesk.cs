using System.Collections.Concurrent;
using Microsoft.AspNetCore.Identity;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>
/// Checks who wants to come in. A guess is counted before it is looked at, in the database, so that a thousand guesses at once
/// still get no more than five looks; an unknown address costs the same time and is locked out like a known one.
/// </summary>
public sealed class SignInDesk(PortalStore store, IPasswordHasher<PortalUser> hasher, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>Wrong passwords in a row until the account is locked.</summary>
    public const int MostFailures = 5;

    /// <summary>For how long.</summary>
    public static readonly TimeSpan LockOut = TimeSpan.FromMinutes(10);

    /// <summary>The code of a refusal that time will cure.</summary>
    public const string Locked = "locked";

    /// <summary>The code of a wrong address or password; which of them, it does not say.</summary>
    public const string Credentials = "credentials";

    private const int MostStrangers = 10_000;
    private static readonly Problem WrongCredentials = new(Credentials, "This e-mail address and password do not belong together.");
    private static readonly Problem LockedOut = new(Locked, "Too many wrong passwords. Try again in ten minutes.");
    private readonly ConcurrentDictionary<string, (int Failures, DateTimeOffset LockoutEnd)> _strangers = new(StringComparer.Ordinal);
    private readonly Lazy<string> _dummyHash = new(() => hasher.HashPassword(NoUser, Guid.NewGuid().ToString()));

    private static readonly PortalUser NoUser = new() { Email = "", NormalizedEmail = "" };

    /// <summary>The person, or why not. Every outcome is in the audit log.</summary>
    public async Task<Outcome<PortalUser>> CheckAsync(string? email, string? password, Actor peer, CancellationToken ct)
    {
        var name = normalizer.NormalizeEmail(email?.Trim()) ?? "";
        var target = CurrentActor.Shorten(email);
        var (user, open) = await store.WriteAsync(db => CountAttempt(db, name), ct);
        if (!open)
        {
            await NoteAsync(peer, "session.refused", target, Locked, ct);
            return LockedOut;
        }
        var verdict = hasher.VerifyHashedPassword(user ?? NoUser, user?.PasswordHash ?? _dummyHash.Value, Capped(password));
        if (user?.PasswordHash is null || verdict == PasswordVerificationResult.Failed)
        {
            await NoteAsync(peer, "session.refused", target, Credentials, ct);
            if (user?.LockoutEnd is { } end) await NoteAsync(peer, "user.lockedOut", user.Email, $"until {end:O}", ct);
            return WrongCredentials;
        }
        await store.WriteAsync(db =>
        {
            var stored = db.Users.Single(u => u.Id == user.Id);
            (stored.AccessFailedCount, stored.LockoutEnd) = (0, null);
            db.Audit(peer with { Name = user.Email }, clock.GetUtcNow(), null, "session.signedIn", user.Email);
        }, ct);
        return user;
    }

    /// <summary>Takes one of the attempts that are left; the last one locks the account until it proves right.</summary>
    private (PortalUser? User, bool Open) CountAttempt(PortalDb db, string name)
    {
        var now = clock.GetUtcNow();
        if (db.Users.SingleOrDefault(u => u.NormalizedEmail == name) is not { } user) return (null, CountStranger(name, now));
        if (user.LockoutEnd > now) return (user, false);
        user.AccessFailedCount++;
        if (user.AccessFailedCount >= MostFailures) (user.AccessFailedCount, user.LockoutEnd) = (0, now + LockOut);
        return (user, true);
    }

    private bool CountStranger(string name, DateTimeOffset now)
    {
        if (_strangers.Count >= MostStrangers) _strangers.Clear();   // a bound, not a memory
        var before = _strangers.GetValueOrDefault(name);
        if (before.LockoutEnd > now) return false;
        _strangers[name] = before.Failures + 1 >= MostFailures ? (0, now + LockOut) : (before.Failures + 1, default);
        return true;
    }

    private Task NoteAsync(Actor peer, string action, string target, string why, CancellationToken ct) =>
        store.WriteAsync(db => db.Audit(peer, clock.GetUtcNow(), null, action, target, after: why), ct);

    private static string Capped(string? password) => password is { Length: <= PasswordRules.Longest } ? password : "";
}
