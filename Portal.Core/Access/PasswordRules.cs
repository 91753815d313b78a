using System.Collections.Frozen;

namespace Portal.Core.Access;

/// <summary>What a password must be: long, not one of those that everybody guesses first, and not the address itself. Nothing else.</summary>
public static class PasswordRules
{
    /// <summary>The fewest characters.</summary>
    public const int Shortest = 12;

    /// <summary>The most characters; enough for any passphrase, too few to keep the hash busy.</summary>
    public const int Longest = 256;

    private static readonly char[] Padding = [.. "0123456789!?.,;:*#-_+ "];

    private static readonly FrozenSet<string> Common = ReadCommon();

    /// <summary>Why this password will not do for that address; null when it will.</summary>
    public static Problem? Refuse(string? password, string? email)
    {
        if (password is null || password.Length < Shortest) return new("passwordTooShort", $"A password has at least {Shortest} characters.", "password");
        if (password.Length > Longest) return new("passwordTooLong", $"A password has at most {Longest} characters.", "password");
        if (password.Distinct().Count() < 5 || IsCommon(Core(password)) || IsCommon(Letters(password)))
            return new("passwordTooCommon", "This password, or what is left of it without digits and signs, is among the first that anybody would try.", "password");
        if (email is { Length: > 0 } && (Same(password, email) || Same(password, email.Split('@')[0])))
            return new("passwordIsEmail", "A password must not be the e-mail address.", "password");
        return null;
    }

    /// <summary>True for a listed word and for up to three of them in a row (<c>letmeinqwerty</c>), and where next to nothing is left.</summary>
    private static bool IsCommon(string core) => core.Length < 4 || IsMadeOf(core, words: 3);

    private static bool IsMadeOf(ReadOnlySpan<char> core, int words)
    {
        if (core.IsEmpty) return true;
        if (words == 0) return false;
        var lookup = Common.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = core.Length; length > 0; length--)
        {
            if (lookup.Contains(core[..length]) && IsMadeOf(core[length..], words - 1)) return true;
        }
        return false;
    }

    /// <summary>The word without what was put before and after it, and the usual substitutions undone: <c>P@ssw0rd2024!</c> is <c>password</c>.</summary>
    private static string Core(string password) => Letters(string.Concat(password.ToLowerInvariant().Trim(Padding).Select(c => c switch
    {
        '0' => 'o',
        '1' or '!' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        _ => c,
    })));

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetter)).ToLowerInvariant();

    private static bool Same(string a, string b) => string.Equals(a.Trim(), b, StringComparison.OrdinalIgnoreCase);

    private static FrozenSet<string> ReadCommon()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")
            ?? throw new InvalidOperationException("The list of common passwords is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#').Select(Core).Where(word => word.Length > 0).ToFrozenSet(StringComparer.Ordinal);
    }
}
