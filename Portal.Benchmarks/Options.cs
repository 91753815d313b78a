using System.Globalization;

namespace Portal.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Command">What to measure, or which part this process plays in a measurement.</param>
internal sealed record Options(string Command)
{
    public const string Usage = """
        usage: dotnet run -c Release --project Portal.Benchmarks -- ingest|process|rebuild|feed|all
          --database sqlite|postgres|both   (both)
          --postgres "Host=…"               a server to use; without it one is started in a temporary folder, durable
          --rounds N                        interleaved; medians are shown  (3)
          --quick                           small sizes, to see that everything works
        """;

    private static readonly string[] Flags = ["quick"];

    private Dictionary<string, string> Values { get; } = [];

    public bool Quick => Values.ContainsKey("quick");

    public int Rounds => Number("rounds", Quick ? 1 : 3);

    public IReadOnlyList<string> Databases => Text("database", "both") switch
    {
        "both" => ["sqlite", "postgres"],
        var one and ("sqlite" or "postgres") => [one],
        var other => throw new FormatException($"--database {other}: it is sqlite, postgres or both."),
    };

    public string? Postgres => Values.GetValueOrDefault("postgres");

    public static Options Parse(string[] args)
    {
        if (args.Length == 0) throw new FormatException("What should be measured?");
        var options = new Options(args[0]);
        for (var i = 1; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal)) throw new FormatException($"{args[i]} is not understood.");
            var name = args[i][2..];
            options.Values[name] = Flags.Contains(name) ? "" : ++i < args.Length ? args[i] : throw new FormatException($"--{name} needs a value.");
        }
        return options;
    }

    public string Text(string name, string otherwise) => Values.GetValueOrDefault(name, otherwise);

    public int Number(string name, int otherwise) => Values.TryGetValue(name, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
