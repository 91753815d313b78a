using Portal.Core.Rates;
using Xunit;

namespace Portal.Tests.Rates;

[Trait("Database", "Without")]
public sealed class RateSheetTests
{
    private static readonly DateOnly Today = new(2026, 3, 1);

    [Theory]
    [InlineData("from,to,day,rate\nEUR,USD,2026-01-31,1.0842\nusd,jpy,2026-01-31,155.2\n")]
    [InlineData("From;To;Day;Rate\r\nEUR;USD;2026-01-31;1.0842\r\n\r\nusd;jpy;2026-01-31;155.2")]
    [InlineData("\uFEFFfrom\tto\tday\trate\n EUR \tUSD\t2026-01-31\t1.0842\nusd\tjpy\t2026-01-31\t155.2")]
    public void A_sheet_is_read_as_spreadsheets_give_it(string text)
    {
        var sheet = RateSheet.Read(text, Today);
        Assert.Empty(sheet.Faults);
        Assert.Equal([new NewRate("EUR", "USD", "2026-01-31", "1.0842", null), new NewRate("usd", "jpy", "2026-01-31", "155.2", null)], sheet.Rates);
    }

    [Fact]
    public void Every_fault_is_told_with_its_line_and_column_and_then_nothing_is_taken()
    {
        var sheet = RateSheet.Read("""
            from,to,day,rate
            EUR,USD,2026-01-31,1.0842
            EURO,USD,2026-01-31,1.0842

            EUR,EUR,2026-01-31,1
            EUR,USD,31.01.2026,1.0842
            EUR,USD,2026-02-28,1,0842
            EUR,USD,2026-02-28
            EUR,USD,2026-02-28,0
            eur,usd,2026-01-31,1.09
            EUR,USD,2027-03-02,1
            EUR,USD,1999-12-31,1
            """, Today);

        Assert.Empty(sheet.Rates);
        Assert.Equal(
            [(3, "from"), (5, "to"), (6, "day"), (7, "rate"), (8, "rate"), (9, "rate"), (10, "day"), (11, "day"), (12, "day")],
            sheet.Faults.Select(f => (f.Place, f.Field)));
        Assert.Contains("given twice", sheet.Faults[6].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  \n ")]
    [InlineData("EUR,USD,2026-01-31,1.0842")]
    [InlineData("from,to,rate,day\nEUR,USD,1,2026-01-31")]
    [InlineData("from,to,day,rate")]
    public void Without_its_header_or_any_line_it_is_no_sheet(string? text)
    {
        var fault = Assert.Single(RateSheet.Read(text, Today).Faults);
        Assert.Equal((1, "header"), (fault.Place, fault.Field));
    }

    [Fact]
    public void A_sheet_has_at_most_a_thousand_rates()
    {
        string Of(int lines) => RateSheet.Header + string.Concat(Enumerable.Range(0, lines).Select(i => $"\nEUR,USD,{new DateOnly(2020, 1, 1).AddDays(i):yyyy-MM-dd},1.1"));
        Assert.Equal(1_000, RateSheet.Read(Of(1_000), Today).Rates.Count);
        Assert.Single(RateSheet.Read(Of(1_001), Today).Faults);
    }
}
