namespace Portal.Core.Rates;

/// <summary>Rates from a spreadsheet: a header <c>from,to,day,rate</c> and a rate per line, parted by commas, semicolons or tabs.</summary>
/// <param name="Rates">The rates; none where there is a fault.</param>
/// <param name="Faults">All that is wrong, in the order of the lines.</param>
public sealed record RateSheet(IReadOnlyList<NewRate> Rates, IReadOnlyList<RateFault> Faults)
{
    /// <summary>The first line.</summary>
    public const string Header = "from,to,day,rate";

    private static readonly string[] Columns = Header.Split(',');
    private static readonly char[] Partings = [',', ';', '\t'];

    /// <summary>Reads and checks a sheet; blank lines are passed over.</summary>
    public static RateSheet Read(string? text, DateOnly today)
    {
        var lines = (text ?? "").TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n')
            .Select((line, index) => (Text: line, Number: index + 1)).Where(line => !string.IsNullOrWhiteSpace(line.Text)).ToList();
        if (lines.Count == 0 || PartedBy(lines[0].Text) is not { } parting)
            return Broken(lines.Count == 0 ? 1 : lines[0].Number, "header", $"The first line must be {Header}.");
        if (lines.Count == 1) return Broken(lines[0].Number, "header", "There is no line below the header.");
        if (lines.Count - 1 > NewRate.MostAtOnce) return Broken(lines[0].Number, "header", $"At most {NewRate.MostAtOnce} rates are taken at once; these are {lines.Count - 1}.");

        var rows = lines.Skip(1).Select(line => (line.Number, Cells: Cells(line.Text, parting))).ToList();
        var whole = rows.Where(r => r.Cells.Length == Columns.Length).ToList();
        var given = whole.ConvertAll(r => new NewRate(r.Cells[0], r.Cells[1], r.Cells[2], r.Cells[3], null));
        var torn = rows.Where(r => r.Cells.Length != Columns.Length)
            .Select(r => new RateFault(r.Number, r.Cells.Length < Columns.Length ? Columns[r.Cells.Length] : "rate", $"A line has {Columns.Length} values; this one has {r.Cells.Length}."));
        List<RateFault> faults = [.. torn.Concat(NewRate.Read(given, today).Faults.Select(f => f with { Place = whole[f.Place].Number })).OrderBy(f => f.Place)];
        return new RateSheet(faults.Count == 0 ? given : [], faults);
    }

    private static char? PartedBy(string header) =>
        Partings.FirstOrDefault(c => Cells(header, c).SequenceEqual(Columns, StringComparer.OrdinalIgnoreCase)) is var found and not '\0' ? found : null;

    private static string[] Cells(string line, char parting) => line.Split(parting, StringSplitOptions.TrimEntries);

    private static RateSheet Broken(int line, string field, string detail) => new([], [new RateFault(line, field, detail)]);
}
