using System.Text;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Sources;
using Portal.Shared;
using Xunit;

namespace Portal.Tests.Pages;

[Trait("Database", "Without")]
public sealed class CellTests : BunitContext
{
    public CellTests() => Services.AddSingleton(TimeProvider.System);

    [Theory]
    [InlineData(CheckLevel.Ok, "OK", "chip-good")]
    [InlineData(CheckLevel.Warning, "Warning", "chip-warn")]
    [InlineData(CheckLevel.Error, "Error", "chip-bad")]
    [InlineData(null, "Unread", "chip-quiet")]
    public void A_status_is_a_word_a_colour_and_a_sentence(CheckLevel? status, string word, string look)
    {
        var chip = Render<StatusChip>(p => p.Add(c => c.Status, status)).Find(".chip");

        Assert.Equal(word, chip.TextContent);
        Assert.Contains(look, chip.ClassList);
        Assert.Equal(Words.Explain(status), chip.GetAttribute("title"));
    }

    [Fact]
    public void A_state_explains_itself_by_its_note()
    {
        var chip = Render<StateChip>(p => p.Add(c => c.State, EventState.Waiting).Add(c => c.Note, "Waits for charge ch_1.")).Find(".chip");

        Assert.Equal(("Waiting", "Waits for charge ch_1."), (chip.TextContent, chip.GetAttribute("title")));
    }

    [Theory]
    [InlineData(123456, "USD", "1,234.56 USD")]
    [InlineData(-5, "EUR", "−0.05 EUR")]
    [InlineData(1250, "JPY", "1,250 JPY")]
    [InlineData(12770, "KWD", "12.770 KWD")]
    public void Money_has_the_decimals_of_its_currency(long minor, string currency, string text)
    {
        var shown = Render<MoneyText>(p => p.Add(m => m.Amount, new Money(minor, Currency.Parse(currency))));

        Assert.Equal(text, shown.Find(".money").TextContent);
    }

    [Fact]
    public void A_moment_is_relative_with_the_exact_time_beside_it()
    {
        var at = DateTimeOffset.UtcNow.AddMinutes(-7);

        var time = Render<When>(p => p.Add(w => w.At, at)).Find("time");

        Assert.Equal("7 min ago", time.TextContent);
        Assert.Equal(Words.Absolute(at), time.GetAttribute("title"));
    }

    [Fact]
    public void A_payload_s_markup_is_shown_and_never_run()
    {
        var tree = Render<JsonTree>(p => p.Add(t => t.Root, JsonBranch.Read("""{"name":"<img src=x onerror=alert(1)>"}"""u8.ToArray(), [])));

        Assert.Empty(tree.FindAll("img"));
        Assert.Equal("\"<img src=x onerror=alert(1)>\"", tree.Find(".json-string").TextContent);
    }

    [Fact]
    public void A_missing_field_is_shown_where_it_should_be_with_its_verdict()
    {
        var check = new FieldCheck("newUserId", "$.data.object.metadata.new_user_id", CheckLevel.Error, "Required", null, "Your own id.");

        var tree = Render<JsonTree>(p => p.Add(t => t.Root, JsonBranch.Read("""{"data":{"object":{"metadata":{"cello_ucc":"x"}}}}"""u8.ToArray(), [check])));

        var missing = tree.Find(".json-wanted");
        Assert.Equal("new_user_id", missing.QuerySelector(".json-name")?.TextContent);
        Assert.Equal("Required", missing.QuerySelector(".check")?.LastChild?.TextContent);
        Assert.Contains("metadata", missing.Closest("details")!.QuerySelector("summary")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("{\"a\":")]
    public void What_is_no_json_is_shown_as_it_came(string text)
    {
        Assert.Null(JsonBranch.Read(Encoding.UTF8.GetBytes(text), []));

        Assert.Contains(text, Render<JsonTree>(p => p.Add(t => t.Root, null).Add(t => t.Raw, text)).Find(".raw").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_very_large_payload_is_cut_and_says_so()
    {
        var body = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 10_000))}]");

        var root = JsonBranch.Read(body, []);

        Assert.True(root?.IsCut);
        Assert.True(root?.Children.Count <= JsonBranch.MostNodes);
    }

    [Fact]
    public void A_pager_leads_where_there_is_something()
    {
        var page = new Page<int>([3, 2], "2", null);

        var pager = Render<KeysetPager<int>>(p => p.Add(k => k.Page, page).Add(k => k.What, "numbers").Add(k => k.Newest, "/n")
            .Add(k => k.Older, c => $"/n?before={c}").Add(k => k.Newer, c => $"/n?after={c}"));

        Assert.Equal(["/n?before=2"], pager.FindAll("a").Select(a => a.GetAttribute("href")));
    }
}
