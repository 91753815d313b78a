using System.Numerics;

namespace Portal.Core.Campaigns;

/// <summary>A percentage, exact: above 0 and up to 100, with at most four decimals.</summary>
/// <param name="TenThousandths">Hundredths of a basis point: 20 % is 200,000.</param>
public readonly record struct Percent(int TenThousandths)
{
    /// <summary>The share as a fraction's numerator.</summary>
    public BigInteger Numerator => TenThousandths;

    /// <summary>The fraction's denominator.</summary>
    public static BigInteger Denominator => 1_000_000;

    /// <summary>Reads <c>20</c>, <c>12.5</c>: digits with an optional point, no sign, no exponent.</summary>
    public static bool TryParse(string? text, out Percent percent)
    {
        percent = default;
        if (text is null or { Length: 0 or > 8 } || !text.All(c => char.IsAsciiDigit(c) || c == '.')) return false;
        if (!decimal.TryParse(text, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var value)) return false;
        var scaled = value * 10_000;
        if (value is <= 0 or > 100 || scaled != decimal.Truncate(scaled)) return false;
        percent = new Percent((int)scaled);
        return true;
    }

    /// <summary>In whole percent, such as 20 or 12.5, for whoever counts so.</summary>
    public decimal Whole => TenThousandths / 10_000m;

    /// <summary>As a fraction, such as 0.2, for whoever counts so.</summary>
    public decimal Fraction => TenThousandths / 1_000_000m;

    /// <inheritdoc />
    public override string ToString() => (TenThousandths / 10_000m).ToString("0.####", System.Globalization.CultureInfo.InvariantCulture) + " %";
}
