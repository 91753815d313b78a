using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Core;
using Portal.Core.Data;

namespace Portal.Api;

/// <summary>The environment in a route.</summary>
/// <param name="Environment">Which.</param>
public readonly record struct World(PortalEnvironment Environment)
{
    /// <summary>Reads a route value: <c>sandbox</c> or <c>production</c>.</summary>
    public static bool TryParse(string? text, out World world)
    {
        var known = PortalEnvironments.TryParse(text, out var environment);
        world = new World(environment);
        return known;
    }
}

/// <summary>Where a list goes on, and how many items it gives.</summary>
/// <param name="Cursor">The last id seen, if any.</param>
/// <param name="Limit">Items wanted, 1 to 200.</param>
public readonly record struct Paging(long? Cursor, int Limit)
{
    /// <summary>Reads <c>cursor</c> and <c>limit</c>.</summary>
    public static Outcome<PagingBox> Read(HttpRequest request)
    {
        long? cursor = null;
        if (request.Query["cursor"].ToString() is { Length: > 0 } text)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                return new Problem("invalidField", "cursor must be a nextCursor of an earlier answer.", "cursor");
            cursor = id;
        }
        var limit = 50;
        if (request.Query["limit"].ToString() is { Length: > 0 } wanted
            && (!int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > 200))
            return new Problem("invalidField", "limit must be 1 to 200.", "limit");
        return new PagingBox(new Paging(cursor, limit));
    }
}

/// <summary>A page's place as an outcome's value.</summary>
/// <param name="Value">The place.</param>
public sealed record PagingBox(Paging Value);

/// <summary>A list's answer.</summary>
/// <param name="Items">The items.</param>
/// <param name="NextCursor">Where it goes on; null at the end.</param>
public sealed record ItemList<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>From a page of rows.</summary>
    public static ItemList<T> From<TRow>(Page<TRow> page, Func<TRow, T> item) => new([.. page.Items.Select(item)], page.NextCursor);
}

/// <summary>Reads query values and bodies so that a refusal names the field and what would be right.</summary>
public static class ApiInput
{
    /// <summary>How bodies are read: camelCase, and an unknown member is an error, for a misspelt rule costs money.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        MaxDepth = 16,
    };

    /// <summary>The JSON body.</summary>
    public static async Task<Outcome<T>> BodyAsync<T>(HttpRequest request, CancellationToken ct) where T : notnull
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, Json, ct) is { } body
                ? body
                : new Problem("malformedBody", "The body must be a JSON object.");
        }
        catch (JsonException exception)
        {
            var field = exception.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : null;
            return field is null
                ? new Problem("malformedBody", $"The body must be a JSON object with the fields {Fields<T>()}.")
                : new Problem("invalidField", $"{field} is not a field that this path takes, or its value has the wrong type. Fields: {Fields<T>()}.", field);
        }
    }

    /// <summary>A word of an enum in the query; null when it is absent.</summary>
    public static Outcome<Maybe<T>> Word<T>(HttpRequest request, string name) where T : struct, Enum
    {
        var text = request.Query[name].ToString();
        if (text.Length == 0) return new Maybe<T>(null);
        return EnumWord<T>.TryRead(text, out var value) ? new Maybe<T>(value) : new Problem("invalidField", $"{name} must be one of {EnumWord<T>.All}.", name);
    }

    /// <summary>A moment in the query; null when it is absent.</summary>
    public static Outcome<Maybe<DateTimeOffset>> Moment(HttpRequest request, string name)
    {
        var text = request.Query[name].ToString();
        if (text.Length == 0) return new Maybe<DateTimeOffset>(null);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? new Maybe<DateTimeOffset>(at)
            : new Problem("invalidField", $"{name} must be an ISO 8601 time such as 2026-01-31T12:00:00Z.", name);
    }

    /// <summary>A text in the query; null when it is absent or blank.</summary>
    public static string? Text(HttpRequest request, string name) => request.Query[name].ToString().Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 } text ? text : null;   // PostgreSQL's texts have no NUL

    private static string Fields<T>() => string.Join(", ",
        typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)));
}

/// <summary>A query value that may be absent.</summary>
/// <param name="Value">The value, if it is there.</param>
public sealed record Maybe<T>(T? Value) where T : struct;
