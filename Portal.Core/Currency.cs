using System.Collections.Frozen;

namespace Portal.Core;

/// <summary>
/// An ISO 4217 code with the number of decimals of its minor unit (0, 2 or 3). The exponents are those by which Stripe
/// counts amounts: https://docs.stripe.com/currencies (zero-decimal, three-decimal and special cases).
/// </summary>
public sealed record Currency
{
    private static readonly FrozenSet<string> ZeroDecimal = FrozenSet.ToFrozenSet(
        ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]);

    private static readonly FrozenSet<string> ThreeDecimal = FrozenSet.ToFrozenSet(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]);

    private Currency(string code) => Code = code;

    /// <summary>Three upper-case letters.</summary>
    public string Code { get; }

    /// <summary>Decimals of the minor unit: 0 (JPY), 2 (USD, and ISK, HUF, TWD, UGX which Stripe counts in hundredths) or 3 (KWD).</summary>
    public int Exponent => ZeroDecimal.Contains(Code) ? 0 : ThreeDecimal.Contains(Code) ? 3 : 2;

    /// <summary>Reads a code of three ASCII letters in any case.</summary>
    public static bool TryParse(string? code, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Currency? currency)
    {
        currency = code is { Length: 3 } && code.All(char.IsAsciiLetter) ? new Currency(code.ToUpperInvariant()) : null;
        return currency is not null;
    }

    /// <summary>Reads a code known to be well formed, such as one from our own database.</summary>
    /// <exception cref="FormatException">The code is not three ASCII letters.</exception>
    public static Currency Parse(string code) =>
        TryParse(code, out var currency) ? currency : throw new FormatException($"'{code}' is not a currency code of three letters");

    /// <inheritdoc />
    public override string ToString() => Code;
}
