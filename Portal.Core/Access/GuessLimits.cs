using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>
/// How many guesses get a look, counted in the database before the look, so that all instances count together and a thousand
/// guesses at once get no more looks than a thousand in turn. Five at one account from one network; twenty at one account from
/// everywhere, and twenty from one network at everything. The last two do not hold where this account has signed in before, so
/// that nobody can be locked out from elsewhere.
/// </summary>
internal static class GuessLimits
{
    public const int AtOnePair = 5;
    public const int AtOneAccount = 20;
    public const int FromOneNetwork = 20;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(60);

    /// <summary>
    /// Takes one of the guesses that are left; without a network, at this account alone. The first refusal of a window is told
    /// apart, to be noted once.
    /// </summary>
    public static Guess Take(PortalDb db, string account, string? network, DateTimeOffset now)
    {
        Forget(db, now);
        var pair = Find(db, SignInTally.KeyOf("pair", account, network ?? ""), now);
        var isKnown = pair.SucceededAt > now - Remembered;
        List<(SignInTally Tally, int Most, bool Holds)> counted = [(pair, AtOnePair, true)];
        if (network is not null)
        {
            counted.Add((Find(db, SignInTally.KeyOf("account", account, ""), now), AtOneAccount, !isKnown));
            counted.Add((Find(db, SignInTally.KeyOf("network", "", network), now), FromOneNetwork, !isKnown));
        }
        foreach (var (tally, most, holds) in counted)
        {
            if (!holds || tally.Guesses < most) continue;
            var isFirst = tally.Guesses == most;
            tally.Guesses = most + 1;   // one above: the refusal is noted
            return isFirst ? Guess.FirstRefused : Guess.Refused;
        }
        foreach (var (tally, _, _) in counted)
        {
            tally.Guesses++;
            if (db.Entry(tally).State == EntityState.Detached) db.Add(tally);
        }
        return Guess.Looked;
    }

    /// <summary>Gives the guess back that proved right.</summary>
    public static void Succeed(PortalDb db, string account, string? network, DateTimeOffset now)
    {
        var pair = Find(db, SignInTally.KeyOf("pair", account, network ?? ""), now);
        (pair.Guesses, pair.SucceededAt) = (0, now);
        if (db.Entry(pair).State == EntityState.Detached) db.Add(pair);
        if (network is null) return;
        foreach (var other in (SignInTally[])[Find(db, SignInTally.KeyOf("account", account, ""), now), Find(db, SignInTally.KeyOf("network", "", network), now)])
            if (other.Guesses > 0) other.Guesses--;
    }

    private static SignInTally Find(PortalDb db, string key, DateTimeOffset now)
    {
        var tally = db.SignInTallies.Local.FirstOrDefault(t => t.Key == key) ?? db.SignInTallies.SingleOrDefault(t => t.Key == key) ?? new SignInTally { Key = key, Since = now };
        if (tally.Since <= now - Window) (tally.Guesses, tally.Since) = (0, now);
        return tally;
    }

    private static void Forget(PortalDb db, DateTimeOffset now)
    {
        var (old, ancient) = (now - TimeSpan.FromDays(1), now - Remembered);
        db.RemoveRange(db.SignInTallies.Where(t => t.Since < old && (t.SucceededAt == null || t.SucceededAt < ancient)).OrderBy(t => t.Since).Take(10).ToList());
    }
}

/// <summary>What became of a guess.</summary>
internal enum Guess
{
    /// <summary>It may be looked at.</summary>
    Looked,

    /// <summary>It is the first of its window that may not.</summary>
    FirstRefused,

    /// <summary>It may not.</summary>
    Refused,
}
