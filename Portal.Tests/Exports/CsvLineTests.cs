using Portal.Exports;
using Xunit;

namespace Portal.Tests.Exports;

[Trait("Database", "Without")]
public sealed class CsvLineTests
{
    public static TheoryData<string> Formulas { get; } =
    [
        "=1+1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"https://evil.example\",\"click\")", "=IMPORTXML(A1,\"//a\")", "=WEBSERVICE(\"https://evil.example\")", "+1+1", "+cmd|' /C calc'!A0",
        "-1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1,1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "  @SUM(1)", "＝1+1", "＋1", "－1", "＠SUM(1)", "%0A=1",
    ];

    [Theory]
    [MemberData(nameof(Formulas))]
    public void No_formula_is_one_in_a_spreadsheet(string formula)
    {
        var cell = new CsvLine().Text(formula).ToString().TrimEnd('\r', '\n').TrimStart('"');

        Assert.StartsWith("'", cell, StringComparison.Ordinal);
        Assert.Equal(20, Formulas.Count);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("ann@example.com", "ann@example.com")]
    [InlineData("1-2", "1-2")]
    public void All_else_stays_what_it_is(string text, string cell) => Assert.Equal(cell + "\r\n", new CsvLine().Text(text).ToString());
}
