using System.Text.Json;

namespace Portal.Core.Sources.Stripe;

/// <summary>
/// Reads of an event only what the inbox must know before it is stored: the top level, in one pass and without building a tree.
/// The whole body is walked all the same, so that what is stored is known to be one JSON value.
/// </summary>
public static class StripeEnvelope
{
    private const int LongestName = 255;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = JsonBody.DeepestNesting };

    /// <summary>
    /// Reads the envelope. Fields of the wrong type, overlong or absurd ones count as missing; of doubled fields the last wins.
    /// JSON without a usable id gets its digest for an id, so that it can be stored and its repetition recognised.
    /// </summary>
    /// <param name="body">The body exactly as received.</param>
    /// <param name="sha256">Its SHA-256 digest, 32 bytes.</param>
    /// <param name="envelope">What was read; nothing but the digest when it is not JSON.</param>
    /// <param name="problem">Why the body is not JSON, in a sentence; empty when it is.</param>
    /// <returns>False when the body is not one valid JSON value in UTF-8 of at most 64 levels.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, ReadOnlySpan<byte> sha256, out Envelope envelope, out string problem)
    {
        problem = JsonBody.Problem(body) ?? "";
        if (problem.Length == 0)
        {
            try
            {
                envelope = Scan(body, sha256);
                return true;
            }
            catch (JsonException e)
            {
                problem = JsonBody.NotJson(e);
            }
        }

        envelope = new Envelope(Envelope.DigestId(sha256), "", "", null, null, null);
        return false;
    }

    private static Envelope Scan(ReadOnlySpan<byte> body, ReadOnlySpan<byte> sha256)
    {
        var reader = new Utf8JsonReader(body, Options);
        string? id = null, type = null, account = null, version = null;
        DateTimeOffset? created = null;
        bool? live = null;

        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
        }
        else
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var field = FieldOf(ref reader);
                reader.Read();
                switch (field)
                {
                    case Field.Id: id = Name(ref reader); break;
                    case Field.Type: type = Name(ref reader); break;
                    case Field.Account: account = Name(ref reader); break;
                    case Field.ApiVersion: version = Name(ref reader); break;
                    case Field.Created: created = Time(ref reader); break;
                    case Field.LiveMode: live = Flag(ref reader); break;
                    case Field.Other: break;
                }

                reader.Skip();
            }
        }

        reader.Read(); // throws on anything but blanks after the value
        return new Envelope(id ?? Envelope.DigestId(sha256), type ?? "", account ?? "", version, created, live);
    }

    private static Field FieldOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped) return reader.ValueSpan.Length <= LongestName ? EscapedFieldOf(ref reader) : Field.Other;
        var name = reader.ValueSpan;
        return name.Length switch
        {
            2 when name.SequenceEqual("id"u8) => Field.Id,
            4 when name.SequenceEqual("type"u8) => Field.Type,
            7 when name.SequenceEqual("account"u8) => Field.Account,
            7 when name.SequenceEqual("created"u8) => Field.Created,
            8 when name.SequenceEqual("livemode"u8) => Field.LiveMode,
            11 when name.SequenceEqual("api_version"u8) => Field.ApiVersion,
            _ => Field.Other,
        };
    }

    private static Field EscapedFieldOf(ref Utf8JsonReader reader) => Text(ref reader) switch
    {
        "id" => Field.Id,
        "type" => Field.Type,
        "account" => Field.Account,
        "created" => Field.Created,
        "livemode" => Field.LiveMode,
        "api_version" => Field.ApiVersion,
        _ => Field.Other,
    };

    /// <summary>An id or another short word; null when it is not a string, too long, blank, or holds what no database should be given.</summary>
    private static string? Name(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > LongestName * 6) return null;
        return Text(ref reader) is { } text && JsonValues.IsName(text) ? text : null;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // an escaped half of a surrogate pair: valid JSON, but no text
        }
    }

    private static DateTimeOffset? Time(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var seconds) ? JsonValues.Moment(seconds) : null;

    private static bool? Flag(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => null,
    };

    private enum Field
    {
        Other,
        Id,
        Type,
        Account,
        ApiVersion,
        Created,
        LiveMode,
    }
}
