using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Portal.Core;

/// <summary>An exact amount in minor units. Two currencies never meet without an exception.</summary>
/// <param name="Minor">Minor units (cents, yen, fils); negative when money goes back.</param>
/// <param name="Currency">Whose minor units they are.</param>
public sealed record Money(long Minor, Currency Currency)
{
    /// <summary>Largest amount accepted from outside, in minor units: far above any invoice, far below where arithmetic could overflow.</summary>
    public const long Largest = 1_000_000_000_000_000;

    /// <summary>Nothing, in a currency.</summary>
    public static Money Zero(Currency currency) => new(0, currency);

    /// <summary>The sum.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator +(Money a, Money b) => a.Same(b) with { Minor = checked(a.Minor + b.Minor) };

    /// <summary>The difference.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator -(Money a, Money b) => a.Same(b) with { Minor = checked(a.Minor - b.Minor) };

    /// <summary>Reads what a person wrote in major units, such as <c>12.50</c>: digits and a point, no more decimals than the currency has.</summary>
    public static bool TryRead(string? text, Currency currency, [NotNullWhen(true)] out Money? amount)
    {
        amount = null;
        var parts = (text ?? "").Trim().Split('.');
        if (parts.Length > 2 || parts[0].Length is 0 or > 12 || parts[^1].Length == 0 || (parts.Length == 2 && parts[1].Length > currency.Exponent)) return false;
        var digits = parts[0] + (parts.Length == 2 ? parts[1] : "").PadRight(currency.Exponent, '0');
        if (!digits.All(char.IsAsciiDigit)) return false;
        amount = new Money(long.Parse(digits, CultureInfo.InvariantCulture), currency);
        return amount.Minor <= Largest;
    }

    /// <summary>
    /// The one place where money is rounded: this amount times <paramref name="numerator"/> over <paramref name="denominator"/>,
    /// computed exactly and then rounded to a whole minor unit, half away from zero.
    /// </summary>
    /// <exception cref="DivideByZeroException">The denominator is zero.</exception>
    /// <exception cref="OverflowException">The result does not fit a 64-bit integer.</exception>
    public Money Share(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.Sign < 0) (numerator, denominator) = (-numerator, -denominator);
        var exact = Minor * numerator;
        var (whole, rest) = BigInteger.DivRem(exact, denominator);
        if (BigInteger.Abs(rest) * 2 >= denominator) whole += exact.Sign;
        return this with { Minor = checked((long)whole) };
    }

    /// <summary>The amount in major units with the currency's own number of decimals, without grouping: <c>12.50 EUR</c>, <c>1250 JPY</c>.</summary>
    public override string ToString() => $"{Amount(CultureInfo.InvariantCulture, grouped: false)} {Currency.Code}";

    /// <summary>The amount without the code, for pages.</summary>
    public string Amount(IFormatProvider culture, bool grouped = true)
    {
        var scale = 1L;
        for (var i = 0; i < Currency.Exponent; i++) scale *= 10;
        return (Minor / (decimal)scale).ToString((grouped ? "N" : "F") + Currency.Exponent, culture);
    }

    private Money Same(Money other) => Currency == other.Currency
        ? this
        : throw new InvalidOperationException($"{Currency.Code} met {other.Currency.Code}");
}
