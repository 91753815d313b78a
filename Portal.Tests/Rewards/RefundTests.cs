using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Rewards;

[Trait("Database", "Without")]
public sealed class RefundTests
{
    [Fact]
    public void A_running_total_counts_once_whatever_its_steps()
    {
        Assert.Equal((2_000, 500), Paid().Refunded(3_000).OnlyReward());
        Assert.Equal((2_000, 1_000), Paid().Refunded(3_000).Refunded(6_000, at: Story.Signup.AddDays(6)).OnlyReward());
        Assert.Equal((2_000, 1_000), Paid().Refunded(6_000).OnlyReward());
    }

    [Theory]
    [InlineData("USD")]
    [InlineData("JPY")]
    [InlineData("KWD")]
    public void A_full_refund_nets_to_exactly_zero_in_every_currency(string currency) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(400),
        Prop.ForAll(Gen.Choose(1, 5_000_000).Two().ToArbitrary(), n =>
        {
            var (total, net) = (Math.Max((long)n.Item1, n.Item2), Math.Min((long)n.Item1, n.Item2));
            var folded = new Story().Customer().Paid(paid: total, net: net, currency: currency).Charged(amount: total, currency: currency)
                .Linked().Refunded(total, currency: currency).Fold();
            return folded.Rewards.All(r => r.Earned == r.Reversed) && folded.Payments.Single().Refunded.Minor == total;
        }));

    [Theory]
    [InlineData("failed")]
    [InlineData("canceled")]
    public void A_refund_that_fails_later_gives_back_what_it_took(string status)
    {
        var story = Paid().Refund("re_1", 6_000, "pending");
        Assert.Equal((2_000, 1_000), story.OnlyReward());
        Assert.Equal((2_000, 1_000), story.Refund("re_1", 6_000, at: Story.Signup.AddDays(6)).Refunded(6_000, at: Story.Signup.AddDays(6)).OnlyReward());

        Assert.Equal((2_000, 0), story.Refund("re_1", 6_000, status, at: Story.Signup.AddDays(7)).OnlyReward());
    }

    [Fact]
    public void The_same_refund_by_its_id_and_in_the_running_total_counts_once()
    {
        Assert.Equal((2_000, 1_000), Paid().Refunded(6_000).Refund("re_1", 6_000).OnlyReward());
        Assert.Equal((2_000, 1_000), Paid().Refund("re_1", 4_000).Refund("re_2", 2_000, at: Story.Signup.AddDays(6)).Refunded(6_000).OnlyReward());
        Assert.Equal((2_000, 1_000), Paid().Refund("re_1", 4_000).Refund("re_2", 2_000).OnlyReward());
    }

    [Fact]
    public void More_than_was_paid_never_goes_back() =>
        Assert.Equal((2_000, 2_000), Paid().Refund("re_1", 12_000).Refund("re_2", 12_000).OnlyReward());

    [Fact]
    public void A_refund_lowers_the_window_by_nothing_and_the_next_payment_earns_in_full()
    {
        var rewards = Paid().Refunded(12_000).Paid("in_2", at: Story.Signup.AddMonths(1)).Fold().Rewards;

        Assert.Equal([(2_000L, 2_000L), (2_000, 0)], rewards.Select(r => (r.Earned.Minor, r.Reversed.Minor)));
    }

    [Theory]
    [InlineData("pi_1", null)]
    [InlineData(null, "ch_1")]
    [InlineData("pi_1", "ch_1")]
    public void A_link_that_is_stated_decides_whatever_the_amounts(string? intent, string? charge)
    {
        var story = new Story().Customer().Paid("in_other").Paid("in_1", 24_000, at: Story.Signup.AddDays(1)).Charged().Linked("in_1", intent, charge).Refunded(12_000);

        Assert.Equal([("in_other", 0L), ("in_1", 2_000)], story.Fold().Rewards.Select(r => (r.InvoiceId, r.Reversed.Minor)));
    }

    [Fact]
    public void A_link_by_the_charge_goes_before_one_by_the_payment_intent()
    {
        var story = new Story().Customer().Paid("in_1").Paid("in_2", at: Story.Signup.AddDays(1)).Charged().Linked("in_1", "pi_1").Linked("in_2", null, "ch_1").Refunded(12_000);

        Assert.Equal([("in_1", 0L), ("in_2", 2_000)], story.Fold().Rewards.Select(r => (r.InvoiceId, r.Reversed.Minor)));
    }

    [Fact]
    public void A_refund_whose_charge_was_never_told_finds_its_invoice_by_the_payment() =>
        Assert.Equal((2_000, 1_000), new Story().Customer().Paid().Linked().Refund("re_1", 6_000, charge: null).OnlyReward());

    [Theory]
    [InlineData(120, 1_000)]
    [InlineData(-120, 1_000)]
    [InlineData(121, 0)]
    [InlineData(-121, 0)]
    public void Without_a_link_a_charge_belongs_to_the_only_like_invoice_within_two_minutes(int seconds, long reversed)
    {
        var folded = new Story().Customer().Paid().Charged(at: Story.Signup.AddSeconds(seconds)).Refunded(6_000).Fold();

        Assert.Equal(reversed, Assert.Single(folded.Rewards).Reversed.Minor);
        Assert.Equal(reversed == 0, folded.Payments.Any(p => p.Reason == ReasonCodes.ChargeWithoutInvoice));
        Assert.Empty(folded.Cases);
    }

    [Theory]
    [InlineData("EUR", 12_000, "cus_1")]
    [InlineData("USD", 11_999, "cus_1")]
    [InlineData("USD", 12_000, "cus_2")]
    [InlineData("USD", 12_000, null)]
    public void Another_currency_amount_or_customer_is_no_match(string currency, long amount, string? customer)
    {
        var story = new Story().Customer().Customer(customer: "cus_2").Paid().Charged(amount: amount, currency: currency, customer: customer).Refunded(6_000, currency: currency);

        Assert.Equal((2_000, 0), story.OnlyReward());
    }

    [Fact]
    public void A_charge_that_says_that_it_has_no_invoice_is_matched_with_none() =>
        Assert.Equal((2_000, 0), new Story().Customer().Paid().Charged(namesNoInvoice: true).Refunded(6_000).OnlyReward());

    [Fact]
    public void Between_like_invoices_the_choice_changes_no_money_and_needs_nobody()
    {
        var folded = new Story().Customer().Paid("in_1").Paid("in_2", at: Story.Signup.AddSeconds(30)).Charged("ch_1").Charged("ch_2", at: Story.Signup.AddSeconds(30))
            .Refunded(6_000, "ch_1").Fold();

        Assert.Empty(folded.Cases);
        Assert.Equal((4_000, 1_000), (folded.Rewards.Sum(r => r.Earned.Minor), folded.Rewards.Sum(r => r.Reversed.Minor)));
    }

    [Fact]
    public void Both_of_two_like_invoices_can_be_refunded_in_full()
    {
        var folded = new Story().Customer().Paid("in_1").Paid("in_2", at: Story.Signup.AddSeconds(30)).Charged("ch_1").Charged("ch_2", at: Story.Signup.AddSeconds(30))
            .Refunded(12_000, "ch_1").Refunded(12_000, "ch_2").Fold();

        Assert.Empty(folded.Cases);
        Assert.Equal([2_000L, 2_000], folded.Rewards.Select(r => r.Reversed.Minor));
    }

    [Fact]
    public void A_choice_that_changes_the_money_takes_nothing_back_and_asks_a_person()
    {
        var story = new Story().Customer().Paid("in_taxed", net: 10_000).Paid("in_untaxed", net: 12_000, at: Story.Signup.AddSeconds(30))
            .Charged("ch_1", intent: "pi_1").Charged("ch_2", intent: "pi_2", at: Story.Signup.AddSeconds(30)).Refunded(6_000, "ch_1");
        var folded = story.Fold();

        var unclear = Assert.Single(folded.Cases);
        Assert.Equal((ReviewKinds.AmbiguousRefund, "stripe/ch_1"), (unclear.Kind, unclear.Subject));
        Assert.Contains("in_taxed and in_untaxed", unclear.Question, StringComparison.Ordinal);
        Assert.All(folded.Rewards, r => Assert.Equal(0, r.Reversed.Minor));

        var answered = story.Linked("in_untaxed", "pi_1").Fold();   // and the answer, when it comes, settles it
        Assert.Empty(answered.Cases);
        Assert.Equal([("in_taxed", 0L), ("in_untaxed", 1_200)], answered.Rewards.Select(r => (r.InvoiceId, r.Reversed.Minor)));
    }

    private static Story Paid() => new Story().Customer().Paid().Charged().Linked();
}
