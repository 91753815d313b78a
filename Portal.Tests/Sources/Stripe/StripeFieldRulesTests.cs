using System.Globalization;
using System.Text;
using Portal.Core.Facts;
using Portal.Core.Sources;
using Portal.Core.Sources.Stripe;
using Xunit;

namespace Portal.Tests.Sources.Stripe;

[Trait("Database", "Without")]
public sealed class StripeFieldRulesTests
{
    [Fact]
    public void Every_type_that_is_followed_has_rules_of_its_own_and_no_other_type_has()
    {
        var followed = StripeEventTypes.Needed.Concat(StripeEventTypes.Recommended).Concat(StripeEventTypes.Twins).Select(type => type.Name).ToList();

        Assert.Equal(followed.Order(), StripeFieldRules.All.SelectMany(rule => rule.EventTypes).Distinct().Order());
        Assert.Equal(followed.Count, followed.Distinct().Count());
        Assert.Equal(10, StripeEventTypes.Needed.Count);
        Assert.Equal(["eventId", "eventType", "created", "livemode", "apiVersion"], StripeFieldRules.For("ping").Select(rule => rule.Field));
    }

    [Fact]
    public void No_field_is_checked_twice_on_one_type_and_every_rule_says_what_would_be_right()
    {
        foreach (var type in StripeFieldRules.All.SelectMany(rule => rule.EventTypes).Distinct())
        {
            var fields = StripeFieldRules.For(type).Select(rule => rule.Field).ToList();
            Assert.Equal(fields.Distinct(), fields);
        }

        Assert.All(StripeFieldRules.All, rule =>
        {
            Assert.False(string.IsNullOrWhiteSpace(rule.Expected));
            Assert.All(rule.Paths, path => Assert.StartsWith("$.", path, StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData("abcDEF12345", "user-1", "OK", "OK", CheckLevel.Ok)]
    [InlineData("abcd", "user-1", "OK", "OK", CheckLevel.Ok)]
    [InlineData("abc", "user-1", "Invalid", "OK", CheckLevel.Error)]
    [InlineData("abc-DEF-123", "user-1", "Invalid", "OK", CheckLevel.Error)]
    [InlineData("abcdefghijklmnopqrstuvwxyz1234567", "user-1", "Invalid", "OK", CheckLevel.Error)]
    [InlineData(null, "user-1", "Required", "OK", CheckLevel.Error)]
    [InlineData("  ", "user-1", "Required", "OK", CheckLevel.Error)]
    [InlineData("abcDEF12345", null, "OK", "Required", CheckLevel.Error)]
    [InlineData("???", null, "Invalid", "Required", CheckLevel.Error)]
    [InlineData(null, null, "Not referred", "Not referred", CheckLevel.Warning)]
    [InlineData("", " ", "Not referred", "Not referred", CheckLevel.Warning)]
    public void Half_a_referral_is_an_error_and_none_at_all_a_warning(string? ucc, string? user, string uccLabel, string userLabel, CheckLevel status)
    {
        var reading = Read(StripeSamples.Customer("customer.updated", ucc: ucc, newUserId: user));

        Assert.Equal(uccLabel, Check(reading, "ucc").Label);
        Assert.Equal(userLabel, Check(reading, "newUserId").Label);
        Assert.Equal(status, reading.Status);
        Assert.Equal("$.data.object.metadata.cello_ucc", Check(reading, "ucc").Path);
    }

    [Theory]
    [InlineData(null, "Recommended")]
    [InlineData("nobody", "Invalid")]
    [InlineData("a@", "Invalid")]
    [InlineData("a@b@c", "Invalid")]
    [InlineData("a b@c.io", "Invalid")]
    public void A_customer_without_a_usable_address_is_a_warning(string? email, string label)
    {
        var reading = Read(StripeSamples.Customer(email: email));

        Assert.Equal((label, CheckLevel.Warning), (Check(reading, "email").Label, reading.Status));
        Assert.Null(reading.Email);
    }

    [Fact]
    public void Deleted_customers_and_subscriptions_need_no_referral()
    {
        Assert.Equal(CheckLevel.Ok, Read(StripeSamples.Customer("customer.deleted", ucc: null, newUserId: null)).Status);
        Assert.Equal(CheckLevel.Ok, Read(StripeSamples.Subscription()).Status);
    }

    [Theory]
    [InlineData("amount_paid", "1.5")]
    [InlineData("amount_paid", "1e400")]
    [InlineData("amount_paid", "1e2")]
    [InlineData("amount_paid", "\"12\"")]
    [InlineData("amount_paid", "-1")]
    [InlineData("amount_paid", "1000000000000001")]
    [InlineData("amount_paid", "18446744073709551616")]
    [InlineData("amount_paid", "null")]
    [InlineData("total", "-1000000000000001")]
    [InlineData("total", "{}")]
    [InlineData("total_excluding_tax", "12001")]
    [InlineData("total_excluding_tax", "-1")]
    [InlineData("total_excluding_tax", "\"10000\"")]
    [InlineData("currency", "\"us\"")]
    [InlineData("currency", "\"u$d\"")]
    [InlineData("id", "\"\"")]
    [InlineData("id", "7")]
    public void An_invoice_with_a_wrong_field_is_an_error_and_no_payment(string field, string value)
    {
        var reading = Read(With(StripeSamples.InvoicePaid(), field, value));

        Assert.Equal(CheckLevel.Error, reading.Status);
        Assert.DoesNotContain(reading.Facts, fact => fact is InvoicePaid);
    }

    [Fact]
    public void A_wrong_amount_does_not_cost_the_link_to_the_payment() =>
        Assert.IsType<PaymentLinked>(Assert.Single(Read(With(StripeSamples.InvoicePaid(shape: StripeShape.Classic), "amount_paid", "1.5")).Facts));

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 12_000, 10_000)]
    [InlineData(50_000, 12_000, 10_000)]
    [InlineData(0, -12_000, -10_000)]
    [InlineData(1_000_000_000_000_000, 1_000_000_000_000_000, 0)]
    public void Amounts_that_can_happen_are_taken(long paid, long total, long net)
    {
        var reading = Read(StripeSamples.InvoicePaid(amountPaid: paid, total: total, totalExcludingTax: net));

        Assert.Equal(CheckLevel.Ok, reading.Status);
        Assert.Single(reading.Facts.OfType<InvoicePaid>());
    }

    [Theory]
    [InlineData("""{"tax":2000}""", 10_000L, "$.data.object.total − $.data.object.tax")]
    [InlineData("""{"tax":null,"total_tax_amounts":[{"amount":500},{"amount":700}]}""", 10_800L, "$.data.object.total − Σ $.data.object.total_tax_amounts[*].amount")]
    [InlineData("""{"total_excluding_tax":null,"total_taxes":[{"amount":500}]}""", 11_500L, "$.data.object.total − Σ $.data.object.total_taxes[*].amount")]
    [InlineData("""{"subtotal_excluding_tax":9000}""", 9_000L, "$.data.object.subtotal_excluding_tax")]
    [InlineData("""{"subtotal_excluding_tax":15000}""", 12_000L, "$.data.object.total (no field tells of a tax)")]
    [InlineData("{}", 12_000L, "$.data.object.total (no field tells of a tax)")]
    [InlineData("""{"tax":12001}""", null, "")]
    [InlineData("""{"tax":"2000"}""", null, "")]
    [InlineData("""{"total_taxes":[{"amount":500},7]}""", null, "")]
    [InlineData("""{"total_taxes":{"amount":500}}""", null, "")]
    [InlineData("""{"total_taxes":[{"amount":1000000000000000},{"amount":1000000000000000}]}""", null, "")]
    public void The_total_without_tax_is_found_in_every_version_and_says_where(string fields, long? net, string path)
    {
        var head = """{"id":"evt_1","type":"invoice.paid","created":1772452800,"livemode":false,"api_version":"2020-03-02","data":{"object":{"id":"in_1","customer":"cus_1","customer_email":"a@b.io","currency":"eur","amount_paid":12000,"total":12000,"status_transitions":{"paid_at":1772452800}""";
        var rest = fields == "{}" ? "}}}" : "," + fields[1..] + "}}";
        var reading = Read(head + rest);
        var fact = reading.Facts.OfType<InvoicePaid>().SingleOrDefault();
        var check = Check(reading, "totalExcludingTax");

        Assert.Equal(net, fact?.TotalExcludingTax);
        Assert.Equal(net is null ? CheckLevel.Error : CheckLevel.Ok, check.Level);
        if (net is null) return;
        Assert.Equal(path, fact!.NetPath);
        Assert.StartsWith(net.Value.ToString(CultureInfo.InvariantCulture), check.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"yesterday\"")]
    [InlineData("-1")]
    public void Without_the_moment_of_payment_the_time_of_the_event_is_used_with_a_warning(string paidAt)
    {
        var body = With(StripeSamples.InvoicePaid(paidAt: StripeSamples.Noon.AddDays(-1), at: StripeSamples.Noon), "paid_at", paidAt);
        var reading = Read(body);

        Assert.Equal(StripeSamples.Noon, Assert.Single(reading.Facts).OccurredAt);
        Assert.Equal(CheckLevel.Warning, Check(reading, "paidAt").Level);
    }

    [Fact]
    public void A_payment_without_a_customer_is_read_with_a_warning()
    {
        foreach (var body in new[] { StripeSamples.InvoicePaid(customer: null), StripeSamples.Charge(customer: null) })
        {
            var reading = Read(body);
            Assert.Equal(("No customer: cannot be attributed", CheckLevel.Warning), (Check(reading, "customerId").Label, reading.Status));
            Assert.Null(Assert.Single(reading.Facts).CustomerId);
        }
    }

    [Fact]
    public void More_refunded_than_charged_is_an_error_and_no_refund()
    {
        var reading = Read(StripeSamples.Charge("charge.refunded", amount: 100, amountRefunded: 101));

        Assert.Equal("Invalid", Check(reading, "amountRefunded").Label);
        Assert.DoesNotContain(reading.Facts, fact => fact is ChargeRefunded);
    }

    [Fact]
    public void What_was_found_is_shown_short_and_harmless()
    {
        Assert.Equal("abc�def", Found("\"abc\\u202edef\""));
        Assert.Equal("null", Found("null"));
        Assert.Equal("1e400", Found("1e400"));
        Assert.Equal("\"\\ud800\"", Found("\"\\ud800\""));
        Assert.Equal("{\"a\":[1]}", Found("{\"a\":[1]}"));
        Assert.Equal(new string('x', 120), Found($"\"{new string('x', 120)}\""));
        Assert.Equal(new string('x', 119) + "…", Found($"\"{new string('x', 70_000)}\""));
        Assert.Equal(119, Found($"\"{string.Concat(Enumerable.Repeat("🙂", 90))}\"")!.Length);

        static string? Found(string value) => Check(Read(With(StripeSamples.InvoicePaid(), "billing_reason", value)), "billingReason").Found;
    }

    private static string With(string body, string field, string value)
    {
        var at = body.IndexOf($"\"object\":{{\"id\"", StringComparison.Ordinal);
        var start = body.IndexOf($"\"{field}\":", at, StringComparison.Ordinal) + field.Length + 3;
        var end = body[start] == '"' ? body.IndexOf('"', start + 1) + 1 : body.IndexOfAny([',', '}'], start);
        return body[..start] + value + body[end..];
    }

    private static FieldCheck Check(Reading reading, string field) => Assert.Single(reading.Checks, check => check.Field == field);

    private static Reading Read(string body) => StripeReader.Read(Encoding.UTF8.GetBytes(body));
}
