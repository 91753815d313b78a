using System.Text;
using Portal.Core.Facts;
using Portal.Core.Sources;
using Portal.Core.Sources.Api;
using Xunit;

namespace Portal.Tests.Sources.Api;

/// <summary>What an event that a product tells means.</summary>
[Trait("Database", "Without")]
public sealed class ApiReaderTests
{
    [Fact]
    public void A_signup_tells_who_came_by_whose_code()
    {
        var reading = Read(ApiSamples.Signup());

        var seen = Assert.IsType<CustomerSeen>(Assert.Single(reading.Facts));
        Assert.Equal(("user-1", "user1@example.com", "New User"), (seen.CustomerId, seen.Email, seen.Name));
        Assert.Equal(new Claim(SmallWorld.Ann, "user-1", null, "$.payload"), seen.Metadata);
        Assert.Equal(CheckLevel.Ok, reading.Status);
    }

    [Fact]
    public void Where_an_organisation_is_referred_the_user_stands_in_the_context()
    {
        var seen = Assert.IsType<CustomerSeen>(Assert.Single(Read(ApiSamples.Event("new-signup", "user-1", newUserId: "org-9")).Facts));

        Assert.Equal(("user-1", "user-1", "org-9"), (seen.CustomerId, seen.Metadata!.NewUserId, seen.Metadata.OrganizationId));
    }

    [Theory]
    [InlineData(100, "USD", 10_000)]
    [InlineData(19.99, "EUR", 1_999)]
    [InlineData(1250, "JPY", 1_250)]
    [InlineData(1.234, "KWD", 1_234)]
    [InlineData(0, "USD", 0)]
    public void A_price_is_counted_in_the_currency_s_minor_units(decimal price, string currency, long minor)
    {
        var paid = Assert.IsType<InvoicePaid>(Read(ApiSamples.Paid(price: price, currency: currency)).Facts[1]);

        Assert.Equal(("in_1", currency, minor, minor), (paid.InvoiceId, paid.Currency, paid.AmountPaid, paid.TotalExcludingTax));
    }

    [Theory]
    [InlineData("1e2", 10_000)]
    [InlineData("0.1e3", 10_000)]
    [InlineData("19.990000000000002", 1_999)]
    [InlineData("0.005", 1)]
    public void A_number_is_read_digit_by_digit_however_it_is_written(string number, long minor) =>
        Assert.Equal(minor, Assert.IsType<InvoicePaid>(Read(ApiSamples.Paid().Replace("\"price\":100", $"\"price\":{number}", StringComparison.Ordinal)).Facts[1]).AmountPaid);

    [Theory]
    [InlineData("-1")]
    [InlineData("1e19")]
    [InlineData("99999999999999999999")]
    public void An_absurd_price_is_an_error_and_no_payment(string number)
    {
        var reading = Read(ApiSamples.Paid().Replace("\"price\":100", $"\"price\":{number}", StringComparison.Ordinal));

        Assert.Equal(CheckLevel.Error, reading.Status);
        Assert.DoesNotContain(reading.Facts, f => f is InvoicePaid);
        Assert.Equal("Invalid", reading.Checks.Single(c => c.Field == "price").Label);
    }

    [Fact]
    public void A_yearly_invoice_pays_for_a_year()
    {
        var line = Assert.Single(Assert.IsType<InvoicePaid>(Read(ApiSamples.Paid(interval: "yearly")).Facts[1]).Lines);

        Assert.Equal(line.From!.Value.AddYears(1), line.To);
    }

    [Theory]
    [InlineData("payload.ucc", "\"no code!\"", "ucc")]
    [InlineData("context.newUser.id", null, "newUser.id")]
    [InlineData("context.newUser.email", null, "newUser.email")]
    [InlineData("payload.price", null, "price")]
    [InlineData("payload.currency", "\"EURO\"", "currency")]
    [InlineData("context.subscription.invoiceId", null, "subscription.invoiceId")]
    [InlineData("context.subscription.interval", "\"fortnightly\"", "subscription.interval")]
    [InlineData("context.subscription.productKey", null, "subscription.productKey")]
    public void The_feed_is_stricter_than_the_endpoint(string path, string? json, string field)
    {
        var body = ApiSamples.With(ApiSamples.Paid(), path, json);

        Assert.True(ApiRequest.Read(Encoding.UTF8.GetBytes(body), "id").TryGet(out _, out _));
        Assert.Equal(CheckLevel.Error, Read(body).Checks.Single(c => c.Field == field).Level);
    }

    [Fact]
    public void Every_rule_has_one_check_and_nothing_is_thrown_whatever_is_missing()
    {
        foreach (var trigger in ApiTriggers.All) Assert.Equal(ApiFieldRules.For(trigger).Select(r => r.Field), Read(ApiSamples.Event(trigger)).Checks.Select(c => c.Field));
        foreach (var body in (string[])["", "{", "[]", "{}", "null", "{\"context\":{\"event\":{\"trigger\":\"new-signup\",\"timestamp\":\"2026-01-01\"}}}"]) Assert.NotNull(Read(body));
    }

    private static Reading Read(string body) => ApiReader.Read(Encoding.UTF8.GetBytes(body));
}
