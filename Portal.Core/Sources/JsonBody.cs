using System.Text.Json;
using System.Text.Unicode;

namespace Portal.Core.Sources;

/// <summary>What every reader of a body asks first, so that they agree on which bytes are JSON at all (RFC 8259, section 8.1).</summary>
internal static class JsonBody
{
    /// <summary>Deeper payloads are refused. Providers' own stay below 15.</summary>
    public const int DeepestNesting = 64;

    /// <summary>What cannot be said of a name in UTF-16, and so not looked for.</summary>
    public const string HalfPair = "A property's name contains half of a surrogate pair, which is no text.";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = DeepestNesting, AllowDuplicateProperties = false };
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = DeepestNesting };

    /// <summary>Reads a body whose every property can stand for one thing only.</summary>
    /// <param name="body">The body exactly as received.</param>
    /// <param name="read">Takes the root.</param>
    /// <param name="refuse">Takes the reason, in a sentence, where the bytes are no JSON, or are ambiguous.</param>
    public static T Read<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T> read, Func<string, T> refuse)
    {
        if (Problem(body.Span) is { } problem) return refuse(problem);
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            return refuse(Doubled(body) ?? NotJson(e));
        }
        catch (InvalidOperationException)
        {
            return refuse(HalfPair);
        }
    }

    /// <summary>Says why the bytes cannot be JSON; null when they may be.</summary>
    public static string? Problem(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty) return "The body is empty.";
        if (body.StartsWith("\uFEFF"u8)) return "The body begins with a byte order mark, which JSON forbids.";
        return Utf8.IsValid(body) ? null : "The body is not valid UTF-8.";
    }

    /// <summary>Says where the bytes cease to be JSON, without repeating any of them.</summary>
    public static string NotJson(JsonException e) =>
        $"The body is not valid JSON of at most {DeepestNesting} levels (line {e.LineNumber + 1}, byte {e.BytePositionInLine}).";

    /// <summary>Names the property that stands twice, where that is what made a body unreadable.</summary>
    private static string? Doubled(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Lenient);
            return FirstDoubled(document.RootElement) is { } name
                ? $"The property '{Glimpse.Of(name)}' stands twice in one object: which one was meant is anybody's guess."
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? FirstDoubled(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.EnumerateArray().Select(FirstDoubled).FirstOrDefault(name => name is not null);
        }

        if (element.ValueKind != JsonValueKind.Object) return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!names.Add(property.Name)) return property.Name;
            if (FirstDoubled(property.Value) is { } inner) return inner;
        }

        return null;
    }
}
