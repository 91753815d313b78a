using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Rewards;

namespace Portal.Core.Erasure;

/// <summary>Takes some values out of stored texts: wherever one of them stands, it says that it was erased.</summary>
internal sealed class Scrubber(IReadOnlyCollection<string> values)
{
    private readonly List<string> _values = [.. values.OrderByDescending(v => v.Length)];   // the longer first: one may be part of another

    /// <summary>Whether one of them stands in a text.</summary>
    public bool Finds(string text) => _values.Exists(v => text.Contains(v, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether one of them stands in a JSON text, as JSON writes it.</summary>
    public bool FindsInJson(string json) => Finds(json) || _values.Exists(v => json.Contains(JsonEncodedText.Encode(v).ToString(), StringComparison.OrdinalIgnoreCase));

    /// <summary>A text without them.</summary>
    public string Clean(string text) => _values.Aggregate(text, (clean, v) => clean.Replace(v, SelfReferral.ErasedAddress, StringComparison.OrdinalIgnoreCase));

    /// <summary>A JSON text without them in any of its strings.</summary>
    public string CleanJson(string json) => Clean(JsonNode.Parse(json))?.ToJsonString() ?? json;

    private JsonNode? Clean(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Clean(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Clean)]),
        JsonValue v when v.TryGetValue<string>(out var text) => JsonValue.Create(Clean(text)),
        _ => node?.DeepClone(),
    };
}
