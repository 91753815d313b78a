using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Portal.Core;
using Portal.Core.Rates;
using Xunit;

namespace Portal.Tests.Rates;

[Trait("Database", "Without")]
public sealed class RateTableTests
{
    private static readonly DateOnly FirstDay = new(2026, 1, 1);
    private static readonly string[] Currencies = ["USD", "EUR", "JPY", "KWD"];   // two decimals, two, none, three

    [Theory]
    [InlineData(10_000, "EUR", "USD", "1.0842", 10_842)]
    [InlineData(10_000, "USD", "JPY", "155.20", 15_520)]        // 100.00 USD are 15520 JPY
    [InlineData(15_520, "JPY", "USD", "0.0064", 9_933)]         // 99.328 USD
    [InlineData(100, "USD", "KWD", "0.3071", 307)]              // 0.3071 KWD
    [InlineData(1_000, "KWD", "JPY", "505.5", 506)]             // half away from zero
    [InlineData(-1_000, "KWD", "JPY", "505.5", -506)]
    [InlineData(1, "JPY", "KWD", "1", 1_000)]                   // one to one in major units, if somebody says so
    [InlineData(0, "EUR", "USD", "1.0842", 0)]
    public void A_rate_is_between_major_units_whatever_their_decimals(long minor, string from, string to, string rate, long expected)
    {
        var table = new RateTable([Rate(1, from, to, 0, rate)]);
        Assert.Equal(new ConvertedMoney(Amount(expected, to), Rate(1, from, to, 0, rate)), table.Convert(Amount(minor, from), Currency.Parse(to), At(0)));
    }

    [Fact]
    public void Without_a_rate_there_is_no_answer_and_the_same_currency_needs_none()
    {
        Assert.Null(RateTable.Empty.Convert(Amount(5_000, "EUR"), Currency.Parse("USD"), At(0)));
        Assert.Equal(new ConvertedMoney(Amount(5_000, "EUR"), null), RateTable.Empty.Convert(Amount(5_000, "EUR"), Currency.Parse("EUR"), At(0)));
        var through = new RateTable([Rate(1, "EUR", "USD", 0, "1.1"), Rate(2, "USD", "JPY", 0, "150")]);
        Assert.Null(through.Convert(Amount(5_000, "EUR"), Currency.Parse("JPY"), At(0)));   // never by way of a third currency
    }

    [Fact]
    public void A_rate_holds_from_its_day_by_utc_until_the_next_and_not_before()
    {
        var table = new RateTable([Rate(1, "EUR", "USD", 5, "1.1"), Rate(2, "EUR", "USD", 10, "1.2")]);
        long? Of(DateTimeOffset at) => table.Convert(Amount(100, "EUR"), Currency.Parse("USD"), at)?.Amount.Minor;

        Assert.Null(Of(At(5).AddTicks(-1)));
        Assert.Equal([110L, 110, 120, 120], [Of(At(5)), Of(At(10).AddTicks(-1)), Of(At(10)), Of(At(400))]);
        Assert.Equal(110, Of(At(10).AddHours(-1).ToOffset(TimeSpan.FromHours(3))));   // the tenth already in Moscow
    }

    [Fact]
    public void The_inverse_pair_serves_and_the_later_day_wins_the_direct_one_on_a_tie()
    {
        var (direct, inverse, later) = (Rate(1, "EUR", "USD", 5, "1.25"), Rate(2, "USD", "EUR", 5, "0.5"), Rate(3, "USD", "EUR", 6, "0.5"));
        ConvertedMoney? Of(int day, params ExchangeRate[] rates) => new RateTable(rates).Convert(Amount(100, "EUR"), Currency.Parse("USD"), At(day));

        Assert.Equal(new ConvertedMoney(Amount(200, "USD"), inverse), Of(5, inverse));
        Assert.Equal(new ConvertedMoney(Amount(125, "USD"), direct), Of(5, direct, inverse));
        Assert.Equal(new ConvertedMoney(Amount(125, "USD"), direct), Of(5, direct, later));
        Assert.Equal(new ConvertedMoney(Amount(200, "USD"), later), Of(6, direct, later));
    }

    [Fact]
    public void Of_two_rates_for_the_same_day_the_newer_one_holds()
    {
        var table = new RateTable([Rate(8, "EUR", "USD", 5, "1.3"), Rate(7, "EUR", "USD", 5, "1.2")]);
        Assert.Equal(130, table.Convert(Amount(100, "EUR"), Currency.Parse("USD"), At(5))!.Amount.Minor);
        Assert.Equal("1.3", Assert.Single(table.Of("EUR", "USD")).Rate.Text);
    }

    [Fact]
    public void What_is_beyond_any_amount_is_for_a_person_and_breaks_nothing()
    {
        var table = new RateTable([Rate(1, "EUR", "USD", 0, "999999999999"), Rate(2, "EUR", "KWD", 0, "0.000000000001")]);
        Assert.Null(table.Convert(Amount(Money.Largest, "EUR"), Currency.Parse("USD"), At(0)));
        Assert.Null(table.Convert(Amount(-Money.Largest, "KWD"), Currency.Parse("EUR"), At(0)));
    }

    [Fact]
    public void Every_conversion_is_by_the_newest_rate_of_the_pair_and_the_nearest_whole_minor_unit_or_there_is_none() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Seeds(), seed =>
        {
            var (random, rates) = Some(seed);
            var (amount, to, day) = (Amount(random.NextInt64(-1_000_000_000, 1_000_000_000), Any(random)), Any(random), random.Next(-3, 40));
            var fitting = rates.Where(r => r.Day <= FirstDay.AddDays(day) && Pair(r) is var (x, y) && ((x, y) == (amount.Currency.Code, to) || (y, x) == (amount.Currency.Code, to))).ToList();
            var converted = new RateTable(rates).Convert(amount, Currency.Parse(to), At(day));

            if (amount.Currency.Code == to) return converted == new ConvertedMoney(amount, null);
            if (fitting.Count == 0) return converted is null;
            var newest = fitting.Where(r => r.Day == fitting.Max(f => f.Day)).ToList();
            var direct = newest.Where(r => r.To.Code == to).ToList();
            var expected = (direct.Count > 0 ? direct : newest).MaxBy(r => r.Id)!;
            Assert.Equal(expected, converted?.Used);
            Assert.Equal(to, converted!.Amount.Currency.Code);
            var (n, d) = expected.To.Code == to ? (expected.Rate.Numerator, expected.Rate.Denominator) : (expected.Rate.Denominator, expected.Rate.Numerator);
            (n, d) = (n * Scale(to), d * Scale(amount.Currency.Code));
            return 2 * BigInteger.Abs(converted.Amount.Minor * d - amount.Minor * n) <= d;
        }));

    [Fact]
    public void There_and_back_is_off_by_no_more_than_the_two_roundings() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Seeds(), seed =>
        {
            var (random, rates) = Some(seed);
            if (rates.Count == 0) return true;
            var rate = rates[0];
            var (table, amount) = (new RateTable([rate]), new Money(random.NextInt64(-1_000_000_000, 1_000_000_000), rate.From));
            var back = table.Convert(table.Convert(amount, rate.To, At(50))!.Amount, rate.From, At(50))!;
            var (n, d) = (rate.Rate.Numerator * Scale(rate.To.Code), rate.Rate.Denominator * Scale(rate.From.Code));   // minor units of To for one of From
            var off = BigInteger.Abs(back.Amount.Minor - amount.Minor);
            if (n >= d) Assert.True(off <= 1, "a finer currency loses nothing but the last minor unit");
            return back.Used == rate && 2 * off * n <= n + d;   // half a minor unit of one, and half of the other
        }));

    [Fact]
    public void More_never_becomes_less() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(Seeds(), seed =>
        {
            var (random, rates) = Some(seed);
            var (table, from, to) = (new RateTable(rates), Any(random), Any(random));
            var (less, more) = (random.NextInt64(-1_000_000, 1_000_000), random.NextInt64(0, 1_000_000));
            var (a, b) = (table.Convert(Amount(less, from), Currency.Parse(to), At(50)), table.Convert(Amount(less + more, from), Currency.Parse(to), At(50)));
            return a is null ? b is null : a.Amount.Minor <= b!.Amount.Minor && a.Used == b.Used;
        }));

    [Fact]
    public void The_order_in_which_rates_are_told_does_not_matter() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(Seeds(), seed =>
        {
            var (random, rates) = Some(seed);
            var (one, other) = (new RateTable(rates), new RateTable(rates.OrderBy(_ => random.Next())));
            var (amount, to, day) = (Amount(random.NextInt64(1_000_000), Any(random)), Currency.Parse(Any(random)), random.Next(40));
            return one.Convert(amount, to, At(day)) == other.Convert(amount, to, At(day)) && one.NewestOn(FirstDay.AddDays(day)).SequenceEqual(other.NewestOn(FirstDay.AddDays(day)));
        }));

    private static Arbitrary<int> Seeds() => Gen.Choose(0, 10_000_000).ToArbitrary();

    /// <summary>Up to a dozen rates, several of them of the same pair and some of the same day.</summary>
    private static (Random Random, List<ExchangeRate> Rates) Some(int seed)
    {
        var random = new Random(seed);
        var rates = new List<ExchangeRate>();
        for (var id = random.Next(13); id > 0; id--)
        {
            var (from, to) = (Any(random), Any(random));
            if (from != to) rates.Add(Rate(id, from, to, random.Next(12), $"{random.Next(1, 300)}.{random.Next(1_000_000):D6}"));
        }
        return (random, rates);
    }

    private static string Any(Random random) => Currencies[random.Next(Currencies.Length)];

    private static (string, string) Pair(ExchangeRate rate) => (rate.From.Code, rate.To.Code);

    private static BigInteger Scale(string currency) => currency switch { "JPY" => 1, "KWD" => 1_000, _ => 100 };

    private static Money Amount(long minor, string currency) => new(minor, Currency.Parse(currency));

    private static DateTimeOffset At(int day) => new(FirstDay.AddDays(day), TimeOnly.MinValue, TimeSpan.Zero);

    private static ExchangeRate Rate(long id, string from, string to, int day, string rate) =>
        new(Currency.Parse(from), Currency.Parse(to), FirstDay.AddDays(day), ExactRate.Parse(rate), id);
}
