using System.Globalization;

namespace Portal.Benchmarks;

/// <summary>Figures in columns: the first to the left, the others to the right. As Markdown, so that it can be kept.</summary>
internal sealed class Table(params string[] heads)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print(string title)
    {
        var widths = heads.Select((head, i) => _rows.Select(r => r[i].Length).Append(head.Length).Max()).ToArray();
        Console.WriteLine($"\n{title}\n");
        Console.WriteLine(Line(heads));
        Console.WriteLine($"| {string.Join(" | ", widths.Select((w, i) => i == 0 ? new string('-', w) : new string('-', w - 1) + ":"))} |");
        foreach (var row in _rows) Console.WriteLine(Line(row));

        string Line(string[] cells) => $"| {string.Join(" | ", cells.Select((c, i) => i == 0 ? c.PadRight(widths[i]) : c.PadLeft(widths[i])))} |";
    }

    public static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Milliseconds(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>The middle one.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>What so large a share does not exceed.</summary>
    public static double Quantile(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];
}
