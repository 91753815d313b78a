using Portal.Core.Facts;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Rewards;

/// <summary>What takes rewards back, holds them or leaves them be, beyond plain refunds. The invoice is 120.00 and earns 20.00.</summary>
[Trait("Database", "Without")]
public sealed class CorrectionTests
{
    private static readonly DateTimeOffset Day = Story.Signup;

    [Fact]
    public void A_dispute_holds_when_opened_takes_back_what_is_withdrawn_and_restores_what_is_reinstated()
    {
        var story = Paid();
        Assert.Equal((0L, WaitReasons.Dispute), Stands(story.And(Dispute("created", "needs_response", 12_000, 5))));
        Assert.Equal((2_000L, WaitReasons.Dispute), Stands(story.And(Dispute("funds_withdrawn", "needs_response", 12_000, 6))));
        Assert.Equal((500L, WaitReasons.Dispute), Stands(story.And(Dispute("funds_reinstated", "under_review", 9_000, 40))));
        Assert.Equal((500L, null), Stands(story.And(Dispute("closed", "lost", 12_000, 41))));   // won in part: the word says lost, the money counts
    }

    [Fact]
    public void A_dispute_that_is_lost_without_a_word_of_the_withdrawal_took_its_whole_amount() =>
        Assert.Equal((1_000L, null), Stands(Paid().And(Dispute("created", "needs_response", 6_000, 5)).And(Dispute("closed", "lost", 6_000, 40))));

    [Theory]
    [InlineData("warning_needs_response", "warning_closed")]
    [InlineData("needs_response", "won")]
    [InlineData("needs_response", "prevented")]
    public void A_question_or_a_dispute_that_ends_well_only_holds(string opened, string ended)
    {
        Assert.Equal((0L, WaitReasons.Dispute), Stands(Paid().And(Dispute("created", opened, 12_000, 5))));
        Assert.Equal((0L, null), Stands(Paid().And(Dispute("created", opened, 12_000, 5)).And(Dispute("closed", ended, 12_000, 40))));
    }

    [Fact]
    public void A_refund_and_a_dispute_of_one_payment_take_back_no_more_than_it_earned() =>
        Assert.Equal((2_000L, WaitReasons.Dispute), Stands(Paid().Refunded(8_000).And(Dispute("funds_withdrawn", "needs_response", 12_000, 6))));

    [Fact]
    public void A_dispute_in_another_currency_waits_for_a_person()
    {
        Story Told() => Paid().And(Dispute("funds_withdrawn", "lost", 11_000, 6, "EUR"));
        var open = Told().Fold();

        var unclear = Assert.Single(open.Cases);
        Assert.Equal((ReviewKinds.DisputeUnclear, WaitReasons.Review, 0L), (unclear.Kind, open.Rewards[0].WaitsFor, open.Rewards[0].Reversed.Minor));
        Assert.Equal((2_000L, null), Stands(Told().Decide(unclear.Key, ReviewKinds.TakeBack)));
        Assert.Equal((0L, null), Stands(Told().Decide(unclear.Key, ReviewKinds.None)));
    }

    [Fact]
    public void A_warning_of_fraud_holds_until_a_person_decides_or_the_money_is_back()
    {
        Story Told() => Paid().And(new FraudWarned("issfr_1", "ch_1", "pi_1") { OccurredAt = Day.AddDays(2) });
        var unclear = Assert.Single(Told().Fold().Cases);

        Assert.Equal((0L, WaitReasons.Review), Stands(Told()));
        Assert.Equal((0L, null), Stands(Told().Decide(unclear.Key, ReviewKinds.Reward)));
        Assert.Equal((2_000L, null), Stands(Told().Decide(unclear.Key, ReviewKinds.Reject)));
        Assert.Equal(2_000L, Told().Refunded(12_000).Fold().Rewards[0].Reversed.Minor);
    }

    [Theory]
    [InlineData(true, 1, 2_000)]
    [InlineData(false, 1, 2_000)]
    [InlineData(true, -1, 0)]
    [InlineData(false, -1, 0)]
    public void An_invoice_that_is_declared_void_or_given_up_after_it_was_paid_earns_nothing_any_more(bool isVoid, int days, long reversed)
    {
        var at = Day.AddDays(days);
        Fact gone = isVoid ? new InvoiceVoided("in_1") { OccurredAt = at, CustomerId = "cus_1" } : new InvoiceWrittenOff("in_1") { OccurredAt = at, CustomerId = "cus_1" };
        Assert.Equal(reversed, Paid().And(gone).OnlyReward().Reversed);
    }

    [Fact]
    public void A_credit_note_takes_back_what_was_given_back_outside_once_and_its_refund_only_as_a_refund()
    {
        Story Noted(long outside, string status = "issued", params string[] refunds) =>
            Paid().And(new CreditNoteIssued("cn_1", "in_1", "USD", 6_000, status, refunds) { OutOfBandAmount = outside, OccurredAt = Day.AddDays(3), CustomerId = "cus_1" });

        Assert.Equal(0, Noted(0).OnlyReward().Reversed);                                           // to the balance: later invoices are smaller
        Assert.Equal(1_000, Noted(6_000).OnlyReward().Reversed);
        Assert.Equal(1_000, Noted(0, "issued", "re_1").Refund("re_1", 6_000).Refunded(6_000).OnlyReward().Reversed);
        Assert.Equal(0, Noted(6_000).And(new CreditNoteIssued("cn_1", "in_1", "USD", 6_000, "void", []) { OutOfBandAmount = 6_000, OccurredAt = Day.AddDays(4), CustomerId = "cus_1" }).OnlyReward().Reversed);
    }

    [Fact]
    public void A_credit_note_names_the_invoice_of_its_refund()
    {
        // Two like invoices and charges within a minute, no link but the credit note's.
        var story = new Story().Customer().Paid().Paid("in_2", net: 6_000, at: Day.AddSeconds(30)).Charged(intent: null).Charged("ch_2", intent: null, at: Day.AddSeconds(30))
            .Refund("re_1", 12_000, intent: null);
        Assert.Equal(ReviewKinds.AmbiguousRefund, Assert.Single(story.Fold().Cases).Kind);

        story.And(new CreditNoteIssued("cn_1", "in_2", "USD", 12_000, "issued", ["re_1"]) { OccurredAt = Day.AddDays(6), CustomerId = "cus_1" });
        Assert.Empty(story.Fold().Cases);
        Assert.Equal([("in_1", 0L), ("in_2", 1_200L)], story.Fold().Rewards.Select(r => (r.InvoiceId!, r.Reversed.Minor)));
    }

    [Fact]
    public void An_unclear_refund_holds_the_rewards_it_may_touch_and_is_decided_by_a_person()
    {
        Story Told() => new Story().Customer().Paid().Paid("in_2", net: 6_000, at: Day.AddSeconds(30)).Paid("in_3", at: Day.AddMonths(1)).Charged(intent: null).Charged("ch_2", intent: null, at: Day.AddSeconds(30)).Refund("re_1", 12_000, intent: null);
        var open = Told().Fold();

        Assert.Equal([WaitReasons.Review, WaitReasons.Review, null], open.Rewards.Select(r => r.WaitsFor));
        var key = Assert.Single(open.Cases).Key;
        Assert.Equal([0L, 1_200, 0], Told().Decide(key, "invoice:in_2").Fold().Rewards.Select(r => r.Reversed.Minor));
        Assert.Equal([2_000L, 0, 0], Told().Decide(key, "invoice:in_1").Fold().Rewards.Select(r => r.Reversed.Minor));
        Assert.Null(Assert.Single(Told().Decide(key, "invoice:in_9").Fold().Cases).Decision);   // no longer a choice
    }

    [Fact]
    public void An_invoice_paid_outside_the_provider_waits_until_a_person_says_that_it_counts()
    {
        Story Told() => new Story().Customer().Paid().And(new PaymentLinked("in_1", null, null) { PaidOutOfBand = true, OccurredAt = Day });
        var key = Assert.Single(Told().Fold().Cases).Key;

        Assert.Equal((0L, WaitReasons.Review), Stands(Told()));
        Assert.Equal((0L, null), Stands(Told().Decide(key, ReviewKinds.Reward)));
        Assert.Equal(ReasonCodes.RejectedByReview, Told().Decide(key, ReviewKinds.Reject).Reason());
    }

    [Fact]
    public void Payments_of_a_subscription_that_ended_earn_only_for_the_time_before_its_end()
    {
        var story = Paid().And(new SubscriptionEnded("sub_1") { OccurredAt = Day.AddMonths(2), CustomerId = "cus_1" })
            .Paid("in_2", at: Day.AddMonths(1)).And(Late("in_3", Day.AddMonths(1))).And(Late("in_4", Day.AddMonths(2)));

        Assert.Equal(["in_1", "in_2", "in_3"], story.Fold().Rewards.Select(r => r.InvoiceId));
        Assert.Equal(ReasonCodes.SubscriptionEnded, story.Reason("in_4"));

        static InvoicePaid Late(string id, DateTimeOffset from) => new(id, "USD", 12_000, 12_000, 10_000, "$", "sub_1", "subscription_cycle", null)
        {
            OccurredAt = Day.AddMonths(2).AddDays(4), CustomerId = "cus_1", Lines = [new InvoiceLine(null, null, 10_000, from, from.AddMonths(1), "$")],
        };
    }

    [Theory]
    [InlineData("cus_1@example.com", true)]
    [InlineData(" CUS_1+ref@Example.com", true)]
    [InlineData("other@example.com", false)]
    public void A_referrer_with_the_newcomers_e_mail_address_waits_for_a_person(string email, bool isSame)
    {
        Story Told()
        {
            var story = Paid();
            story.Codes[Story.Ann] = story.Codes[Story.Ann] with { Email = email };
            return story;
        }

        var folded = Told().Fold();
        Assert.Equal(isSame ? [ReviewKinds.SelfReferral] : [], folded.Cases.Select(c => c.Kind));
        Assert.Equal(isSame ? WaitReasons.Review : null, folded.Rewards[0].WaitsFor);
        if (!isSame) return;
        Assert.Null(Told().Decide(folded.Cases[0].Key, ReviewKinds.Reward).Fold().Rewards[0].WaitsFor);
        Assert.Equal(ReasonCodes.SelfReferral, Told().Decide(folded.Cases[0].Key, ReviewKinds.Reject).Reason());
    }

    [Theory]
    [InlineData("a.nn+x@gmail.com", "ann@googlemail.com")]
    [InlineData("ANN@x.org", "ann@x.org")]
    public void Addresses_of_one_mailbox_are_one(string one, string other) => Assert.Equal(SelfReferral.Normalize(one), SelfReferral.Normalize(other));

    [Fact]
    public void A_referrer_of_the_newcomers_organisation_waits_for_a_person()
    {
        var story = new Story().And(new CustomerSeen("evt_a", Day, "a@example.com", null, new Claim(Story.Ann, "user-1", "acme", "$.data.object.metadata")) { OccurredAt = Day, CustomerId = "cus_1" }).Paid();
        story.Codes[Story.Ann] = story.Codes[Story.Ann] with { Organizations = ["acme"] };

        Assert.Equal(ReviewKinds.SelfReferral, Assert.Single(story.Fold().Cases).Kind);
    }

    [Fact]
    public void A_later_code_is_decided_by_a_person_for_the_whole_referral()
    {
        Story Told() => Paid().Customer(Story.Bo, at: Day.AddDays(90));
        var key = Assert.Single(Told().Fold().Cases).Key;

        Assert.Equal(("ann", WaitReasons.Review), (Told().Fold().Attribution.Code!.ProductUserId, Told().Fold().Rewards[0].WaitsFor));
        Assert.Equal(("ann", null), (Told().Decide(key, ReviewKinds.Keep).Fold().Attribution.Code!.ProductUserId, Told().Decide(key, ReviewKinds.Keep).Fold().Rewards[0].WaitsFor));
        Assert.Equal(("bo", 2_000L), (Told().Decide(key, ReviewKinds.Switch).Fold().Attribution.Code!.ProductUserId, Told().Decide(key, ReviewKinds.Switch).OnlyReward().Earned));
        Assert.Equal(WaitReasons.Review, Told().Decide(key, Decision.Reopen).Fold().Rewards[0].WaitsFor);
    }

    [Fact]
    public void A_customer_that_became_another_person_is_moved_by_a_person()
    {
        Story Told() => Paid().Customer(Story.Bo, user: "user-2", at: Day.AddDays(1));
        var key = Assert.Single(Told().Fold().Cases).Key;

        var moved = Told().Decide(key, ReviewKinds.Move).Fold("user-2");
        Assert.Equal(("bo", "in_1", (string?)null), (moved.Attribution.Code!.ProductUserId, moved.Rewards[0].InvoiceId, moved.Rewards[0].WaitsFor));
        Assert.Equal("ann", Told().Decide(key, ReviewKinds.Keep).Fold().Attribution.Code!.ProductUserId);
    }

    private static Story Paid() => new Story().Customer().Paid().Charged().Linked();

    private static (long Reversed, string? WaitsFor) Stands(Story story) => story.Fold().Rewards is [var reward] ? (reward.Reversed.Minor, reward.WaitsFor) : throw new InvalidOperationException("not one reward");

    private static DisputeMoved Dispute(string movement, string status, long amount, int day, string currency = "USD") =>
        new($"evt_{movement}_{day}", "dp_1", "ch_1", "pi_1", currency, amount, movement, status) { OccurredAt = Day.AddDays(day) };
}
