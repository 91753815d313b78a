using System.Text.Json;
using System.Text.Unicode;

namespace Portal.Core.Sources;

/// <summary>What every reader of a body asks first, so that they agree on which bytes are JSON at all (RFC 8259, section 8.1).</summary>
internal static class JsonBody
{
    /// <summary>Deeper payloads are refused. Providers' own stay below 15.</summary>
    public const int DeepestNesting = 64;

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
}
