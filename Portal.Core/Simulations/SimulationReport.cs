using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Core.Simulations;

/// <summary>What a simulation found: what is left of rewards after reversals, as it stands now and as it would stand with the draft.</summary>
/// <param name="EffectiveFrom">From when on the draft was taken to be in force.</param>
/// <param name="From">What counts before this moment is left out; null for everything.</param>
/// <param name="To">What counts at or after this moment is left out; null for everything.</param>
/// <param name="Referrals">Referrals that were looked at.</param>
/// <param name="ReferralsChanged">Those that would bring more, less, or the same at other times.</param>
/// <param name="Payments">Paid invoices of the period.</param>
/// <param name="PaymentsChanged">Those that would earn otherwise.</param>
/// <param name="Totals">In all, by currency.</param>
/// <param name="Months">By month and currency.</param>
/// <param name="Winners">The referrers who would earn most more, by currency.</param>
/// <param name="Losers">The referrers who would earn most less, by currency.</param>
/// <param name="Reasons">Paid invoices that earn nothing, by reason.</param>
public sealed record SimulationReport(
    DateTimeOffset EffectiveFrom, DateTimeOffset? From, DateTimeOffset? To, long Referrals, long ReferralsChanged, long Payments, long PaymentsChanged,
    IReadOnlyList<CurrencyDifference> Totals, IReadOnlyList<MonthDifference> Months, IReadOnlyList<ReferrerDifference> Winners,
    IReadOnlyList<ReferrerDifference> Losers, IReadOnlyList<ReasonDifference> Reasons)
{
    /// <summary>As stored.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SimulationJson.Default.SimulationReport);

    /// <summary>As read back from storage.</summary>
    public static SimulationReport FromJson(string json) => JsonSerializer.Deserialize(json, SimulationJson.Default.SimulationReport)!;
}

/// <summary>All of a currency, minor units.</summary>
public sealed record CurrencyDifference(string Currency, long Now, long Draft)
{
    /// <summary>What the draft would cost more.</summary>
    public long Difference => Draft - Now;
}

/// <summary>A month of a currency, minor units. The month is written as <c>2026-01</c>.</summary>
public sealed record MonthDifference(string Month, string Currency, long Now, long Draft)
{
    /// <summary>What the draft would cost more.</summary>
    public long Difference => Draft - Now;
}

/// <summary>A referrer in a currency, minor units.</summary>
public sealed record ReferrerDifference(string Referrer, string Ucc, string Currency, long Now, long Draft)
{
    /// <summary>What the draft would give more.</summary>
    public long Difference => Draft - Now;
}

/// <summary>How many paid invoices earn nothing for a reason.</summary>
public sealed record ReasonDifference(string Reason, long Now, long Draft)
{
    /// <summary>How many more with the draft.</summary>
    public long Difference => Draft - Now;
}

/// <summary>How reports are written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SimulationReport))]
public sealed partial class SimulationJson : JsonSerializerContext;
