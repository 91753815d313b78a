using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Tests.Telemetry;

/// <summary>An answer of <c>/metrics</c>, read as strictly as Prometheus does.</summary>
internal sealed partial class Exposition
{
    private readonly List<(string Name, string Labels, double Value)> _samples = [];

    /// <summary>Every family and its type.</summary>
    public Dictionary<string, string> Families { get; } = [];

    public static async Task<Exposition> OfAsync(HttpClient client) => new(await client.GetStringAsync("/metrics"));

    private Exposition(string text)
    {
        if (!text.EndsWith('\n')) throw new FormatException("The last line has no end.");
        var helped = new HashSet<string>();
        var current = "";
        foreach (var line in text.Split('\n')[..^1])
        {
            if (Help().Match(line) is { Success: true } help)
            {
                if (!helped.Add(help.Groups[1].Value)) throw new FormatException($"Twice: {line}");
            }
            else if (Type().Match(line) is { Success: true } type)
            {
                current = type.Groups[1].Value;
                if (!helped.Contains(current) || !Families.TryAdd(current, type.Groups[2].Value)) throw new FormatException($"Not in its place: {line}");
            }
            else
            {
                var sample = Sample().Match(line);
                if (!sample.Success || FamilyOf(sample.Groups[1].Value) != current) throw new FormatException($"Not a sample of {current}: {line}");
                _samples.Add((sample.Groups[1].Value, sample.Groups[2].Value, Number(sample.Groups[3].Value)));
            }
        }
    }

    /// <summary>The sum of all samples of this name whose labels hold all of these.</summary>
    public double Sum(string name, params string[] labels) =>
        _samples.Where(s => s.Name == name && labels.All(l => s.Labels.Contains(l, StringComparison.Ordinal))).Sum(s => s.Value);

    /// <summary>Whether there is such a sample.</summary>
    public bool Has(string name, params string[] labels) => _samples.Exists(s => s.Name == name && labels.All(l => s.Labels.Contains(l, StringComparison.Ordinal)));

    /// <summary>The family that a sample belongs to.</summary>
    public string FamilyOf(string sample) => Families.ContainsKey(sample) ? sample : Ending().Replace(sample, "");

    private static double Number(string text) => text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) .+$")]
    private static partial Regex Help();

    [GeneratedRegex(@"^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\["\\n])*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\["\\n])*")*\})? (\S+)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Ending();
}
