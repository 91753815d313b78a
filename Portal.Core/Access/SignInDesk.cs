using Microsoft.AspNetCore.Identity;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>
/// Checks who wants to come in. A guess is counted before it is looked at (<see cref="GuessLimits"/>); an unknown address costs
/// the same time and is refused like a known one.
/// </summary>
public sealed class SignInDesk(PortalStore store, IPasswordHasher<PortalUser> hasher, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>The code of a refusal that time will cure.</summary>
    public const string Locked = "locked";

    /// <summary>The code of a wrong address or password; which of them, it does not say.</summary>
    public const string Credentials = "credentials";

    private static readonly Problem WrongCredentials = new(Credentials, "This e-mail address and password do not belong together.");
    private static readonly Problem LockedOut = new(Locked, "Too many wrong passwords. Try again in ten minutes.");
    private static readonly PortalUser NoUser = new() { Email = "", NormalizedEmail = "" };
    private readonly Lazy<string> _dummyHash = new(() => hasher.HashPassword(NoUser, Guid.NewGuid().ToString()));

    /// <summary>The person, or why not. Wrong passwords and right ones are in the audit log; of refusals without a look, the first of each ten minutes.</summary>
    public async Task<Outcome<PortalUser>> CheckAsync(string? email, string? password, Actor peer, CancellationToken ct)
    {
        var name = normalizer.NormalizeEmail(email?.Trim()) ?? "";
        var (network, target) = (PeerNetwork.Of(peer.RemoteAddress), CurrentActor.Shorten(email));
        var (user, guess) = await store.WriteAsync(db =>
        {
            var now = clock.GetUtcNow();
            var guess = GuessLimits.Take(db, name, network, now);
            if (guess == Guess.FirstRefused) db.Audit(peer, now, null, "session.refused", target, after: Locked);
            return (db.Users.SingleOrDefault(u => u.NormalizedEmail == name), guess);
        }, ct);
        if (guess != Guess.Looked) return LockedOut;
        var verdict = hasher.VerifyHashedPassword(user ?? NoUser, user?.PasswordHash ?? _dummyHash.Value, Capped(password));
        if (user?.PasswordHash is null || verdict == PasswordVerificationResult.Failed)
        {
            await store.WriteAsync(db => db.Audit(peer, clock.GetUtcNow(), null, "session.refused", target, after: Credentials), ct);
            return WrongCredentials;
        }
        await store.WriteAsync(db => GuessLimits.Succeed(db, name, network, clock.GetUtcNow()), ct);
        return user;
    }

    /// <summary>Notes that somebody came in, with all that was asked for.</summary>
    public Task NoteAsync(PortalUser user, Actor peer, CancellationToken ct) => store.WriteAsync(
        db => db.Audit(peer with { Name = user.Email }, clock.GetUtcNow(), null, "session.signedIn", user.Email), ct);

    private static string Capped(string? password) => password is { Length: <= PasswordRules.Longest } ? password : "";
}
