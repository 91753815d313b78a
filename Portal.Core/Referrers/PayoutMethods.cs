using System.Numerics;

namespace Portal.Core.Referrers;

/// <summary>Where a referrer can be paid: which accounts are well formed, and how little of one is enough to recognise it. Pure.</summary>
public static class PayoutMethods
{
    /// <summary>The longest account.</summary>
    public const int LongestAccount = 300;

    private const string PayPal = "paypal";
    private const string Venmo = "venmo";
    private const string Bank = "bank";
    private const string Other = "other";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [PayPal, Venmo, Bank, Other];

    /// <summary>The account as it is kept, or what is wrong with it.</summary>
    public static Outcome<string> Read(string? method, string? account)
    {
        if (method is null || !All.Contains(method)) return new Problem("invalidField", $"method must be one of {string.Join(", ", All)}.", "method");
        var text = account?.Trim() ?? "";
        if (text.Length is 0 or > LongestAccount || text.Any(c => char.IsControl(c) && c != '\n')) return Wrong($"must have 1 to {LongestAccount} characters");
        return method switch
        {
            PayPal => IsEmail(text) ? text : Wrong("must be the e-mail address of the PayPal account"),
            Venmo => IsHandle(text.TrimStart('@')) ? text.TrimStart('@') : Wrong("must be a Venmo name such as @mara-lind: 5 to 30 letters, digits, '-' and '_'"),
            Bank => Compact(text) is var iban && IsIban(iban) ? iban : Wrong("must be an IBAN such as DE89 3704 0044 0532 0130 00; for an account without one choose \"other\""),
            _ => text,
        };

        static Problem Wrong(string says) => new("invalidField", $"account {says}.", "account");
    }

    /// <summary>Enough of a well-formed account to recognise one's own.</summary>
    public static string Hint(string method, string account) => method switch
    {
        PayPal => $"{account.EnumerateRunes().First()}…{account[account.LastIndexOf('@')..]}"[..Math.Min(100, account.Length - account.LastIndexOf('@') + 2)],
        Venmo => $"@{account[..2]}…",
        Bank => $"{account[..2]}…{account[^4..]}",
        _ => "…",
    };

    private static bool IsEmail(string text) =>
        text.Length <= 254 && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at == text.LastIndexOf('@') && text.LastIndexOf('.') > at + 1 && text[^1] != '.' && !text.Any(char.IsWhiteSpace);

    private static bool IsHandle(string text) => text.Length is >= 5 and <= 30 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static string Compact(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();

    /// <summary>ISO 13616: two letters, two digits, up to thirty more, and a remainder of 1 by 97 once the first four stand last.</summary>
    private static bool IsIban(string iban)
    {
        if (iban.Length is < 15 or > 34 || !iban.All(char.IsAsciiLetterOrDigit) || !iban[..2].All(char.IsAsciiLetter) || !iban[2..4].All(char.IsAsciiDigit)) return false;
        var digits = string.Concat((iban[4..] + iban[..4]).Select(c => char.IsAsciiDigit(c) ? $"{c}" : $"{c - 'A' + 10}"));
        return BigInteger.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) % 97 == 1;
    }
}
