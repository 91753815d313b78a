using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>
/// The secrets by which one kind of sender proves itself: encrypted in the database, decrypted once into memory for the endpoint,
/// two at a time while one replaces the other.
/// </summary>
/// <param name="store">Where they lie.</param>
/// <param name="protection">Encrypts them.</param>
/// <param name="clock">Our time.</param>
/// <param name="source">Whose they are, as deliveries name it.</param>
/// <param name="name">What the audit log calls one, such as <c>signingSecret</c>.</param>
public abstract class ProviderSecrets(PortalStore store, IDataProtectionProvider protection, TimeProvider clock, string source, string name)
{
    /// <summary>The longest that an old secret may live beside its successor.</summary>
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromHours(72);

    /// <summary>For how long the memory is believed: another instance may have added, rolled or revoked a secret meanwhile.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly IDataProtector _protector = protection.CreateProtector("Portal.SigningSecret");
    private readonly Lock _loading = new();
    private readonly Lock _renewing = new();
    private readonly Known?[] _known = new Known?[PortalEnvironments.All.Count];
    private readonly long[] _askedAgainAt = new long[PortalEnvironments.All.Count];

    /// <summary>The secrets that are accepted at <paramref name="now"/>. Allocates only after a change or an expiry, and every few seconds.</summary>
    public SecretSnapshot ActiveFor(PortalEnvironment environment, DateTimeOffset now)
    {
        var known = Volatile.Read(ref _known[(int)environment]);
        if (known is null) return Load(environment, now).Snapshot;
        if (now < known.ValidUntil || !_renewing.TryEnter()) return known.Snapshot;   // while one asks, the others go on with what was believed
        try
        {
            return Load(environment, now).Snapshot;
        }
        catch (Exception exception) when (store.IsUnavailable(exception))
        {
            // Nothing can be stored either, so nothing is accepted by what is stale; but nobody waits for the database to be asked again.
            Volatile.Write(ref _known[(int)environment], known with { ValidUntil = now + BetweenTries });
            return known.Snapshot;
        }
        finally
        {
            _renewing.Exit();
        }
    }

    /// <summary>Judges by the secrets that are believed, and where none of them fits once more by the database's own word.</summary>
    /// <param name="environment">Whose.</param>
    /// <param name="now">Our time.</param>
    /// <param name="judge">The verdict by some secrets.</param>
    /// <param name="fits">Whether another secret could change nothing about it.</param>
    /// <returns>The verdict, with the secrets that it was reached by.</returns>
    public (SecretSnapshot Known, T Verdict) Verify<T>(PortalEnvironment environment, DateTimeOffset now, Func<SecretSnapshot, T> judge, Func<T, bool> fits)
    {
        var known = ActiveFor(environment, now);
        var verdict = judge(known);
        return !fits(verdict) && AskAgain(environment, known, now) is { } newer ? (newer, judge(newer)) : (known, verdict);
    }

    /// <summary>
    /// What is accepted by the database's own word, for a delivery that no secret fits: another portal may have added one a moment ago. Asked
    /// at most a few times a second, so that whoever floods the endpoint does not reach the database.
    /// </summary>
    /// <returns>Null where it is what was believed, or was asked just now.</returns>
    private SecretSnapshot? AskAgain(PortalEnvironment environment, SecretSnapshot believed, DateTimeOffset now)
    {
        ref var asked = ref _askedAgainAt[(int)environment];
        if (Volatile.Read(ref asked) is > 0 and var before && Stopwatch.GetElapsedTime(before) < BetweenQuestions) return null;
        Volatile.Write(ref asked, Stopwatch.GetTimestamp());
        var snapshot = Load(environment, now).Snapshot;
        return snapshot.Ids.SequenceEqual(believed.Ids) ? null : snapshot;
    }

    /// <summary>Adds a secret beside those that are there.</summary>
    public Task<Outcome<SigningSecretRow>> AddAsync(PortalEnvironment environment, string? secret, Actor actor, CancellationToken ct) =>
        StoreAsync(environment, secret, actor, $"{name}.added", (_, _) => null, ct);

    /// <summary>Replaces the secrets that are there; they are accepted for the overlap still, so that nothing under way is refused.</summary>
    public async Task<Outcome<SigningSecretRow>> RollAsync(PortalEnvironment environment, string? secret, TimeSpan overlap, Actor actor, CancellationToken ct)
    {
        if (overlap < TimeSpan.Zero || overlap > LongestOverlap) return new Problem("overlapInvalid", "The overlap is between 0 and 72 hours.", "overlap");
        return await StoreAsync(environment, secret, actor, $"{name}.rolled", (active, now) =>
        {
            var end = now + overlap;
            foreach (var old in active) old.ExpiresAt = old.ExpiresAt < end ? old.ExpiresAt : end;
            return $"{string.Join(", ", active.Select(s => Masked(s.LastFour)))} until {end:u}";
        }, ct);
    }

    /// <summary>Ends a secret at once. False if there is no such living secret.</summary>
    public async Task<bool> RevokeAsync(PortalEnvironment environment, long id, Actor actor, CancellationToken ct)
    {
        var revoked = await store.WriteAsync(db =>
        {
            if (db.SigningSecrets.SingleOrDefault(s => s.Environment == environment && s.Id == id && s.RevokedAt == null) is not { } secret) return false;
            secret.RevokedAt = clock.GetUtcNow();
            db.Audit(actor, secret.RevokedAt.Value, environment, $"{name}.revoked", Masked(secret.LastFour));
            return true;
        }, ct);
        Load(environment, clock.GetUtcNow());
        return revoked;
    }

    /// <summary>All secrets of an environment, newest first.</summary>
    public async Task<IReadOnlyList<SigningSecretRow>> ListAsync(PortalEnvironment environment, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = store.OpenRead();
        var secrets = await db.SigningSecrets.Where(s => s.Environment == environment && s.Source == source).OrderByDescending(s => s.Id).ToListAsync(ct);
        return [.. secrets.Select(s => Row(s, now))];
    }

    /// <summary>Why a text is no such secret; null when it is one.</summary>
    protected abstract Problem? Judge(string? secret);

    /// <summary>As it is shown to people, who know it by its end.</summary>
    protected abstract string Masked(string lastFour);

    private async Task<Outcome<SigningSecretRow>> StoreAsync(
        PortalEnvironment environment, string? text, Actor actor, string action, Func<List<SigningSecret>, DateTimeOffset, string?> retire, CancellationToken ct)
    {
        if (Judge(text) is { } problem) return problem;
        var plain = text!.Trim();
        var now = clock.GetUtcNow();
        var added = new SigningSecret
        {
            Environment = environment,
            Source = source,
            ProtectedValue = _protector.Protect(plain),
            LastFour = plain[^4..],
            CreatedAt = now,
            CreatedBy = actor.Name,
        };
        var outcome = await store.WriteAsync<Outcome<SigningSecret>>(db =>
        {
            var active = Active(db, environment, now).ToList();
            if (active.Any(s => Reveal(s) is { } value && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(plain))))
                return new Problem($"{name}Known", "This secret is active already.", "secret", ProblemKind.Conflict);
            var before = retire(active, now);
            db.SigningSecrets.Add(added);
            db.Audit(actor, now, environment, action, Masked(added.LastFour), before);
            return added;
        }, ct);
        Load(environment, now);
        return outcome.TryGet(out var stored, out problem) ? Row(stored, now) : problem;
    }

    /// <summary>Reads what is active into memory; the answer holds until something changes, the first of them expires, or it is some seconds old.</summary>
    private Known Load(PortalEnvironment environment, DateTimeOffset now)
    {
        lock (_loading)
        {
            using var db = store.OpenRead();
            var readable = Active(db, environment, now).OrderByDescending(s => s.Id).AsEnumerable()
                .Select(s => (Secret: s, Value: Reveal(s))).Where(s => s.Value is not null).ToList();
            var snapshot = readable.Count == 0 ? SecretSnapshot.None : new SecretSnapshot(
                [.. readable.Select(s => s.Secret.Id)], [.. readable.Select(s => Encoding.UTF8.GetBytes(s.Value!))]);
            var (expires, stale) = (readable.Min(s => s.Secret.ExpiresAt), now + Believed);
            var known = new Known(snapshot, expires < stale ? expires.Value : stale);
            Volatile.Write(ref _known[(int)environment], known);
            return known;
        }
    }

    private IQueryable<SigningSecret> Active(PortalDb db, PortalEnvironment environment, DateTimeOffset now) => db.SigningSecrets.Where(s =>
        s.Environment == environment && s.Source == source && s.RevokedAt == null && (s.ExpiresAt == null || s.ExpiresAt > now));

    private string? Reveal(SigningSecret secret)
    {
        try
        {
            return _protector.Unprotect(secret.ProtectedValue);
        }
        catch (CryptographicException)   // the key ring is gone: the list says so, and the others still work
        {
            return null;
        }
    }

    private SigningSecretRow Row(SigningSecret s, DateTimeOffset now)
    {
        var state = s switch
        {
            { RevokedAt: not null } => SecretState.Revoked,
            _ when !s.IsActive(now) => SecretState.Expired,
            _ when Reveal(s) is null => SecretState.Unreadable,
            { ExpiresAt: not null } => SecretState.Expiring,
            _ => SecretState.Active,
        };
        return new(s.Id, s.LastFour, s.CreatedAt, s.CreatedBy, s.LastUsedAt, s.ExpiresAt, s.RevokedAt, state);
    }

    private sealed record Known(SecretSnapshot Snapshot, DateTimeOffset ValidUntil);
}
