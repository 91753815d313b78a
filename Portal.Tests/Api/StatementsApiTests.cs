using System.Net;
using Portal.Core;
using Portal.Core.Access;
using Portal.Exports;
using Xunit;

namespace Portal.Tests.Api;

/// <summary>What the API and the files say of one small history: the one of <see cref="RewardsApiTests"/>.</summary>
public sealed class StatementsApiTests(RewardsApiTests.History history) : IClassFixture<RewardsApiTests.History>
{
    private HttpClient Api => history.Api;

    [Fact]
    public async Task A_statement_runs_with_its_balance_page_by_page()
    {
        var whole = await Api.ReadAsync("referrers/ann/statement");
        Assert.Equal(1_500, Assert.Single(whole.GetProperty("balances").EnumerateArray()).Number("balance"));
        var lines = whole.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(1_500, lines[0].Number("balance"));
        Assert.Equal(1_500, lines.Sum(l => l.Number("amount")));
        Assert.Equal((lines[^1].Number("amount"), "user-ann"), (lines[^1].Number("balance"), lines[^1].Text("newUserId")));

        var paged = new List<string>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await Api.ReadAsync($"referrers/ann/statement?currency=usd&limit=1{cursor}");
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(l => $"{l.Text("entrySetId")} {l.Number("balance")}"));
            cursor = page.Text("nextCursor") is { } next ? $"&cursor={next}" : null;
        }
        Assert.Equal(lines.Select(l => $"{l.Text("entrySetId")} {l.Number("balance")}"), paged);
    }

    [Fact]
    public async Task A_statement_as_of_a_day_before_the_first_posting_is_empty_and_a_wrong_day_is_refused()
    {
        Assert.Empty((await Api.ReadAsync("referrers/ann/statement?asOf=2020-01-01")).GetProperty("balances").EnumerateArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await Api.GetAsync("/api/sandbox/v1/referrers/ann/statement?asOf=1.5.2026")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Api.GetAsync("/api/sandbox/v1/referrers/nobody/statement")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await history.Production.GetAsync("/api/production/v1/referrers/ann/statement")).StatusCode);
    }

    [Fact]
    public async Task A_referral_has_its_timeline_with_the_refund()
    {
        var row = Assert.Single(await Api.ListAsync("referrals?q=cus_ann"));
        Assert.Equal(["user-ann", "user-bo"], (await Api.ListAsync("referrals?attributed=true")).Select(r => r.Text("newUserId")!).Order());
        Assert.Equal("user-alone", Assert.Single(await Api.ListAsync("referrals?attributed=false")).Text("newUserId"));
        Assert.Equal(HttpStatusCode.BadRequest, (await Api.GetAsync("/api/sandbox/v1/referrals?attributed=perhaps")).StatusCode);

        var referral = await Api.ReadAsync($"referrals/{row.Number("id")}");
        Assert.Equal("ann", referral.GetProperty("referral").Text("referrer"));
        var timeline = referral.GetProperty("timeline").EnumerateArray().ToList();
        Assert.Contains(timeline, i => i.Text("kind") == "refundSeen" && i.Number("amount") == -3_000 && i.Text("says")!.Contains("re_a1", StringComparison.Ordinal));
        Assert.Equal(1_500, timeline.Where(i => i.Text("kind") == "posted").Sum(i => i.Number("amount")));
        Assert.Equal(timeline.Select(i => i.GetProperty("at").GetDateTimeOffset()).Order(), timeline.Select(i => i.GetProperty("at").GetDateTimeOffset()));
        Assert.Equal(HttpStatusCode.NotFound, (await history.Production.GetAsync($"/api/production/v1/referrals/{row.Number("id")}")).StatusCode);
    }

    [Fact]
    public async Task The_journal_as_a_file_holds_every_line_and_sums_to_nothing()
    {
        using var answer = await Api.GetAsync("/api/sandbox/v1/ledger/entries.csv");
        var file = (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("entrySetId,postedAt,kind,rewardId,", file[0], StringComparison.Ordinal);
        var entries = (await Api.ListAsync("ledger/entries")).Sum(s => s.GetProperty("entries").GetArrayLength());
        Assert.Equal(entries, file.Length - 1);
        Assert.Equal(0, file.Skip(1).Sum(line => long.Parse(line.Split(',')[9], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(3, (await Api.GetStringAsync("/api/sandbox/v1/ledger/entries.csv?referrer=bo")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(null, "")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+49", "'+49")]
    [InlineData("-5", "'-5")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"=1\"", "\"say \"\"=1\"\"\"")]
    public void A_text_cell_is_never_a_formula(string? text, string cell) => Assert.Equal(cell + "\r\n", new CsvLine().Text(text).ToString());

    [Fact]
    public void A_negative_amount_stays_a_number() =>
        Assert.Equal("-1234,-12.34\r\n", new CsvLine().Amount(new Money(-1_234, Currency.Parse("USD"))).ToString());

    [Theory]
    [InlineData("/sandbox/ledger.csv")]
    [InlineData("/sandbox/statement.csv?referrer=ann&currency=USD")]
    public async Task Files_are_for_people_who_are_signed_in(string path)
    {
        Assert.Equal("/account/sign-in", (await history.Host.CreateVisitor().GetAsync(path)).Headers.Location?.AbsolutePath);

        using var viewer = await history.Host.CreateSignedInClientAsync(PortalRole.Viewer);
        using var answer = await viewer.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, "text/csv"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 3);
        Assert.Equal(HttpStatusCode.NotFound, (await viewer.GetAsync("/sandbox/statement.csv?referrer=nobody")).StatusCode);
    }
}
