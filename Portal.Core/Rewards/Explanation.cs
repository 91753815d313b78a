using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Core.Rewards;

/// <summary>From event to amount: every step with what was read, where, and how it was reckoned.</summary>
/// <param name="Summary">The whole in one sentence.</param>
/// <param name="Reason">One of <see cref="ReasonCodes"/> where nothing is earned.</param>
/// <param name="Campaign">The campaign whose rules applied.</param>
/// <param name="Revision">The revision that binds the referral.</param>
/// <param name="Rule">The rule that matched, 1 for the first.</param>
/// <param name="Steps">In order.</param>
public sealed record Explanation(
    string Summary, string? Reason, string? Campaign, int? Revision, int? Rule, IReadOnlyList<ExplanationStep> Steps)
{
    /// <summary>As stored.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ExplanationJson.Default.Explanation);

    /// <summary>As read back.</summary>
    public static Explanation FromJson(string json) => JsonSerializer.Deserialize(json, ExplanationJson.Default.Explanation)!;
}

/// <summary>One step of the way.</summary>
/// <param name="Name">A stable word: <c>payment</c>, <c>identity</c>, <c>attribution</c>, <c>revision</c>, <c>review</c>, <c>window</c>, <c>minimum</c>, <c>reward</c>, <c>refund</c>, <c>dispute</c>, <c>cap</c>, <c>part</c>, <c>hold</c>.</param>
/// <param name="Says">What it found, in a sentence.</param>
/// <param name="Arithmetic">The sum as done, where there is one.</param>
/// <param name="Evidence">What it rests on.</param>
public sealed record ExplanationStep(string Name, string Says, string? Arithmetic, IReadOnlyList<Evidence> Evidence);

/// <summary>A value with the event and the place in its payload that it was read from.</summary>
/// <param name="EventId">Our id of the event.</param>
/// <param name="ProviderEventId">The provider's id of it.</param>
/// <param name="Path">JSON path, where one place holds the value.</param>
/// <param name="Value">What stood there.</param>
public sealed record Evidence(long EventId, string ProviderEventId, string? Path, string Value);

/// <summary>How explanations are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(IReadOnlyList<Evidence>))]
[JsonSerializable(typeof(IReadOnlyList<CaseChoice>))]
public sealed partial class ExplanationJson : JsonSerializerContext;
