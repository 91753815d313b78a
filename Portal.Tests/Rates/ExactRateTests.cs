using System.Numerics;
using Portal.Core.Rates;
using Xunit;

namespace Portal.Tests.Rates;

[Trait("Database", "Without")]
public sealed class ExactRateTests
{
    [Theory]
    [InlineData("0.9175", 9_175, 10_000)]
    [InlineData("1", 1, 1)]
    [InlineData("1.0", 10, 10)]
    [InlineData("155.20", 15_520, 100)]
    [InlineData("0.000000000001", 1, 1_000_000_000_000)]
    [InlineData("999999999999", 999_999_999_999, 1)]
    public void A_rate_is_kept_exactly_and_shown_as_it_was_given(string text, long numerator, long denominator)
    {
        var rate = ExactRate.Parse(text);
        Assert.Equal((numerator, denominator, text), (rate.Numerator, rate.Denominator, rate.ToString()));
    }

    [Fact]
    public void The_most_digits_that_are_taken_are_all_kept() =>
        Assert.Equal(BigInteger.Parse("123456789012123456789012"), ExactRate.Parse("123456789012.123456789012").Numerator);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0.000")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1\n")]
    [InlineData("1,5")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("01.5")]
    [InlineData("1.2.3")]
    [InlineData("1e3")]
    [InlineData("1_000")]
    [InlineData("NaN")]
    [InlineData("١.٥")]
    [InlineData("1.0000000000001")]
    [InlineData("1000000000000")]
    public void What_is_no_plain_decimal_above_zero_is_refused(string? text)
    {
        Assert.False(ExactRate.TryParse(text, out _));
        if (text is not null) Assert.Throws<FormatException>(() => ExactRate.Parse(text));
    }
}
