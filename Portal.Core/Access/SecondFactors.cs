using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>How a person's second factor stands.</summary>
/// <param name="Since">Since when it is asked for; null when there is none.</param>
/// <param name="RecoveryCodes">Recovery codes that are left.</param>
public sealed record SecondFactorStanding(DateTimeOffset? Since, int RecoveryCodes);

/// <summary>Second factors: set up with a first code, asked for at sign-in and before deeds that move money or open Production.</summary>
public sealed class SecondFactors(PortalStore store, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>For how long a code is good for deeds that ask for a fresh one.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    private const int Codes = 10;
    private const int StepsToConfirm = 22;   // some ten minutes
    private static readonly Problem Wrong = new("secondFactor", "That is not the code that the app shows now.", "code");
    private static readonly Problem TooMany = new(SignInDesk.Locked, "Too many wrong codes. Try again in ten minutes.", "code");
    private readonly IDataProtector _protector = protection.CreateProtector("Portal.SecondFactor");

    /// <summary>How it stands.</summary>
    public async Task<SecondFactorStanding> FindAsync(long userId, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var factor = await db.SecondFactors.SingleOrDefaultAsync(f => f.UserId == userId && f.ConfirmedAt != null, ct);
        return new SecondFactorStanding(factor?.ConfirmedAt, factor is null ? 0 : HashesOf(factor).Length);
    }

    /// <summary>The secret to give to the app, spelled in base 32. While it is not confirmed, the same one for ten minutes.</summary>
    public async Task<string> BeginAsync(long userId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var fresh = RandomNumberGenerator.GetBytes(TimeCodes.SecretSize);
        var sealedFresh = Convert.ToBase64String(_protector.Protect(fresh));
        var kept = await store.WriteAsync(db =>
        {
            if (db.SecondFactors.SingleOrDefault(f => f.UserId == userId) is { } there)
            {
                if (there.ConfirmedAt is not null) throw new InvalidOperationException("The second factor is set up already.");
                // Who saw it and went away must not know what somebody confirms weeks later.
                if (TimeCodes.StepOf(now) - there.LastStep <= StepsToConfirm) return there.ProtectedSecret;
                (there.ProtectedSecret, there.LastStep) = (sealedFresh, BeforeFirst(now));
                return sealedFresh;
            }
            db.SecondFactors.Add(new SecondFactor { UserId = userId, ProtectedSecret = sealedFresh, LastStep = BeforeFirst(now), RecoveryHashes = "" });
            return sealedFresh;
        }, ct);
        return TimeCodes.Spell(Reveal(kept));
    }

    /// <summary>No code of before the secret was made is one; the clock of the app may be half a minute behind.</summary>
    private static long BeforeFirst(DateTimeOffset now) => TimeCodes.StepOf(now) - 2;

    /// <summary>Proves that the app has the secret, and gives the recovery codes, which are shown once.</summary>
    public async Task<Outcome<IReadOnlyList<string>>> SetUpAsync(long userId, string? code, Actor actor, CancellationToken ct)
    {
        if (await FindSecretAsync(userId, ct) is not { } secret) return Wrong;
        var recovery = Enumerable.Range(0, Codes).Select(_ => NewRecoveryCode()).ToList();
        var hashes = string.Join(' ', recovery.Select(HashOf));
        var now = clock.GetUtcNow();
        return await store.WriteAsync<Outcome<IReadOnlyList<string>>>(db =>
        {
            if (GuessLimits.Take(db, CodesOf(userId), null, now) != Guess.Looked) return TooMany;
            if (db.SecondFactors.SingleOrDefault(f => f.UserId == userId) is not { ConfirmedAt: null } factor) return Wrong;
            if (TimeCodes.Match(secret, code, now, factor.LastStep) is not { } step) return Wrong;
            GuessLimits.Succeed(db, CodesOf(userId), null, now);
            (factor.ConfirmedAt, factor.LastStep, factor.RecoveryHashes) = (now, step, hashes);
            db.Audit(actor, now, null, "secondFactor.added", actor.Name);
            return recovery;
        }, ct);
    }

    /// <summary>Takes a code of the app, or a recovery code; each is taken once. Null when it is right.</summary>
    public async Task<Problem?> CheckAsync(long userId, string? code, Actor actor, CancellationToken ct)
    {
        var secret = await FindSecretAsync(userId, ct);
        var now = clock.GetUtcNow();
        return await store.WriteAsync(db =>
        {
            var guess = GuessLimits.Take(db, CodesOf(userId), null, now);
            if (guess == Guess.FirstRefused) db.Audit(actor, now, null, "secondFactor.refused", actor.Name, after: SignInDesk.Locked);
            if (guess != Guess.Looked) return TooMany;
            if (db.SecondFactors.SingleOrDefault(f => f.UserId == userId && f.ConfirmedAt != null) is not { } factor) return Wrong;
            if (secret is not null && TimeCodes.Match(secret, code, now, factor.LastStep) is { } step) factor.LastStep = step;
            else if (HashesOf(factor) is var left && left.Contains(HashOf(code)))
            {
                factor.RecoveryHashes = string.Join(' ', left.Where(h => h != HashOf(code)));
                db.Audit(actor, now, null, "secondFactor.recoveryCodeUsed", actor.Name, after: $"{left.Length - 1} left");
            }
            else
            {
                db.Audit(actor, now, null, "secondFactor.refused", actor.Name);
                return Wrong;
            }
            GuessLimits.Succeed(db, CodesOf(userId), null, now);
            return null;
        }, ct);
    }

    /// <summary>Takes the second factor away, from oneself or, for who lost everything, from somebody else.</summary>
    public Task<bool> RemoveAsync(long userId, Actor actor, CancellationToken ct) => store.WriteAsync(db =>
    {
        if (db.SecondFactors.SingleOrDefault(f => f.UserId == userId) is not { } factor) return false;
        db.SecondFactors.Remove(factor);
        if (factor.ConfirmedAt is not null) db.Audit(actor, clock.GetUtcNow(), null, "secondFactor.removed", db.Users.Single(u => u.Id == userId).Email);
        return factor.ConfirmedAt is not null;
    }, ct);

    /// <summary>Read before the write: what encrypts must not wait inside of one.</summary>
    private async Task<byte[]?> FindSecretAsync(long userId, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        if (await db.SecondFactors.SingleOrDefaultAsync(f => f.UserId == userId, ct) is not { } factor) return null;
        try
        {
            return Reveal(factor.ProtectedSecret);
        }
        catch (CryptographicException)   // the key ring is gone: the recovery codes still work
        {
            return null;
        }
    }

    private byte[] Reveal(string protectedSecret) => _protector.Unprotect(Convert.FromBase64String(protectedSecret));

    private static string NewRecoveryCode() => string.Join('-', TimeCodes.Spell(RandomNumberGenerator.GetBytes(10)).Chunk(4).Select(part => new string(part)));

    private static string HashOf(string? code) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat((code ?? "").Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant())));

    private static string[] HashesOf(SecondFactor factor) => factor.RecoveryHashes.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string CodesOf(long userId) => $"codes of {userId}";
}
