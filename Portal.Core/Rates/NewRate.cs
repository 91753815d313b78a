using System.Globalization;

namespace Portal.Core.Rates;

/// <summary>A rate as somebody gave it, not yet checked.</summary>
/// <param name="From">One major unit of this currency</param>
/// <param name="To">costs so many major units of this one.</param>
/// <param name="Day">The first day it holds for: <c>2026-01-31</c>.</param>
/// <param name="Rate">How many, as text: <c>0.9175</c>.</param>
/// <param name="Note">Where it is from, say.</param>
public sealed record NewRate(string? From, string? To, string? Day, string? Rate, string? Note)
{
    /// <summary>The most that are taken at once.</summary>
    public const int MostAtOnce = 1_000;

    /// <summary>Characters of a note.</summary>
    internal const int LongestNote = 200;

    private static readonly DateOnly Earliest = new(2000, 1, 1);

    /// <summary>Checks one.</summary>
    /// <param name="today">By UTC; a rate may be given up to a year ahead.</param>
    /// <returns>The rate; problem <c>invalidField</c>.</returns>
    public Outcome<ExchangeRate> Read(DateOnly today)
    {
        if (!Currency.TryParse(From, out var from)) return Wrong("from", "from must be a currency code of three letters such as EUR.");
        if (!Currency.TryParse(To, out var to)) return Wrong("to", "to must be a currency code of three letters such as USD.");
        if (from == to) return Wrong("to", $"to must be another currency than from: {from} is worth one {to} without a rate.");
        if (!DateOnly.TryParseExact(Day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return Wrong("day", "day must be a date such as 2026-01-31.");
        if (day < Earliest || day > today.AddYears(1)) return Wrong("day", $"day must be between {Earliest:yyyy-MM-dd} and a year from now, {today.AddYears(1):yyyy-MM-dd}.");
        if (!ExactRate.TryParse(Rate, out var rate)) return Wrong("rate", $"rate must be {ExactRate.Form}.");
        if (Note?.Length > LongestNote) return Wrong("note", $"note must have at most {LongestNote} characters.");
        return new ExchangeRate(from, to, day, rate, 0);
    }

    /// <summary>Checks some that are given together.</summary>
    /// <returns>The rates; or, where there is a fault, all faults.</returns>
    public static (IReadOnlyList<ExchangeRate> Rates, IReadOnlyList<RateFault> Faults) Read(IReadOnlyList<NewRate> given, DateOnly today)
    {
        var (rates, faults) = (new List<ExchangeRate>(), new List<RateFault>());
        var first = new Dictionary<string, int>();
        for (var place = 0; place < given.Count; place++)
        {
            if (!given[place].Read(today).TryGet(out var rate, out var problem)) faults.Add(new RateFault(place, problem.Field!, problem.Detail));
            else if (!first.TryAdd(rate.Name, place)) faults.Add(new RateFault(place, "day", $"{rate.From} to {rate.To} on {rate.Day:yyyy-MM-dd} is given twice."));
            else rates.Add(rate);
        }
        return (rates, faults);
    }

    private static Problem Wrong(string field, string detail) => new("invalidField", detail, field);
}

/// <summary>What is wrong with one of several rates.</summary>
/// <param name="Place">Which: 0 for the first; of a sheet, the line, 1 for its header.</param>
/// <param name="Field">The field or column.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
public sealed record RateFault(int Place, string Field, string Detail);
