using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Facts;
using Portal.Core.Sources;
using Portal.Core.Sources.Stripe;
using Xunit;

namespace Portal.Tests.Sources.Stripe;

/// <summary>What a sale is and what is none: the cases that the reading decides.</summary>
[Trait("Database", "Without")]
public sealed class StripeSaleTests
{
    private static readonly DateTimeOffset Noon = StripeSamples.Noon;

    public static TheoryData<StripeShape> Shapes => [StripeShape.Basil, StripeShape.Classic];

    /// <summary>Case 10.</summary>
    [Fact]
    public void An_event_of_a_version_that_nobody_knows_is_read_all_the_same_and_names_its_version()
    {
        var body = StripeSamples.InvoicePaid().Replace("2025-03-31.basil", "2031-01-01.elm", StringComparison.Ordinal);

        Assert.Equal(Json(Read(StripeSamples.InvoicePaid()).Facts), Json(Read(body).Facts));
        Assert.Equal("2031-01-01.elm", Read(body).Checks.Single(check => check.Field == "apiVersion").Found);
    }

    /// <summary>Case 11.</summary>
    [Fact]
    public void The_claim_of_an_invoice_is_its_own_then_its_subscriptions_then_its_first_lines_that_has_one()
    {
        string?[] places =
        [
            "$.data.object.metadata", "$.data.object.parent.subscription_details.metadata", "$.data.object.subscription_details.metadata",
            "$.data.object.lines.data[1].metadata", null,
        ];
        string?[] codes = ["invoice", "newer", "older", "line", null];
        for (var first = 0; first < places.Length; first++)
        {
            var line = StripeSamples.Line(12_000);
            if (first <= 3) line["metadata"] = Code("line");
            var o = JsonNode.Parse(StripeSamples.InvoicePaid(lines: [StripeSamples.Line(0), line]))!;
            var invoice = o["data"]!["object"]!;
            if (first <= 0) invoice["metadata"] = Code("invoice");
            if (first <= 1) invoice["parent"]!["subscription_details"]!["metadata"] = Code("newer");
            if (first <= 2) invoice["subscription_details"] = new JsonObject { ["metadata"] = Code("older") };

            var claim = Assert.Single(Read(o.ToJsonString()).Facts).Claim;
            Assert.Equal((places[first], codes[first]), (claim?.Path, claim?.Code));
        }

        static JsonObject Code(string code) => new() { ["cello_ucc"] = code };
    }

    /// <summary>Case 19: https://docs.stripe.com/changelog/basil/2025-03-31/add-support-for-multiple-partial-payments-on-invoices.</summary>
    [Fact]
    public void An_invoice_marked_paid_outside_tells_the_same_in_both_shapes_what_was_due_and_that_no_money_was_seen()
    {
        var basil = Read(StripeSamples.InvoicePaid(outside: true)).Facts;
        var classic = Read(StripeSamples.InvoicePaid(outside: true, shape: StripeShape.Classic)).Facts;

        var paid = Assert.IsType<InvoicePaid>(Assert.Single(basil));
        Assert.Equal((true, 12_000), (paid.PaidOutOfBand, paid.AmountPaid));
        Assert.Equal(Json(basil), Json(classic));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_invoice_that_Stripe_collected_is_not_paid_outside(StripeShape shape) => Assert.False(
        Assert.IsType<InvoicePaid>(Read(StripeSamples.InvoicePaid(embedPayments: true, shape: shape)).Facts[0]).PaidOutOfBand);

    [Theory]
    [InlineData("""{"type":"payment_record","payment_record":"pr_1"}""", "paid", true)]
    [InlineData("""{"type":"payment_record","payment_record":{"id":"pr_1"}}""", "paid", true)]
    [InlineData("""{"type":"out_of_band_payment"}""", "paid", true)]
    [InlineData("""{"type":"payment_record","payment_record":"pr_1"}""", "canceled", false)]
    [InlineData("""{"type":"payment_intent","payment_intent":"pi_2","payment_record":null}""", "paid", false)]
    public void A_payment_that_is_only_a_record_was_made_outside_and_one_that_was_cancelled_not_at_all(string payment, string status, bool outside)
    {
        var o = JsonNode.Parse(StripeSamples.InvoicePaid(embedPayments: true))!;
        o["data"]!["object"]!["payments"]!["data"]!.AsArray().Add(new JsonObject { ["status"] = status, ["payment"] = JsonNode.Parse(payment) });

        Assert.Equal(outside, Assert.IsType<InvoicePaid>(Read(o.ToJsonString()).Facts[0]).PaidOutOfBand);
    }

    [Fact]
    public void Where_the_invoice_does_not_list_its_payments_the_payments_own_event_tells_that_it_was_made_outside()
    {
        var reading = Read(StripeSamples.InvoicePaymentPaid(paymentIntent: null));

        Assert.Equal(new PaymentLinked("in_1", null, null) { PaidOutOfBand = true, OccurredAt = Noon }, Assert.Single(reading.Facts));
        Assert.Equal(CheckLevel.Ok, reading.Status);
    }

    /// <summary>Case 20: a trial's start, a coupon of 100 %, an invoice covered by balance.</summary>
    [Theory]
    [InlineData(0, 0, "subscription_create")]
    [InlineData(12_000, 10_000, "subscription_cycle")]
    public void An_invoice_of_nothing_is_paid_with_nothing_and_says_why_it_was_issued(long total, long net, string reason)
    {
        foreach (var shape in new[] { StripeShape.Basil, StripeShape.Classic })
        {
            var reading = Read(StripeSamples.InvoicePaid(
                amountPaid: 0, total: total, totalExcludingTax: net, billingReason: reason, paymentIntent: null, charge: null, shape: shape));

            var paid = Assert.IsType<InvoicePaid>(Assert.Single(reading.Facts));
            Assert.Equal((0, total, net, reason, false), (paid.AmountPaid, paid.Total, paid.TotalExcludingTax, paid.BillingReason, paid.PaidOutOfBand));
        }
    }

    /// <summary>Case 22: an old debt makes more due than the total, a credit less.</summary>
    [Theory]
    [InlineData(15_000, 3_000)]
    [InlineData(4_000, -8_000)]
    [InlineData(0, -12_000)]
    public void The_customers_balance_changes_what_was_collected_and_never_what_was_sold(long collected, long startingBalance)
    {
        var body = StripeSamples.InvoicePaid(amountPaid: collected).Replace(
            "\"total\":", $"\"starting_balance\":{startingBalance},\"ending_balance\":0,\"total\":", StringComparison.Ordinal);

        var paid = Assert.IsType<InvoicePaid>(Assert.Single(Read(body).Facts));
        Assert.Equal((collected, 12_000, 10_000), (paid.AmountPaid, paid.Total, paid.TotalExcludingTax));
    }

    /// <summary>Case 25: https://docs.stripe.com/changelog/basil/2025-05-28/partial-payments.</summary>
    [Fact]
    public void The_parts_of_a_payment_are_links_and_only_the_invoice_is_a_sale()
    {
        Assert.IsType<PaymentLinked>(Assert.Single(Read(StripeSamples.InvoicePaymentPaid(paymentIntent: "pi_1", amountPaid: 5_000)).Facts));
        Assert.IsType<PaymentLinked>(Assert.Single(Read(StripeSamples.InvoicePaymentPaid(paymentIntent: "pi_2", amountPaid: 7_000)).Facts));

        foreach (var type in new[] { "invoice.overpaid", "invoice.payment_attempt_required", "invoice.updated" })
        {
            var reading = Read(StripeSamples.InvoicePaid(type: type));
            Assert.Equal((0, $"{type} is not a type the portal follows."), (reading.Facts.Count, reading.Ignored));
        }
    }

    /// <summary>Case 27, and 16: a checkout session is never money, whatever its status.</summary>
    [Theory]
    [InlineData("checkout.session.completed")]
    [InlineData("checkout.session.async_payment_succeeded")]
    [InlineData("checkout.session.async_payment_failed")]
    public void A_checkout_session_is_no_payment_the_invoice_or_charge_that_follows_is(string type) => Assert.Empty(
        Read(StripeSamples.Event(type, new JsonObject { ["id"] = "cs_1", ["payment_status"] = "unpaid" }, null, null, StripeShape.Basil)).Facts);

    /// <summary>Case 29.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_subscription_that_is_asked_to_end_goes_on_until_it_has_ended(StripeShape shape)
    {
        var asked = With(StripeSamples.Subscription("customer.subscription.updated", at: Noon, shape: shape), Noon, true);
        Assert.Equal("active", Assert.IsType<SubscriptionChanged>(Assert.Single(Read(asked).Facts)).Status);

        var gone = StripeSamples.Subscription(
            "customer.subscription.deleted", status: "canceled", endedAt: Noon.AddDays(30), at: Noon.AddDays(31), shape: shape);
        Assert.Equal(
            new SubscriptionEnded("sub_1") { OccurredAt = Noon.AddDays(30), CustomerId = "cus_1" }, Assert.Single(Read(With(gone, Noon, true)).Facts));

        static string With(string body, DateTimeOffset canceledAt, bool atPeriodEnd)
        {
            var o = JsonNode.Parse(body)!;
            o["data"]!["object"]!["canceled_at"] = StripeSamples.Seconds(canceledAt);
            o["data"]!["object"]!["cancel_at_period_end"] = atPeriodEnd;
            return o.ToJsonString();
        }
    }

    /// <summary>Cases 45 to 47: https://docs.stripe.com/currencies.</summary>
    [Theory]
    [InlineData("jpy", 0)]
    [InlineData("krw", 0)]
    [InlineData("usd", 2)]
    [InlineData("isk", 2)]
    [InlineData("huf", 2)]
    [InlineData("twd", 2)]
    [InlineData("ugx", 2)]
    [InlineData("kwd", 3)]
    [InlineData("tnd", 3)]
    public void An_amount_is_taken_as_Stripe_counts_it_and_never_divided(string currency, int decimals)
    {
        var paid = Assert.IsType<InvoicePaid>(Read(StripeSamples.InvoicePaid(currency: currency, lines: [StripeSamples.Line(12_000, tax: 2_000)])).Facts[0]);

        Assert.Equal((12_000, 10_000, currency.ToUpperInvariant()), (paid.AmountPaid, paid.TotalExcludingTax, paid.Currency));
        Assert.Equal(10_000, Assert.Single(paid.Lines).Net);
        Assert.Equal(decimals, Portal.Core.Currency.Parse(paid.Currency).Exponent);
    }

    /// <summary>Case 49.</summary>
    [Fact]
    public void What_the_customer_saw_in_another_currency_is_not_what_was_invoiced()
    {
        var body = StripeSamples.InvoicePaid(currency: "eur").Replace(
            "\"total\":", "\"presentment_details\":{\"presentment_amount\":1950000,\"presentment_currency\":\"jpy\"},\"total\":", StringComparison.Ordinal);

        var paid = Assert.IsType<InvoicePaid>(Assert.Single(Read(body).Facts));
        Assert.Equal(("EUR", 12_000), (paid.Currency, paid.AmountPaid));
    }

    private static string Json(IReadOnlyList<Fact> facts) => JsonSerializer.Serialize(facts);

    private static Reading Read(string body) => StripeReader.Read(Encoding.UTF8.GetBytes(body));
}
