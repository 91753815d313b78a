using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Portal.Core;
using Xunit;

namespace Portal.Tests;

[Trait("Database", "Without")]
public sealed class MoneyTests
{
    private static readonly Currency Usd = Currency.Parse("USD");

    [Theory]
    [InlineData(10, 1, 4, 3)]        // 2.5 goes up
    [InlineData(-10, 1, 4, -3)]      // and −2.5 down: away from zero
    [InlineData(10, -1, 4, -3)]
    [InlineData(10, 1, -4, -3)]
    [InlineData(-10, -1, 4, 3)]
    [InlineData(9, 1, 4, 2)]         // 2.25
    [InlineData(-9, 1, 4, -2)]
    [InlineData(11, 1, 4, 3)]        // 2.75
    [InlineData(1, 1, 2, 1)]
    [InlineData(-1, 1, 2, -1)]
    [InlineData(1, 499_999, 1_000_000, 0)]
    [InlineData(0, 7, 3, 0)]
    [InlineData(12_000, 0, 5, 0)]
    public void A_share_is_rounded_once_half_away_from_zero(long minor, long numerator, long denominator, long expected) =>
        Assert.Equal(expected, new Money(minor, Usd).Share(numerator, denominator).Minor);

    [Fact]
    public void A_share_is_never_further_than_half_a_minor_unit_from_the_exact_value() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3_000),
        Prop.ForAll(Numbers().ToArbitrary(), n =>
        {
            var share = new Money(n.Minor, Usd).Share(n.Numerator, n.Denominator).Minor;
            var distance = BigInteger.Abs((BigInteger)share * n.Denominator - (BigInteger)n.Minor * n.Numerator);
            return 2 * distance <= BigInteger.Abs(n.Denominator);
        }));

    [Fact]
    public void A_share_of_the_opposite_amount_is_the_opposite_share() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(Numbers().ToArbitrary(), n =>
            new Money(-n.Minor, Usd).Share(n.Numerator, n.Denominator).Minor == -new Money(n.Minor, Usd).Share(n.Numerator, n.Denominator).Minor));

    [Fact]
    public void The_largest_amount_times_the_largest_total_is_still_exact()
    {
        var largest = new Money(Money.Largest, Usd);

        Assert.Equal(Money.Largest, largest.Share(BigInteger.One * Money.Largest * 1_000_000, BigInteger.One * Money.Largest * 1_000_000).Minor);
        Assert.Equal(Money.Largest / 5, largest.Share((BigInteger)200_000 * Money.Largest, (BigInteger)1_000_000 * Money.Largest).Minor);
    }

    [Fact]
    public void What_does_not_fit_is_an_exception_and_never_another_amount()
    {
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue, Usd) + new Money(1, Usd));
        Assert.Throws<OverflowException>(() => new Money(long.MinValue, Usd) - new Money(1, Usd));
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue, Usd).Share(2, 1));
        Assert.Throws<DivideByZeroException>(() => new Money(1, Usd).Share(1, 0));
    }

    [Fact]
    public void Two_currencies_never_meet()
    {
        var (usd, eur) = (new Money(1, Usd), new Money(1, Currency.Parse("EUR")));

        Assert.Throws<InvalidOperationException>(() => usd + eur);
        Assert.Throws<InvalidOperationException>(() => usd - eur);
        Assert.NotEqual(usd, eur);
        Assert.Equal(new Money(1, Currency.Parse("usd")), usd);
    }

    [Theory]
    [InlineData("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF", 0)]
    [InlineData("USD EUR GBP CHF AUD ISK HUF TWD UGX ZZZ", 2)]   // ISK, HUF, TWD and UGX: counted in hundredths, whatever they are on paper
    [InlineData("BHD IQD JOD KWD LYD OMR TND", 3)]
    public void Each_currency_has_the_decimals_by_which_amounts_are_counted(string codes, int exponent) =>
        Assert.All(codes.Split(' '), code => Assert.Equal((code, exponent), (code, Currency.Parse(code.ToLowerInvariant()).Exponent)));

    [Theory]
    [InlineData(1_250, "EUR", "12.50 EUR")]
    [InlineData(1_250, "JPY", "1250 JPY")]
    [InlineData(1_250, "KWD", "1.250 KWD")]
    [InlineData(-5, "USD", "-0.05 USD")]
    [InlineData(123_456_789, "USD", "1234567.89 USD")]
    public void An_amount_is_shown_with_its_currencys_own_decimals(long minor, string currency, string shown)
    {
        Assert.Equal(shown, new Money(minor, Currency.Parse(currency)).ToString());
        Assert.Equal("1,234,567.89", new Money(123_456_789, Usd).Amount(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("US")]
    [InlineData("USDT")]
    [InlineData("U5D")]
    [InlineData("ÜSD")]
    [InlineData("US ")]
    public void What_is_no_code_of_three_letters_is_no_currency(string? code)
    {
        Assert.False(Currency.TryParse(code, out _));
        if (code is not null) Assert.Throws<FormatException>(() => Currency.Parse(code));
    }

    /// <summary>Amounts up to the largest accepted, with fractions of all sizes and signs, exact halves among them.</summary>
    private static Gen<(long Minor, long Numerator, long Denominator)> Numbers() =>
        from minor in Gen.OneOf(Gen.Choose(-1_000, 1_000).Select(n => (long)n), Gen.Choose(-1_000_000_000, 1_000_000_000).Select(n => n * 1_000_000L + n % 7))
        from numerator in Gen.Choose(-1_000, 1_000)
        from denominator in Gen.OneOf(Gen.Choose(1, 2_000), Gen.Choose(-2_000, -1), Gen.Constant(2), Gen.Constant(1_000_000))
        select (minor, (long)numerator, (long)denominator);
}
