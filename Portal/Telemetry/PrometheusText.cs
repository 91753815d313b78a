using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Telemetry;

/// <summary>Figures in Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).</summary>
internal static partial class PrometheusText
{
    /// <summary>The media type of the format.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Everything, in the order given.</summary>
    public static string Write(IReadOnlyList<FigureFamily> families, long round)
    {
        var text = new StringBuilder();
        foreach (var family in families)
        {
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(EscapeHelp(family.Help)).Append('\n');
            text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Kind switch { FigureKind.Counter => "counter", FigureKind.Gauge => "gauge", _ => "histogram" }).Append('\n');
            foreach (var series in family.At(round))
            {
                if (family.Kind == FigureKind.Histogram) WriteBuckets(text, family, series);
                else WriteLine(text, family.Name, series.Labels, null, series.Read().Value);
            }
        }
        return text.ToString();
    }

    /// <summary>An instrument's name as Prometheus wants it: no dots, the unit at the end, and <c>_total</c> where it only rises.</summary>
    public static string NameOf(string instrument, string? unit, FigureKind kind)
    {
        var name = NotInNames().Replace(instrument, "_");
        var suffix = unit switch { "s" => "_seconds", "By" => "_bytes", "1" when kind == FigureKind.Gauge => "_ratio", _ => "" };
        if (!name.EndsWith(suffix, StringComparison.Ordinal)) name += suffix;
        return kind == FigureKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>A tag's name as a label's.</summary>
    public static string LabelOf(string tag) => NotInLabels().Replace(tag, "_");

    private static void WriteBuckets(StringBuilder text, FigureFamily family, FigureSeries series)
    {
        var (counts, sum) = series.ReadCounts();
        var upTo = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            upTo += counts[i];
            WriteLine(text, family.Name + "_bucket", series.Labels, i < family.Bounds.Length ? Number(family.Bounds[i]) : "+Inf", upTo);
        }
        WriteLine(text, family.Name + "_sum", series.Labels, null, sum);
        WriteLine(text, family.Name + "_count", series.Labels, null, upTo);
    }

    private static void WriteLine(StringBuilder text, string name, IReadOnlyList<KeyValuePair<string, string>> labels, string? upTo, double value)
    {
        text.Append(name);
        if (labels.Count > 0 || upTo is not null)
        {
            var separator = '{';
            foreach (var (key, label) in labels)
            {
                text.Append(separator).Append(key).Append("=\"").Append(EscapeLabel(label)).Append('"');
                separator = ',';
            }
            if (upTo is not null) text.Append(separator).Append("le=\"").Append(upTo).Append('"');
            text.Append('}');
        }
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string EscapeHelp(string text) => text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static string EscapeLabel(string text) => EscapeHelp(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    [GeneratedRegex("[^a-zA-Z0-9_:]")]
    private static partial Regex NotInNames();

    [GeneratedRegex("[^a-zA-Z0-9_]")]
    private static partial Regex NotInLabels();
}
