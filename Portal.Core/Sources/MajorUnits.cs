using System.Globalization;
using System.Numerics;

namespace Portal.Core.Sources;

/// <summary>Amounts that a payload gives in major units, as a JSON number: read digit by digit, so that no binary fraction comes in between.</summary>
internal static class MajorUnits
{
    private const int LongestNumber = 40;
    private const int LargestExponent = 20;

    /// <summary>The amount in minor units, rounded where the number has more decimals than the currency.</summary>
    /// <param name="number">A JSON number, such as <c>19.99</c> or <c>1e2</c>.</param>
    /// <param name="currency">Whose major units they are.</param>
    /// <returns>Null when it is negative, too long, or above <see cref="Money.Largest"/>.</returns>
    public static long? TryRead(string number, Currency currency)
    {
        if (number.Length > LongestNumber || number.StartsWith('-')) return null;
        var (mantissa, exponent) = number.IndexOfAny(['e', 'E']) is >= 0 and var at ? (number[..at], number[(at + 1)..]) : (number, "0");
        if (!int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) || Math.Abs(power) > LargestExponent) return null;
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        if (!BigInteger.TryParse(mantissa.Replace(".", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var digits)) return null;
        var scale = power - decimals + currency.Exponent;
        var (numerator, denominator) = scale >= 0 ? (digits * BigInteger.Pow(10, scale), BigInteger.One) : (digits, BigInteger.Pow(10, -scale));
        return numerator > denominator * Money.Largest ? null : new Money(1, currency).Share(numerator, denominator).Minor;
    }
}
