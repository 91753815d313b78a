using System.Text.Json;

namespace Portal.Core.Sources.Chargebee;

/// <summary>Reads of an event what the inbox must know before it is stored.</summary>
public static class ChargebeeEnvelope
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonBody.DeepestNesting };

    /// <summary>Reads the envelope. Fields of the wrong type count as missing; JSON without a usable id gets its digest for one.</summary>
    /// <param name="body">The body exactly as received.</param>
    /// <param name="digest">What names a body without an id.</param>
    /// <returns>Problem <c>notJson</c> when the body is not one valid JSON value.</returns>
    public static Outcome<Envelope> Read(ReadOnlyMemory<byte> body, string digest)
    {
        if (JsonBody.Problem(body.Span) is { } problem) return new Problem("notJson", problem);
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            var root = document.RootElement;
            return new Envelope(root.Member("id").Name() ?? digest, root.Member("event_type").Name() ?? "", "", root.Member("api_version").Name(), root.Member("occurred_at").Time(), null);
        }
        catch (JsonException e)
        {
            return new Problem("notJson", JsonBody.NotJson(e));
        }
        catch (InvalidOperationException)
        {
            return new Problem("notJson", JsonBody.HalfPair);
        }
    }
}
