using System.Numerics;

namespace Portal.Core.Rates;

/// <summary>What one currency costs in another from a day on.</summary>
/// <param name="From">One major unit of this one</param>
/// <param name="To">costs so many major units of this one.</param>
/// <param name="Day">The first day it holds for, by UTC.</param>
/// <param name="Rate">How many.</param>
/// <param name="Id">Our id; of two for the same pair and day the higher holds.</param>
public sealed record ExchangeRate(Currency From, Currency To, DateOnly Day, ExactRate Rate, long Id)
{
    /// <summary>Such as <c>EUR/USD@2026-01-31</c>.</summary>
    public string Name => NameOf(From.Code, To.Code, Day);

    /// <summary>A rate's name, also of one that no longer stands.</summary>
    public static string NameOf(string from, string to, DateOnly day) => $"{from}/{to}@{day:yyyy-MM-dd}";

    /// <summary>Such as <c>1 EUR = 1.0842 USD (2026-01-31)</c>.</summary>
    public override string ToString() => $"1 {From} = {Rate} {To} ({Day:yyyy-MM-dd})";
}

/// <summary>An amount in the currency that was asked for.</summary>
/// <param name="Amount">Rounded once to a whole minor unit.</param>
/// <param name="Used">The rate, in the direction in which it stands in the table; null when the currency was that one already.</param>
public sealed record ConvertedMoney(Money Amount, ExchangeRate? Used);

/// <summary>The rates of an environment as they stand. Where none fits there is no answer: an amount is never taken one to one.</summary>
public sealed class RateTable
{
    private readonly Dictionary<(string From, string To), ExchangeRate[]> _pairs;

    /// <summary>A table of these rates, in whatever order.</summary>
    public RateTable(IEnumerable<ExchangeRate> rates) => _pairs = rates
        .GroupBy(r => (r.From.Code, r.To.Code))
        .ToDictionary(pair => pair.Key, pair => pair.GroupBy(r => r.Day).Select(day => day.MaxBy(r => r.Id)!).OrderBy(r => r.Day).ToArray());

    /// <summary>Without a rate.</summary>
    public static RateTable Empty { get; } = new([]);

    /// <summary>
    /// The amount in another currency, by the newest rate of the pair or of the inverse pair that held on that day: the one with the later
    /// day, the direct one where both have the same.
    /// </summary>
    /// <param name="amount">What to convert.</param>
    /// <param name="to">Into which currency.</param>
    /// <param name="at">When; its day by UTC counts.</param>
    /// <returns>Null when there is no such rate, or when the result is more than <see cref="Money.Largest"/>: a person has to look.</returns>
    public ConvertedMoney? Convert(Money amount, Currency to, DateTimeOffset at)
    {
        if (amount.Currency == to) return new ConvertedMoney(amount, null);
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        var (direct, inverse) = (NewestOf(amount.Currency.Code, to.Code, day), NewestOf(to.Code, amount.Currency.Code, day));
        if ((direct is null || inverse?.Day > direct.Day ? inverse : direct) is not { } used) return null;

        var (numerator, denominator) = used == direct ? (used.Rate.Numerator, used.Rate.Denominator) : (used.Rate.Denominator, used.Rate.Numerator);
        numerator *= BigInteger.Pow(10, to.Exponent);                    // a rate is between major units, an amount in minor ones
        denominator *= BigInteger.Pow(10, amount.Currency.Exponent);
        if (BigInteger.Abs(amount.Minor * numerator) > Money.Largest * denominator) return null;
        return new ConvertedMoney(new Money(amount.Minor, to).Share(numerator, denominator), used);
    }

    /// <summary>Each pair's newest rate on a day, in the order of the pairs.</summary>
    public IReadOnlyList<ExchangeRate> NewestOn(DateOnly day) => [.. _pairs.Keys.Order().Select(p => NewestOf(p.From, p.To, day)).OfType<ExchangeRate>()];

    /// <summary>All days of a pair, oldest first.</summary>
    public IReadOnlyList<ExchangeRate> Of(string from, string to) => _pairs.GetValueOrDefault((from, to)) ?? [];

    private ExchangeRate? NewestOf(string from, string to, DateOnly day)
    {
        var rates = _pairs.GetValueOrDefault((from, to)) ?? [];
        var (low, high) = (0, rates.Length);   // the first that is too late
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (rates[middle].Day <= day) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? null : rates[low - 1];
    }
}
