using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Facts;
using Portal.Core.Sources;
using Portal.Core.Sources.Stripe;
using Xunit;

namespace Portal.Tests.Sources.Stripe;

[Trait("Database", "Without")]
public sealed class InvoiceLineTests
{
    private static readonly DateTimeOffset Noon = StripeSamples.Noon;

    public static TheoryData<StripeShape> Shapes => [StripeShape.Basil, StripeShape.Classic];

    [Theory]
    [InlineData(12_000, 0, 0, 0, true, 12_000)]
    [InlineData(12_000, 0, 0, 2_000, true, 10_000)]
    [InlineData(12_000, 0, 0, 2_000, false, 12_000)]
    [InlineData(12_000, 3_000, 0, 1_500, true, 7_500)]
    [InlineData(12_000, 3_000, 1_000, 0, true, 8_000)]
    [InlineData(12_000, 12_000, 0, 0, true, 0)]
    [InlineData(-6_000, 0, 0, -1_000, true, -5_000)]
    [InlineData(0, 0, 0, 0, true, 0)]
    public void A_lines_net_is_its_amount_without_discount_grant_and_included_tax_in_both_shapes(
        long amount, long discount, long grant, long tax, bool inclusive, long net)
    {
        foreach (var shape in new[] { StripeShape.Basil, StripeShape.Classic })
        {
            var line = StripeSamples.Line(amount, discount: discount, grant: grant, tax: tax, inclusive: inclusive, shape: shape);

            Assert.Equal(
                [new InvoiceLine("prod_1", "price_1", net, Noon, Noon.AddYears(1), "$.data.object.lines.data[0]")],
                Paid(StripeSamples.InvoicePaid(lines: [line], shape: shape)).Lines);
        }
    }

    [Fact]
    public void The_same_invoice_told_in_both_shapes_gives_equal_facts_lines_included()
    {
        var (basil, classic) = (Facts(StripeShape.Basil), Facts(StripeShape.Classic));

        Assert.Equal(3, JsonNode.Parse(basil)![0]!["Lines"]!.AsArray().Count);
        Assert.Equal(basil, classic);

        static string Facts(StripeShape shape) => JsonSerializer.Serialize(Read(StripeSamples.InvoicePaid(
            lines:
            [
                StripeSamples.Line(9_000, discount: 600, grant: 100, tax: 1_400, shape: shape),
                StripeSamples.Line(4_800, "prod_2", "price_2", tax: 800, inclusive: false, shape: shape),
                StripeSamples.Line(-1_100, "prod_1", "price_0", shape: shape),
            ],
            embedPayments: true,
            shape: shape)).Facts);
    }

    [Theory]
    [InlineData("""{"pricing":{"price_details":{"product":{"id":"prod_9"},"price":{"id":"price_9"}}},"price":{"id":"price_8","product":"prod_8"}}""", "prod_9", "price_9")]
    [InlineData("""{"pricing":{"price_details":{"product":null}},"price":{"id":"price_8","product":{"id":"prod_8"}},"plan":{"id":"plan_7","product":"prod_7"}}""", "prod_8", "price_8")]
    [InlineData("""{"pricing":null,"price":null,"plan":{"id":"plan_7","product":"prod_7"}}""", "prod_7", "plan_7")]
    [InlineData("""{"plan":{"id":"platinum-max-349","name":"Platinum Max"}}""", null, "platinum-max-349")]
    [InlineData("""{"pricing":[],"price":5,"plan":"plan_7"}""", null, "plan_7")]
    [InlineData("{}", null, null)]
    public void What_was_sold_is_named_by_the_newest_place_that_names_it(string fields, string? product, string? price)
    {
        var line = Json(fields);
        line["amount"] = 100;

        var read = Assert.Single(Paid(StripeSamples.InvoicePaid(lines: [line])).Lines);
        Assert.Equal((product, price, 100), (read.ProductId, read.PriceId, read.Net));
        Assert.Equal((null, null), (read.From, read.To));
    }

    [Fact]
    public void A_discount_that_stands_in_two_lists_is_taken_off_once()
    {
        var line = StripeSamples.Line(1_000, discount: 200, grant: 100);
        Assert.Equal(700, Assert.Single(Paid(StripeSamples.InvoicePaid(lines: [line.DeepClone()])).Lines).Net);

        line.Remove("discount_amounts");
        Assert.Equal(700, Assert.Single(Paid(StripeSamples.InvoicePaid(lines: [line])).Lines).Net);
    }

    /// <summary>Case 23: a downgrade is a line below zero; what it means is for the rules to say.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_proration_below_zero_is_a_line_like_any_other_and_a_negative_invoice_is_told_as_it_is(StripeShape shape)
    {
        var paid = Paid(StripeSamples.InvoicePaid(
            amountPaid: 0, total: -3_000, totalExcludingTax: -3_000, shape: shape,
            lines: [StripeSamples.Line(-5_000, shape: shape), StripeSamples.Line(2_000, "prod_2", shape: shape)]));

        Assert.Equal([-5_000, 2_000], paid.Lines.Select(line => line.Net));
        Assert.Equal((0, -3_000), (paid.AmountPaid, paid.TotalExcludingTax));
    }

    /// <summary>Case 28: the event carries a first page of lines.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_long_invoice_says_that_it_has_more_lines_than_it_shows(StripeShape shape)
    {
        var body = StripeSamples.InvoicePaid(lines: [StripeSamples.Line(12_000, shape: shape)], shape: shape);
        Assert.False(Paid(body).HasMoreLines);

        var reading = Read(body.Replace("\"has_more\":false", "\"has_more\":true", StringComparison.Ordinal));
        var paid = reading.Facts.OfType<InvoicePaid>().Single();
        Assert.Equal((true, 1, 12_000), (paid.HasMoreLines, paid.Lines.Count, paid.AmountPaid));
        Assert.Equal((CheckLevel.Warning, "Not all", "1 read"), Check(reading));
    }

    [Theory]
    [InlineData("amount", "\"5000\"")]
    [InlineData("amount", "5000.5")]
    [InlineData("amount", "1000000000000001")]
    [InlineData("amount", "null")]
    [InlineData("discount_amounts", "{\"amount\":5}")]
    [InlineData("discount_amounts", "[5]")]
    [InlineData("discount_amounts", "[{\"amount\":null}]")]
    [InlineData("discount_amounts", "[{\"amount\":-1000000000000000},{\"amount\":-1000000000000000}]")]
    [InlineData("pretax_credit_amounts", "[{\"type\":\"credit_balance_transaction\"}]")]
    [InlineData("taxes", "[{\"tax_behavior\":\"inclusive\",\"amount\":\"5\"}]")]
    public void A_line_whose_amount_cannot_be_known_is_left_out_and_said_to_be_missing(string field, string value)
    {
        var damaged = StripeSamples.Line(5_000);
        damaged[field] = JsonNode.Parse(value);

        var reading = Read(StripeSamples.InvoicePaid(lines: [damaged, StripeSamples.Line(7_000, "prod_2")]));
        var paid = reading.Facts.OfType<InvoicePaid>().Single();
        var left = Assert.Single(paid.Lines);
        Assert.Equal(("prod_2", "$.data.object.lines.data[1]"), (left.ProductId, left.Path));
        Assert.Equal((true, 12_000), (paid.HasMoreLines, paid.AmountPaid));
        Assert.Equal((CheckLevel.Warning, "Not all", "1 read"), Check(reading));
    }

    [Fact]
    public void A_tax_on_top_cannot_damage_a_line()
    {
        var line = StripeSamples.Line(5_000);
        line["taxes"] = JsonNode.Parse("""[{"tax_behavior":"exclusive","amount":"?"}]""");

        Assert.Equal(5_000, Assert.Single(Paid(StripeSamples.InvoicePaid(lines: [line])).Lines).Net);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{\"data\":null}")]
    [InlineData("{\"data\":[],\"has_more\":\"no\"}")]
    public void Without_a_list_of_lines_they_are_said_to_be_missing_and_the_invoice_is_paid_all_the_same(string lines)
    {
        var body = StripeSamples.InvoicePaid().Replace(
            "{\"object\":\"list\",\"data\":[],\"has_more\":false}", lines, StringComparison.Ordinal);

        var paid = Paid(body);
        Assert.Equal((true, 0, 12_000), (paid.HasMoreLines, paid.Lines.Count, paid.AmountPaid));
    }

    [Fact]
    public void Before_lines_knew_their_discounts_a_discounted_invoices_lines_are_not_known()
    {
        var line = StripeSamples.Line(12_000, shape: StripeShape.Classic);
        line.Remove("discount_amounts");
        line.Remove("pretax_credit_amounts");
        var body = StripeSamples.InvoicePaid(lines: [line], shape: StripeShape.Classic);

        Assert.Equal(12_000, Assert.Single(Paid(body).Lines).Net);
        var discounted = Paid(body.Replace("\"lines\":", "\"discount\":{\"coupon\":{\"percent_off\":10}},\"lines\":", StringComparison.Ordinal));
        Assert.Equal((true, 0), (discounted.HasMoreLines, discounted.Lines.Count));
    }

    [Fact]
    public void Lines_come_back_from_the_database_and_an_invoice_stored_before_they_were_read_has_none()
    {
        var stored = JsonSerializer.Serialize<Fact>(Paid(StripeSamples.InvoicePaid(lines: [StripeSamples.Line(5_000)], outside: true)), FactJson.Default.Fact);
        var back = Assert.IsType<InvoicePaid>(JsonSerializer.Deserialize(stored, FactJson.Default.Fact));
        Assert.Equal((true, false, 5_000), (back.PaidOutOfBand, back.HasMoreLines, Assert.Single(back.Lines).Net));

        var older = Json(stored);
        Assert.True(older.Remove("lines") && older.Remove("hasMoreLines") && older.Remove("paidOutOfBand"));
        Assert.Empty(Assert.IsType<InvoicePaid>(JsonSerializer.Deserialize(older.ToJsonString(), FactJson.Default.Fact)).Lines);
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private static (CheckLevel Level, string Label, string? Found) Check(Reading reading)
    {
        var check = reading.Checks.Single(check => check.Field == "lines");
        return (check.Level, check.Label, check.Found);
    }

    private static Reading Read(string body) => StripeReader.Read(Encoding.UTF8.GetBytes(body));

    private static InvoicePaid Paid(string body) => Read(body).Facts.OfType<InvoicePaid>().Single();
}
