using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portal.Core.Sources;

namespace Portal.Shared;

/// <summary>A value of a payload with the checks made on it, ready to be shown. Checked fields that are missing have a place too.</summary>
public sealed class JsonBranch
{
    /// <summary>The most values that a page shows.</summary>
    public const int MostNodes = 3_000;

    private const int LongestText = 2_000;
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 128 };

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };   // Razor encodes for HTML

    private readonly List<JsonBranch> _children = [];

    private JsonBranch(string? name, string path, string kind, string text) => (Name, Path, Kind, Text) = (name, path, kind, text);

    /// <summary>The property's name or the item's number; none for the root.</summary>
    public string? Name { get; }

    /// <summary>Its JSON path.</summary>
    public string Path { get; }

    /// <summary><c>object</c>, <c>array</c>, <c>string</c>, <c>number</c>, <c>true</c>, <c>false</c>, <c>null</c> or <c>missing</c>.</summary>
    public string Kind { get; }

    /// <summary>The value as text; of objects and arrays, what they hold.</summary>
    public string Text { get; }

    /// <summary>What stands inside.</summary>
    public IReadOnlyList<JsonBranch> Children => _children;

    /// <summary>The checks of this very field.</summary>
    public IReadOnlyList<FieldCheck> Checks { get; private set; } = [];

    /// <summary>Whether a check expected something here and there is nothing.</summary>
    public bool IsMissing => Kind == "missing";

    /// <summary>Whether a check lies on it or inside.</summary>
    public bool HasChecks { get; private set; }

    /// <summary>Whether something was left out because the payload is very large.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Reads a payload; null where it is no JSON.</summary>
    public static JsonBranch? Read(ReadOnlyMemory<byte> body, IReadOnlyList<FieldCheck> checks)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Lenient);
            var left = MostNodes;
            var root = Grow(null, "$", document.RootElement, checks.ToLookup(c => c.Path), ref left);
            root.IsCut = left <= 0;
            foreach (var check in checks.Where(c => c.Found is null)) root.MakeRoomFor(check);
            return root;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonBranch Grow(string? name, string path, JsonElement element, ILookup<string, FieldCheck> checks, ref int left)
    {
        left--;
        var branch = new JsonBranch(name, path, element.ValueKind.ToString().ToLowerInvariant(), TextOf(element)) { Checks = [.. checks[path]] };
        branch.HasChecks = branch.Checks.Count > 0;
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (left <= 0) break;
                branch.Take(Grow(property.Name, $"{path}.{property.Name}", property.Value, checks, ref left));
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in element.EnumerateArray())
            {
                if (left <= 0) break;
                var number = index.ToString(CultureInfo.InvariantCulture);
                branch.Take(Grow(number, $"{path}[{number}]", item, checks, ref left));
                index++;
            }
        }
        return branch;
    }

    private void Take(JsonBranch child)
    {
        _children.Add(child);
        HasChecks |= child.HasChecks;
    }

    /// <summary>Shows a missing field where it should be: in the deepest object on its path that is there.</summary>
    private void MakeRoomFor(FieldCheck check)
    {
        HasChecks = true;
        if (Path == check.Path) return;   // there, but null: it carries the check itself
        var next = _children.Find(c => check.Path == c.Path || check.Path.StartsWith(c.Path + ".", StringComparison.Ordinal) || check.Path.StartsWith(c.Path + "[", StringComparison.Ordinal));
        if (next is not null && (next.Path == check.Path || next.Kind is "object" or "array"))
        {
            next.MakeRoomFor(check);
            return;
        }
        var name = check.Path[Path.Length..].TrimStart('.');
        _children.Add(new JsonBranch(name, check.Path, "missing", "missing") { Checks = [check], HasChecks = true });
    }

    private static string TextOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.GetPropertyCount() == 0 ? "{}" : $"{{{element.GetPropertyCount()}}}",
        JsonValueKind.Array => element.GetArrayLength() == 0 ? "[]" : $"[{element.GetArrayLength()}]",
        JsonValueKind.String => Cut(Readable(element)),
        _ => Cut(element.GetRawText()),
    };

    /// <summary>Letters as letters, however the sender spelled them; what is no text stays as it came.</summary>
    private static string Readable(JsonElement text)
    {
        try
        {
            return JsonSerializer.Serialize(text.GetString(), Plain);
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText();
        }
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
