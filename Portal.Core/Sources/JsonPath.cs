using System.Globalization;
using System.Text.Json;

namespace Portal.Core.Sources;

/// <summary>A path as the pages show it, such as <c>$.data.object.lines.data[0].metadata.cello_ucc</c>, ready to be followed.</summary>
internal sealed class JsonPath
{
    private readonly Step[] _steps;

    /// <summary>Reads a path of our own tables.</summary>
    /// <exception cref="FormatException">It does not begin with <c>$</c>, or an index is not a number.</exception>
    public JsonPath(string text)
    {
        Text = text;
        var names = text.Split('.');
        if (names[0] != "$") throw new FormatException($"'{text}' does not begin with $");
        _steps = names.Skip(1).SelectMany(StepsOf).ToArray();
    }

    /// <summary>The path as written.</summary>
    public string Text { get; }

    /// <summary>What stands there; an undefined element when nothing does.</summary>
    public JsonElement Follow(JsonElement root)
    {
        foreach (var step in _steps)
        {
            if (step.Name is { } name) root = root.Member(name);
            else if (root.ValueKind == JsonValueKind.Array && step.Index < root.GetArrayLength()) root = root[step.Index];
            else return default;
        }

        return root;
    }

    private static IEnumerable<Step> StepsOf(string part)
    {
        var bracket = part.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0) return [new Step(part, 0)];
        var index = int.Parse(part[(bracket + 1)..].TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture);
        return [new Step(part[..bracket], 0), new Step(null, index)];
    }

    private readonly record struct Step(string? Name, int Index);
}
