using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Portal.Core.Rates;

/// <summary>An exchange rate as somebody wrote it: a decimal number above zero, kept exactly and shown as it was given.</summary>
public sealed partial record ExactRate
{
    /// <summary>The most digits before the point, and the most after it.</summary>
    public const int MostDigits = 12;

    /// <summary>What a rate must look like, for whoever wrote another.</summary>
    public const string Form = "a number above zero such as 0.9175: digits and a point, at most 12 before it and 12 after";

    private ExactRate(string text, BigInteger numerator, BigInteger denominator) => (Text, Numerator, Denominator) = (text, numerator, denominator);

    /// <summary>As given, such as <c>0.9175</c>.</summary>
    public string Text { get; }

    /// <summary>All digits without the point.</summary>
    public BigInteger Numerator { get; }

    /// <summary>Ten to the power of the decimals.</summary>
    public BigInteger Denominator { get; }

    /// <summary>Reads digits with at most one point; no sign, no grouping, no exponent, no needless zero in front.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ExactRate? rate)
    {
        rate = null;
        if (text is null || !Written().IsMatch(text)) return false;
        var decimals = text.IndexOf('.', StringComparison.Ordinal) is var point and > 0 ? text.Length - point - 1 : 0;
        var digits = BigInteger.Parse(text.Replace(".", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);
        if (!digits.IsZero) rate = new ExactRate(text, digits, BigInteger.Pow(10, decimals));
        return rate is not null;
    }

    /// <summary>Reads a rate known to be well formed, such as one from our own database.</summary>
    /// <exception cref="FormatException">It is not a rate.</exception>
    public static ExactRate Parse(string text) => TryParse(text, out var rate) ? rate : throw new FormatException($"'{text}' is not {Form}");

    /// <inheritdoc />
    public override string ToString() => Text;

    [GeneratedRegex(@"\A(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,12})?\z")]
    private static partial Regex Written();
}
