using System.Globalization;
using System.Text;
using Portal.Core;

namespace Portal.Exports;

/// <summary>One line of a CSV file (RFC 4180), cell by cell. Text that a spreadsheet would take for a formula is kept from being one.</summary>
internal sealed class CsvLine
{
    private static readonly char[] MustBeQuoted = ['"', ',', '\r', '\n', '\t'];

    private readonly StringBuilder _line = new();
    private bool _begun;

    /// <summary>Text, such as a name or an id from outside. Nothing for null.</summary>
    public CsvLine Text(string? text)
    {
        text ??= "";
        if (IsFormula(text)) text = "'" + text;
        return Cell(text.IndexOfAny(MustBeQuoted) < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
    }

    /// <summary>A number of ours.</summary>
    public CsvLine Number(long? number) => Cell(number?.ToString(CultureInfo.InvariantCulture) ?? "");

    /// <summary>A moment, ISO 8601 UTC.</summary>
    public CsvLine Moment(DateTimeOffset at) => Cell(at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    /// <summary>An amount, in two cells: minor units, and as people write it.</summary>
    public CsvLine Amount(Money amount) => Number(amount.Minor).Major(amount);

    /// <summary>An amount as people write it, with its currency's decimals.</summary>
    public CsvLine Major(Money amount) => Cell(amount.Amount(CultureInfo.InvariantCulture, grouped: false));

    /// <summary>The line with its end.</summary>
    public override string ToString() => _line + "\r\n";

    /// <summary>Spreadsheets look past blanks, and some take the wide forms of the signs for the signs.</summary>
    private static bool IsFormula(string text) =>
        text.Length > 0 && (text[0] is '\t' or '\r' or '\n' || text.AsSpan().TrimStart() is [('=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠' or '|' or '%'), ..]);

    private CsvLine Cell(string cell)
    {
        if (_begun) _line.Append(',');
        _begun = true;
        _line.Append(cell);
        return this;
    }
}
