using System.Text;
using System.Text.Json;
using Portal.Core.Facts;
using Portal.Core.Sources;
using Portal.Core.Sources.Stripe;
using Xunit;

namespace Portal.Tests.Sources.Stripe;

/// <summary>Money on its way back: the cases that the reading decides.</summary>
[Trait("Database", "Without")]
public sealed class StripeReturnTests
{
    private static readonly DateTimeOffset Noon = StripeSamples.Noon;

    public static TheoryData<StripeShape> Shapes => [StripeShape.Basil, StripeShape.Classic];

    /// <summary>Case 2: an endpoint that is being upgraded hears of one refund by both types.</summary>
    [Fact]
    public void One_refund_told_by_two_types_and_ids_is_one_fact()
    {
        var newer = Only(StripeSamples.Refund("refund.updated", eventId: "evt_1"));
        var older = Only(StripeSamples.Refund("charge.refund.updated", eventId: "evt_2", shape: StripeShape.Classic));

        Assert.Equal(newer, older);
        Assert.Equal("refund:re_1:succeeded", older.NaturalKey);
    }

    /// <summary>Case 26.</summary>
    [Fact]
    public void An_invoice_given_up_is_told_at_the_moment_it_was_marked()
    {
        var body = StripeSamples.InvoiceWrittenOff(at: Noon);
        Assert.Equal(new InvoiceWrittenOff("in_1") { OccurredAt = Noon, CustomerId = "cus_1" }, Only(body));

        var later = body.Replace($"\"created\":{StripeSamples.Seconds(Noon)}", $"\"created\":{StripeSamples.Seconds(Noon.AddHours(1))}", StringComparison.Ordinal);
        Assert.Equal(Noon, Only(later).OccurredAt);
        Assert.Equal(CheckLevel.Ok, Read(body).Status);
    }

    /// <summary>Case 35.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_refund_in_a_credit_note_has_the_id_under_which_it_is_told_by_itself(StripeShape shape)
    {
        var refund = Assert.IsType<RefundSeen>(Only(StripeSamples.Refund(refund: "re_7", amount: 5_000, shape: shape)));
        var note = Assert.IsType<CreditNoteIssued>(Only(StripeSamples.CreditNote(amount: 5_000, refunds: [refund.RefundId], shape: shape)));

        Assert.Equal(["re_7"], note.RefundIds);
        Assert.Equal(0, note.OutOfBandAmount);
    }

    [Theory]
    [InlineData("""[{"refund":"re_1"},{"refund":{"id":"re_2"}},{"refund":"re_1"},{"refund":null},7]""", "re_1 re_2")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    public void The_refunds_of_a_credit_note_are_named_once_each_expanded_or_not(string refunds, string ids)
    {
        var body = StripeSamples.CreditNote(refunds: []).Replace("\"refunds\":[]", $"\"refunds\":{refunds}", StringComparison.Ordinal);

        Assert.Equal(ids, string.Join(' ', Assert.IsType<CreditNoteIssued>(Only(body)).RefundIds));
    }

    /// <summary>Case 36.</summary>
    [Fact]
    public void What_a_credit_note_gave_back_outside_is_told_and_what_went_to_the_balance_is_not()
    {
        var (basil, classic) = (Note(StripeShape.Basil), Note(StripeShape.Classic));
        Assert.Equal((12_000, 4_000), (basil.Amount, basil.OutOfBandAmount));
        Assert.Equal(JsonSerializer.Serialize(basil), JsonSerializer.Serialize(classic));

        var toBalance = Assert.IsType<CreditNoteIssued>(Only(StripeSamples.CreditNote()));
        Assert.Equal((0, 0), (toBalance.OutOfBandAmount, toBalance.RefundIds.Count));

        static CreditNoteIssued Note(StripeShape shape) => Assert.IsType<CreditNoteIssued>(Only(StripeSamples.CreditNote(outOfBand: 4_000, shape: shape)));
    }

    /// <summary>Case 37: it made the invoice smaller when it was paid; counted again it would be taken back twice.</summary>
    [Theory]
    [InlineData(12_000, 12_000, 0)]
    [InlineData(12_000, 9_000, 3_000)]
    [InlineData(5_000, 9_000, 3_000)]
    [InlineData(2_000, 9_000, 2_000)]
    public void What_was_credited_before_payment_is_never_given_back(long outOfBand, long prePayment, long counted)
    {
        var note = Assert.IsType<CreditNoteIssued>(Only(StripeSamples.CreditNote(outOfBand: outOfBand, prePayment: prePayment)));

        Assert.Equal(counted, note.OutOfBandAmount);
    }

    [Fact]
    public void A_credit_note_issued_before_payment_gives_nothing_back_in_the_older_shape_either() => Assert.Equal(
        0,
        Assert.IsType<CreditNoteIssued>(Only(StripeSamples.CreditNote(outOfBand: 500, prePayment: 12_000, shape: StripeShape.Classic))).OutOfBandAmount);

    /// <summary>Case 38.</summary>
    [Theory]
    [InlineData("credit_note.voided", "void", "void")]
    [InlineData("credit_note.updated", "void", "void")]
    [InlineData("credit_note.voided", "odd", "void")]
    [InlineData("credit_note.updated", "issued", "issued")]
    public void A_credit_note_that_was_withdrawn_says_so(string type, string status, string read)
    {
        var note = Assert.IsType<CreditNoteIssued>(Only(StripeSamples.CreditNote(type, status: status, outOfBand: 4_000)));

        Assert.Equal((read, 4_000), (note.Status, note.OutOfBandAmount));
        Assert.Equal($"credit-note:cn_1:{read}", note.NaturalKey);
    }

    /// <summary>Case 39: https://docs.stripe.com/api/disputes/object#dispute_object-status.</summary>
    [Theory]
    [InlineData("warning_needs_response")]
    [InlineData("warning_closed")]
    [InlineData("prevented")]
    [InlineData("needs_response")]
    public void A_dispute_that_is_opened_or_only_asked_about_moves_no_money(string status)
    {
        foreach (var movement in new[] { "created", "updated", "closed" })
        {
            var moved = Assert.IsType<DisputeMoved>(Only(StripeSamples.Dispute(movement, status: status)));
            Assert.Equal((movement, status, 12_000, "USD"), (moved.Movement, moved.Status, moved.Amount, moved.Currency));
        }
    }

    /// <summary>Case 40: https://support.stripe.com/questions/dispute-for-full-charge-amount-after-a-partial-refund-was-issued.</summary>
    [Fact]
    public void A_dispute_won_in_part_is_closed_as_lost_and_gives_back_what_came_back()
    {
        Assert.Equal(12_000, Moved("funds_withdrawn", [-12_000]));
        Assert.Equal(4_000, Moved("funds_reinstated", [-12_000, 4_000]));
    }

    /// <summary>Case 41: an account that is settled in another currency sees its balance move in that one.</summary>
    [Theory]
    [InlineData("funds_withdrawn", new long[] { -13_000 }, 12_000)]
    [InlineData("funds_reinstated", new long[] { -13_000, 6_500 }, 6_000)]
    [InlineData("funds_reinstated", new long[] { -13_000, 13_100 }, 12_000)]
    [InlineData("funds_reinstated", new long[] { -13_000, 13_000 }, 12_000)]
    [InlineData("funds_reinstated", new long[] { 6_500 }, 12_000)]
    [InlineData("funds_reinstated", new long[] { -3, 1 }, 4_000)]
    public void A_movement_is_told_in_the_currency_of_the_dispute_also_where_the_balance_moved_in_another(
        string movement, long[] transactions, long amount)
    {
        var moved = Assert.IsType<DisputeMoved>(Only(StripeSamples.Dispute(movement, balanceTransactions: transactions, settledIn: "eur")));

        Assert.Equal((amount, "USD"), (moved.Amount, moved.Currency));
    }

    [Fact]
    public void A_movement_is_never_larger_than_what_is_disputed()
    {
        Assert.Equal(12_000, Moved("funds_withdrawn", [-90_000]));
        Assert.Equal(12_000, Moved("funds_reinstated", [-12_000, 90_000]));
        Assert.Equal(12_000, Moved("funds_reinstated", null));
    }

    /// <summary>Case 44.</summary>
    [Fact]
    public void A_warning_of_fraud_names_its_payment_and_is_one_fact_however_often_it_is_told()
    {
        var created = Only(StripeSamples.FraudWarning(warnedAt: Noon, at: Noon.AddMinutes(1)));
        var updated = Only(StripeSamples.FraudWarning("radar.early_fraud_warning.updated", warnedAt: Noon, at: Noon.AddDays(1)));

        Assert.Equal(new FraudWarned("issfr_1", "ch_1", "pi_1") { OccurredAt = Noon }, created);
        Assert.Equal(created, updated);
        Assert.Equal("fraud-warning:issfr_1", created.NaturalKey);
    }

    [Fact]
    public void A_warning_of_fraud_that_names_no_payment_is_an_error()
    {
        var reading = Read(StripeSamples.FraudWarning(charge: null, paymentIntent: null));

        Assert.Empty(reading.Facts);
        Assert.Equal(CheckLevel.Error, reading.Status);
        Assert.IsType<FraudWarned>(Only(StripeSamples.FraudWarning(charge: null)));
    }

    private static long Moved(string movement, long[]? transactions) =>
        Assert.IsType<DisputeMoved>(Only(StripeSamples.Dispute(movement, status: "lost", balanceTransactions: transactions))).Amount;

    private static Reading Read(string body) => StripeReader.Read(Encoding.UTF8.GetBytes(body));

    private static Fact Only(string body) => Assert.Single(Read(body).Facts);
}
