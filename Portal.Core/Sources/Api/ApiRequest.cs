using System.Text.Json;

namespace Portal.Core.Sources.Api;

/// <summary>
/// What the endpoint refuses: a body that is not the shape that was promised. Whether a well-formed event can do its work is another
/// question, which its checks answer in the feed.
/// </summary>
public static class ApiRequest
{
    /// <summary>What the inbox must know of a request before it is stored, or the field that is wrong and what would be right.</summary>
    /// <param name="body">The body exactly as received.</param>
    /// <param name="id">Names the request once: what the sender calls it, or its digest.</param>
    public static Outcome<Envelope> Read(ReadOnlyMemory<byte> body, string id) => JsonBody.Read<Outcome<Envelope>>(body, root => Read(root, id), why => new Problem("malformedBody", why));

    private static Outcome<Envelope> Read(JsonElement root, string id)
    {
        if (root.ValueKind != JsonValueKind.Object) return new Problem("malformedBody", "The body must be a JSON object.");
        var (payload, context) = (root.Member("payload"), root.Member("context"));
        var told = context.Member("event");
        if (root.Member("eventName").Raw() != ApiTriggers.EventName) return Wrong("eventName", $"must be \"{ApiTriggers.EventName}\"");
        if (payload.ValueKind != JsonValueKind.Object) return Wrong("payload", "is required and must be an object");
        if (context.ValueKind != JsonValueKind.Object) return Wrong("context", "is required and must be an object");
        if (told.ValueKind != JsonValueKind.Object) return Wrong("context.event", "is required and must be an object");
        foreach (var field in (ReadOnlySpan<string>)["ucc", "newUserId"])
        {
            if (payload.Member(field).Raw() is not { Length: > 0 }) return Wrong($"payload.{field}", "is required and must be a string that is not empty");
        }
        if (told.Member("trigger").Raw() is not { } trigger || !ApiTriggers.All.Contains(trigger)) return Wrong("context.event.trigger", $"must be one of {string.Join(", ", ApiTriggers.All)}");
        if (told.Member("timestamp").DateTime() is not { } at) return Wrong("context.event.timestamp", "must be a date and time such as 2026-05-01T09:30:00Z");
        return Optional(payload, context) is { } wrong ? wrong : new Envelope(id, trigger, "", null, at, null);
    }

    /// <summary>What need not be there, and must be of its kind where it is.</summary>
    private static Problem? Optional(JsonElement payload, JsonElement context)
    {
        if (!Is(payload.Member("price"), JsonValueKind.Number)) return Wrong("payload.price", "must be a number in major units, such as 19.99");
        if (!Is(payload.Member("currency"), JsonValueKind.String)) return Wrong("payload.currency", "must be a string, such as EUR");
        foreach (var (name, fields) in (ReadOnlySpan<(string, string[])>)[("newUser", ["id", "email", "name", "organizationId"]), ("subscription", ["id", "invoiceId", "interval", "productKey"])])
        {
            var part = context.Member(name);
            if (!Is(part, JsonValueKind.Object)) return Wrong($"context.{name}", "must be an object");
            foreach (var field in fields)
            {
                if (!Is(part.Member(field), JsonValueKind.String)) return Wrong($"context.{name}.{field}", "must be a string");
            }
        }
        var seats = context.Member("subscription").Member("seatsUsed");
        return Is(seats, JsonValueKind.Number) && (seats.ValueKind != JsonValueKind.Number || seats.Count() is not null) ? null : Wrong("context.subscription.seatsUsed", "must be a whole number that is not negative");
    }

    private static bool Is(JsonElement value, JsonValueKind kind) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null || value.ValueKind == kind;

    private static Problem Wrong(string field, string says) => new("invalidField", $"{field} {says}.", field);
}
