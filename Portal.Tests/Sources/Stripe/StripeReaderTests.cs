using System.Text;
using Portal.Core.Facts;
using Portal.Core.Sources;
using Portal.Core.Sources.Stripe;
using Xunit;

namespace Portal.Tests.Sources.Stripe;

[Trait("Database", "Without")]
public sealed class StripeReaderTests
{
    private static readonly DateTimeOffset Noon = StripeSamples.Noon;

    public static TheoryData<StripeShape> Shapes => [StripeShape.Basil, StripeShape.Classic];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_customer_is_seen_with_the_referral_in_its_metadata(StripeShape shape)
    {
        var fact = Assert.IsType<CustomerSeen>(Only(StripeSamples.Customer(
            ucc: " abcDEF12345 ", organization: "org-1", created: Noon.AddDays(-1), eventId: "evt_1", shape: shape)));

        var claim = new Claim("abcDEF12345", "user-1", "org-1", "$.data.object.metadata");
        Assert.Equal(new CustomerSeen("evt_1", Noon.AddDays(-1), "new.user@example.com", "New User", claim) { OccurredAt = Noon, CustomerId = "cus_1" }, fact);
    }

    [Theory]
    [InlineData("""{"cello_ucc":"abcd","product_user_id":"user-1"}""", "abcd", "user-1")]
    [InlineData("""{"cello_ucc":12345678901,"new_user_id":42}""", "12345678901", "42")]
    [InlineData("""{"cello_ucc":"abcd","new_user_id":" ","product_user_id":"user-1"}""", "abcd", "user-1")]
    [InlineData("""{"cello_ucc":"abc-d","new_user_id":"user-1"}""", null, "user-1")]
    [InlineData("""{"cello_ucc":"\ud800","new_user_id":"user-1"}""", null, "user-1")]
    public void Metadata_is_read_generously_but_a_malformed_code_is_none(string metadata, string? code, string? user)
    {
        var fact = Only(WithMetadata(metadata));

        Assert.Equal(code, fact.Claim?.Code);
        Assert.Equal(user, fact.Claim?.NewUserId);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"cello_ucc\"")]
    [InlineData("""{"cello_ucc":"","new_user_id":"  "}""")]
    [InlineData("""{"plan":"pro"}""")]
    public void A_customer_without_the_keys_is_seen_all_the_same(string metadata) => Assert.Null(Assert.IsType<CustomerSeen>(Only(WithMetadata(metadata))).Metadata);

    [Fact]
    public void A_deleted_customer_is_removed_and_nothing_else() =>
        Assert.Equal(new CustomerRemoved { OccurredAt = Noon, CustomerId = "cus_1" }, Only(StripeSamples.Customer("customer.deleted")));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_subscription_changes_and_ends_when_it_ended(StripeShape shape)
    {
        var changed = Assert.IsType<SubscriptionChanged>(Only(StripeSamples.Subscription(eventId: "evt_1", shape: shape)));
        Assert.Equal(new SubscriptionChanged("evt_1", "sub_1", "active", null) { OccurredAt = Noon, CustomerId = "cus_1" }, changed);

        var ended = StripeSamples.Subscription("customer.subscription.deleted", status: "canceled", endedAt: Noon.AddHours(-1), shape: shape);
        Assert.Equal(new SubscriptionEnded("sub_1") { OccurredAt = Noon.AddHours(-1), CustomerId = "cus_1" }, Only(ended));
        Assert.Equal(Noon, Only(StripeSamples.Subscription("customer.subscription.deleted", shape: shape)).OccurredAt);
    }

    [Fact]
    public void Both_shapes_of_a_paid_invoice_tell_the_same()
    {
        var basil = Read(StripeSamples.InvoicePaid(paidAt: Noon, at: Noon.AddMinutes(1), embedPayments: true));
        var classic = Read(StripeSamples.InvoicePaid(paidAt: Noon, at: Noon.AddMinutes(1), shape: StripeShape.Classic));

        var paid = new InvoicePaid("in_1", "USD", 12_000, 12_000, 10_000, "$.data.object.total_excluding_tax", "sub_1", "subscription_cycle", null)
        {
            OccurredAt = Noon,
            CustomerId = "cus_1",
        };
        var linked = new PaymentLinked("in_1", "pi_1", "ch_1") { OccurredAt = Noon, CustomerId = "cus_1" };
        Assert.Equal(AsJson([paid, linked]), AsJson(basil.Facts));
        Assert.Equal(AsJson(basil.Facts), AsJson(classic.Facts));
        Assert.Equal(("cus_1", "new.user@example.com", CheckLevel.Ok), (basil.CustomerId, basil.Email, basil.Status));
    }

    [Fact]
    public void Invoice_paid_and_payment_succeeded_are_one_fact()
    {
        var one = Only(StripeSamples.InvoicePaid());
        var other = Only(StripeSamples.InvoicePaid(type: "invoice.payment_succeeded"));

        Assert.Equal(AsJson([one]), AsJson([other]));
        Assert.Equal("invoice-paid:in_1", other.NaturalKey);
    }

    [Theory]
    [InlineData("{}", "{}", null)]
    [InlineData("""{"cello_ucc":"abcd"}""", """{"cello_ucc":"efgh"}""", "$.data.object.metadata")]
    [InlineData("{}", """{"cello_ucc":"abcd"}""", "$.data.object.parent.subscription_details.metadata")]
    public void The_nearest_metadata_of_an_invoice_counts(string own, string subscription, string? path)
    {
        var fact = Only(StripeSamples.InvoicePaid(metadata: Json(own), subscriptionMetadata: Json(subscription)));

        Assert.Equal(path, fact.Claim?.Path);
        Assert.Equal(path is null ? null : "abcd", fact.Claim?.Code);
    }

    [Fact]
    public void The_older_place_and_the_first_line_that_has_some_are_read_too()
    {
        var classic = StripeSamples.InvoicePaid(subscriptionMetadata: Json("""{"new_user_id":"u"}"""), shape: StripeShape.Classic);
        Assert.Equal("$.data.object.subscription_details.metadata", Read(classic).Facts[0].Claim?.Path);

        var lines = StripeSamples.InvoicePaid().Replace(
            "\"data\":[]", "\"data\":[{\"metadata\":{}},{\"metadata\":{\"cello_ucc\":\"abcd\"}}]", StringComparison.Ordinal);
        Assert.Equal("$.data.object.lines.data[1].metadata", Only(lines).Claim?.Path);
    }

    [Fact]
    public void The_payment_of_an_invoice_comes_by_itself_in_newer_versions() =>
        Assert.Equal(new PaymentLinked("in_1", "pi_1", null) { OccurredAt = Noon }, Only(StripeSamples.InvoicePaymentPaid()));

    [Fact]
    public void Several_payments_of_one_invoice_are_several_links_and_a_cancelled_one_is_none()
    {
        const string list = "\"payments\":{\"object\":\"list\",\"data\":[";
        var body = StripeSamples.InvoicePaid(embedPayments: true).Replace(
            list,
            $"{list}{Payment("canceled", "\"pi_0\"")},{Payment("paid", "{\"id\":\"pi_2\"}")},{Payment("paid", "\"pi_2\"")},",
            StringComparison.Ordinal);

        Assert.Equal(["pi_2", "pi_1"], Read(body).Facts.OfType<PaymentLinked>().Select(link => link.PaymentIntentId));

        static string Payment(string status, string intent) => $$$"""{"status":"{{{status}}}","payment":{"payment_intent":{{{intent}}} }}""";
    }

    [Fact]
    public void An_expanded_object_counts_as_its_id()
    {
        var body = StripeSamples.Charge().Replace("\"cus_1\"", """{"id":"cus_1","object":"customer","email":"e@x.io"}""", StringComparison.Ordinal);

        Assert.Equal("cus_1", Only(body).CustomerId);
    }

    [Fact]
    public void Only_the_classic_shape_of_a_charge_knows_an_invoice()
    {
        var charge = new ChargeSucceeded("ch_1", "pi_1", "USD", 12_000, false) { OccurredAt = Noon, CustomerId = "cus_1" };
        var linked = new PaymentLinked("in_1", "pi_1", "ch_1") { OccurredAt = Noon, CustomerId = "cus_1" };

        Assert.Equal([charge], Read(StripeSamples.Charge()).Facts);
        Assert.Equal([charge, linked], Read(StripeSamples.Charge(shape: StripeShape.Classic)).Facts);
        Assert.Equal([charge with { NamesNoInvoice = true }], Read(StripeSamples.Charge(invoice: null, shape: StripeShape.Classic)).Facts);
    }

    [Theory]
    [InlineData("charge.refunded")]
    [InlineData("charge.updated")]
    [InlineData("charge.succeeded")]
    public void A_charge_tells_what_went_back_as_a_running_total(string type)
    {
        var facts = Read(StripeSamples.Charge(type, amountRefunded: 5_000, chargedAt: Noon, at: Noon.AddDays(2))).Facts;

        Assert.Equal(Noon, Assert.Single(facts.OfType<ChargeSucceeded>()).OccurredAt);
        var refunded = Assert.Single(facts.OfType<ChargeRefunded>());
        Assert.Equal(
            new ChargeRefunded(refunded.EventId, "ch_1", "pi_1", "USD", 5_000) { OccurredAt = Noon.AddDays(2), CustomerId = "cus_1" }, refunded);
    }

    [Theory]
    [InlineData("charge.updated", "failed", true)]
    [InlineData("charge.updated", "pending", true)]
    [InlineData("charge.succeeded", "succeeded", false)]
    public void A_charge_that_collected_nothing_is_ignored(string type, string status, bool captured)
    {
        var reading = Read(StripeSamples.Charge(type, status: status, captured: captured));

        Assert.Empty(reading.Facts);
        Assert.Contains("no money was collected", reading.Ignored, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("refund.created", "pending", "pending")]
    [InlineData("refund.updated", "succeeded", "succeeded")]
    [InlineData("charge.refund.updated", "canceled", "canceled")]
    [InlineData("refund.failed", "failed", "failed")]
    [InlineData("refund.failed", null, "failed")]
    [InlineData("refund.created", "odd", "pending")]
    public void A_refund_is_seen_in_its_status(string type, string? status, string read) => Assert.Equal(
        new RefundSeen("re_1", "ch_1", "pi_1", "USD", 12_000, read) { OccurredAt = Noon },
        Only(StripeSamples.Refund(type, status: status)));

    [Fact]
    public void A_dispute_moves_by_what_its_balance_transactions_say()
    {
        Assert.Equal(
            new DisputeMoved("evt_1", "du_1", "ch_1", "pi_1", "USD", 12_000, "created", "needs_response") { OccurredAt = Noon },
            Only(StripeSamples.Dispute(eventId: "evt_1")));

        Assert.Equal(12_000, Amount("funds_withdrawn", [-12_000]));
        Assert.Equal(4_000, Amount("funds_reinstated", [-12_000, 4_000]));
        Assert.Equal(12_000, Amount("funds_reinstated", null));
        Assert.Equal(12_000, Amount("funds_reinstated", [-12_000, 99_000]));
        Assert.Equal(12_000, Amount("closed", [-12_000, 4_000]));

        static long Amount(string movement, long[]? transactions) =>
            Assert.IsType<DisputeMoved>(Only(StripeSamples.Dispute(movement, status: "lost", balanceTransactions: transactions))).Amount;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_credit_note_names_the_refunds_that_are_part_of_it(StripeShape shape)
    {
        var note = Assert.IsType<CreditNoteIssued>(Only(StripeSamples.CreditNote(refunds: ["re_1"], shape: shape)));
        Assert.Equal(("cn_1", "in_1", "USD", 12_000L, "issued"), (note.CreditNoteId, note.InvoiceId, note.Currency, note.Amount, note.Status));
        Assert.Equal(["re_1"], note.RefundIds);

        var voided = Assert.IsType<CreditNoteIssued>(Only(StripeSamples.CreditNote("credit_note.voided", status: "void", shape: shape)));
        Assert.Equal(("void", 0), (voided.Status, voided.RefundIds.Count));
    }

    [Fact]
    public void A_voided_invoice_is_voided_and_an_uncollectible_one_written_off()
    {
        Assert.Equal(new InvoiceVoided("in_1") { OccurredAt = Noon, CustomerId = "cus_1" }, Only(StripeSamples.InvoiceVoided(voidedAt: Noon)));
        Assert.Equal(new InvoiceWrittenOff("in_1") { OccurredAt = Noon, CustomerId = "cus_1" }, Only(StripeSamples.InvoiceWrittenOff(at: Noon)));
    }

    [Fact]
    public void A_type_that_is_not_followed_is_ignored_but_still_shows_whose_it_is()
    {
        var reading = Read("""{"id":"evt_1","type":"checkout.session.completed","created":1,"livemode":false,"data":{"object":{"customer":"cus_9","customer_details":{"email":"a@b.io"}}}}""");

        Assert.Equal("checkout.session.completed is not a type the portal follows.", reading.Ignored);
        Assert.Equal(("cus_9", "a@b.io", CheckLevel.Ok), (reading.CustomerId, reading.Email, reading.Status));
        Assert.Null(reading.Unreadable);
    }

    [Fact]
    public void A_thin_event_is_ignored_with_what_it_would_take() => Assert.Contains(
        "API key", Read("""{"id":"evt_1","object":"v2.core.event","type":"v1.customer.created","created":"2026-03-02T12:00:00Z"}""").Ignored, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "The body is empty.")]
    [InlineData("\uFEFF{}", "byte order mark")]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "not an object")]
    [InlineData("{}", "no usable type")]
    [InlineData("""{"id":"evt_1","type":7}""", "no usable type")]
    [InlineData("""{"id":"evt_1","type":"invoice.paid"}""", "$.data.object")]
    [InlineData("""{"id":"evt_1","type":"invoice.paid","data":{"object":null}}""", "$.data.object")]
    [InlineData("""{"id":"evt_1","id":"evt_2","type":"invoice.paid"}""", "'id' stands twice")]
    [InlineData("""{"id":"evt_1","data":[{"a":{"\u0061mount":1,"amount":2}}]}""", "'amount' stands twice")]
    [InlineData("""{"id":"evt_1","\ud800":1}""", "surrogate")]
    public void What_cannot_be_an_event_is_unreadable_and_says_why(string body, string why)
    {
        var reading = Read(body);

        Assert.Contains(why, reading.Unreadable, StringComparison.Ordinal);
        Assert.Equal(CheckLevel.Error, reading.Status);
        Assert.Empty(reading.Facts);
    }

    private static System.Text.Json.Nodes.JsonObject Json(string text) => System.Text.Json.Nodes.JsonNode.Parse(text)!.AsObject();

    private static string AsJson(IReadOnlyList<Fact> facts) => System.Text.Json.JsonSerializer.Serialize(facts);

    private static string WithMetadata(string metadata) =>
        StripeSamples.Customer(ucc: null, newUserId: null).Replace("\"metadata\":{}", $"\"metadata\":{metadata}", StringComparison.Ordinal);

    private static Reading Read(string body) => StripeReader.Read(Encoding.UTF8.GetBytes(body));

    private static Fact Only(string body) => Assert.Single(Read(body).Facts);
}
