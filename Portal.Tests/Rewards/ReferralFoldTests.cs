using Portal.Core;
using Portal.Core.Campaigns;
using Portal.Core.Facts;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Rewards;

[Trait("Database", "Without")]
public sealed class ReferralFoldTests
{
    [Fact]
    public void A_payment_earns_its_share_of_what_was_collected_without_tax() =>
        Assert.Equal((2_000, 0), new Story().Customer().Paid(paid: 12_000, net: 10_000).OnlyReward());

    [Theory]
    [InlineData(RewardBase.NetOfTax, 12_000, 12_000, 10_000, 2_000)]
    [InlineData(RewardBase.Gross, 12_000, 12_000, 10_000, 2_400)]
    [InlineData(RewardBase.NetOfTax, 6_000, 12_000, 10_000, 1_000)]    // half was covered by credit: tax and net shrink alike
    [InlineData(RewardBase.Gross, 6_000, 12_000, 10_000, 1_200)]
    [InlineData(RewardBase.NetOfTax, 15_000, 12_000, 10_000, 2_000)]   // more than the total: the rest paid an old debt
    [InlineData(RewardBase.Gross, 15_000, 12_000, 10_000, 2_400)]
    [InlineData(RewardBase.NetOfTax, 999, 999, 833, 167)]              // 166.6
    [InlineData(RewardBase.NetOfTax, 12_000, 12_000, 12_000, 2_400)]   // no tax
    public void The_base_is_what_the_revision_says(RewardBase on, long paid, long total, long net, long earned) =>
        Assert.Equal((earned, 0), new Story { Revisions = [Story.Revise(1, Story.Signup, on: on)] }.Customer().Paid(paid: paid, total: total, net: net).OnlyReward());

    [Theory]
    [InlineData("JPY", 1_980, 396)]
    [InlineData("KWD", 14_990, 2_998)]
    [InlineData("USD", 1_999, 400)]
    public void Amounts_are_minor_units_in_every_currency(string currency, long paid, long earned)
    {
        var reward = Assert.Single(new Story().Customer().Paid(paid: paid, net: paid, currency: currency).Fold().Rewards);
        Assert.Equal(new Money(earned, Currency.Parse(currency)), reward.Earned);
    }

    [Theory]
    [InlineData("2026-01-31T10:00:00Z", 1, "2026-02-28T10:00:00Z")]   // the day is clamped
    [InlineData("2028-01-31T10:00:00Z", 1, "2028-02-29T10:00:00Z")]
    [InlineData("2028-02-29T10:00:00Z", 12, "2029-02-28T10:00:00Z")]
    [InlineData("2026-03-31T23:59:59Z", 3, "2026-06-30T23:59:59Z")]
    [InlineData("2026-01-15T00:00:00Z", 12, "2027-01-15T00:00:00Z")]
    public void The_window_ends_strictly_before_the_first_payment_plus_its_months(string first, int months, string end)
    {
        var (start, boundary) = (At(first), At(end));
        var story = new Story { Revisions = [Story.Revise(1, start, months: months)] }.Customer(at: start)
            .Paid("in_first", at: start).Paid("in_last", at: boundary.AddSeconds(-1)).Paid("in_late", at: boundary);

        Assert.Equal(["in_first", "in_last"], story.Fold().Rewards.Select(r => r.InvoiceId));
        Assert.Equal(ReasonCodes.OutsideWindow, story.Reason("in_late"));
    }

    [Fact]
    public void Without_a_number_of_months_the_rewards_have_no_end() =>
        Assert.Equal(2, new Story { Revisions = [Story.Revise(1, Story.Signup, months: null)] }.Customer().Paid().Paid("in_2", at: Story.Signup.AddYears(40)).Fold().Rewards.Count);

    [Fact]
    public void A_trial_or_an_invoice_without_payment_earns_nothing_and_starts_no_window()
    {
        var story = new Story().Customer().Paid("in_trial", 0, total: 0, net: 0).Paid("in_covered", 0, total: 12_000, net: 10_000, at: Story.Signup.AddDays(1))
            .Paid("in_first", at: Story.Signup.AddMonths(2)).Paid("in_13th_month", at: Story.Signup.AddMonths(13));
        var folded = story.Fold();

        Assert.Equal(Story.Signup.AddMonths(2), folded.FirstPaidAt);
        Assert.Equal(["in_first", "in_13th_month"], folded.Rewards.Select(r => r.InvoiceId));
        Assert.All(["in_trial", "in_covered"], invoice => Assert.Equal(ReasonCodes.ZeroAmount, story.Reason(invoice)));
    }

    [Fact]
    public void A_payment_of_an_old_debt_on_an_invoice_of_nothing_is_no_sale_and_starts_no_window()
    {
        var story = new Story().Customer().Paid("in_debt", 500, total: 0, net: 0).Paid("in_first", at: Story.Signup.AddMonths(2)).Paid("in_13th_month", at: Story.Signup.AddMonths(13));

        Assert.Equal(ReasonCodes.ZeroAmount, story.Reason("in_debt"));
        Assert.Equal(["in_first", "in_13th_month"], story.Fold().Rewards.Select(r => r.InvoiceId));
    }

    [Fact]
    public void Only_so_many_payments_are_rewarded_and_those_of_nothing_use_none_up()
    {
        var story = new Story { Revisions = [Story.Revise(1, Story.Signup, payments: 2)] }.Customer()
            .Paid("in_0", 0, total: 0, net: 0).Paid("in_1", at: Story.Signup.AddDays(1)).Paid("in_tiny", 2, at: Story.Signup.AddDays(2))
            .Paid("in_2", at: Story.Signup.AddDays(3)).Paid("in_3", at: Story.Signup.AddDays(4));

        Assert.Equal(["in_1", "in_2"], story.Fold().Rewards.Select(r => r.InvoiceId));
        Assert.Equal((ReasonCodes.RoundsToZero, ReasonCodes.PaymentsUsedUp), (story.Reason("in_tiny"), story.Reason("in_3")));
    }

    [Fact]
    public void Each_rule_earns_on_its_own_and_a_refund_takes_back_of_each()
    {
        var terms = new RevisionTerms(Currency.Parse("USD"), RewardBase.NetOfTax, [Story.Rule(1, "20", payments: 1), Story.Rule(2, "5")], 30, 30);
        var folded = new Story { Revisions = [new Revision("default", 1, Story.Signup, terms)] }.Customer()
            .Paid().Paid("in_2", at: Story.Signup.AddDays(40)).Charged().Linked().Refunded(6_000).Fold();

        Assert.Equal(
            [("purchase:1", "in_1", 2_000L, 1_000L), ("purchase:2", "in_1", 500, 250), ("purchase:2", "in_2", 500, 0)],
            folded.Rewards.Select(r => (r.Component, r.InvoiceId, r.Earned.Minor, r.Reversed.Minor)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 0)]   // a second more than thirty days before
    public void Payments_up_to_thirty_days_before_the_attribution_became_known_are_rewarded(int seconds, int rewards)
    {
        var story = new Story().Customer(code: null, user: null).Paid(at: Story.Signup.AddSeconds(seconds)).Customer(at: Story.Signup.AddDays(30));

        Assert.Equal(rewards, story.Fold().Rewards.Count);
        Assert.Equal(rewards == 1 ? null : ReasonCodes.PaidBeforeAttribution, story.Reason());
    }

    [Fact]
    public void A_payment_too_early_to_be_rewarded_still_starts_the_window()
    {
        var story = new Story().Customer(code: null).Paid().Customer(at: Story.Signup.AddDays(60)).Paid("in_13th_month", at: Story.Signup.AddMonths(12));

        Assert.Empty(story.Fold().Rewards);
        Assert.Equal((ReasonCodes.PaidBeforeAttribution, ReasonCodes.OutsideWindow), (story.Reason(), story.Reason("in_13th_month")));
    }

    [Fact]
    public void A_referral_keeps_the_revision_that_was_in_force_at_its_signup()
    {
        var story = new Story { Revisions = [Story.Revise(1, Story.Signup.AddDays(-1)), Story.Revise(2, Story.Signup.AddSeconds(1), "50")] }
            .Customer(at: Story.Signup.AddDays(3), created: Story.Signup).Paid(at: Story.Signup.AddDays(3));

        var folded = story.Fold();
        Assert.Equal((1, 2_000L), (folded.Attribution.Revision!.Number, Assert.Single(folded.Rewards).Earned.Minor));
    }

    [Fact]
    public void A_signup_before_the_first_revision_has_no_rules()
    {
        var story = new Story { Revisions = [Story.Revise(1, Story.Signup.AddSeconds(1))] }.Customer().Paid(at: Story.Signup.AddDays(3));

        Assert.Equal((0, ReasonCodes.NoRule), (story.Fold().Attribution.Revision!.Number, story.Reason()));
    }

    [Fact]
    public void Moments_at_the_end_of_time_are_folded_like_any_other()
    {
        var end = DateTimeOffset.FromUnixTimeSeconds(253_402_300_799);
        var folded = new Story().Customer().Paid(at: end).Fold();

        Assert.Equal(2_000, Assert.Single(folded.Rewards).Earned.Minor);
    }

    [Fact]
    public void A_reward_explains_itself_from_event_to_amount()
    {
        var reward = Assert.Single(new Story().Customer().Paid(paid: 11_999, net: 9_999).Charged(amount: 11_999).Linked().Refunded(5_000).Fold().Rewards);
        var steps = reward.Explanation.Steps;

        Assert.Equal(["payment", "identity", "attribution", "revision", "reward", "refund", "hold"], steps.Select(s => s.Name));
        Assert.Equal("119.99 × 99.99 / 119.99 × 20 % = 20.00 USD", steps.Single(s => s.Name == "reward").Arithmetic);
        Assert.Equal("69.99 × 99.99 / 119.99 × 20 % = 11.66 USD;  20.00 USD − 11.66 USD = 8.34 USD", steps.Single(s => s.Name == "refund").Arithmetic);
        Assert.Equal(
            [("evt_2", "$.data.object.amount_paid", "11999"), ("evt_2", "$.data.object.total", "11999"), ("evt_2", "$.data.object.total_excluding_tax", "9999"),
             ("evt_1", "$.data.object.metadata.new_user_id", "user-1"), ("evt_1", "$.data.object.metadata.cello_ucc", Story.Ann),
             ("evt_5", "$.data.object.amount_refunded", "5000")],
            steps.SelectMany(s => s.Evidence).Select(e => (e.ProviderEventId, e.Path!, e.Value)));
        Assert.Equal(("default", 1, 1, null), (reward.Explanation.Campaign, reward.Explanation.Revision, reward.Explanation.Rule, reward.Explanation.Reason));
        Assert.Contains("stated by event evt_4", steps.Single(s => s.Name == "refund").Says, StringComparison.Ordinal);
        Assert.Equal((Story.Signup.AddDays(30), 1_166), (reward.HoldUntil, reward.Earned.Minor - reward.Reversed.Minor));
        Assert.Equal(reward.Explanation.ToJson(), Explanation.FromJson(reward.Explanation.ToJson()).ToJson());
    }

    [Fact]
    public void A_one_off_charge_earns_nothing_and_says_so()
    {
        var payment = Assert.Single(new Story().Customer().Charged(namesNoInvoice: true).Refunded(2_000).Fold().Payments);

        Assert.Equal(("charge", "ch_1", ReasonCodes.ChargeWithoutInvoice), (payment.Kind, payment.ExternalId, payment.Reason));
        Assert.Equal((12_000, 2_000), (payment.Paid.Minor, payment.Refunded.Minor));
        Assert.Equal(ReasonCodes.ChargeWithoutInvoice, payment.Explanation.Reason);
    }

    [Fact]
    public void A_removed_customer_keeps_what_was_earned_and_corrections_go_on()
    {
        var story = new Story().Customer().Paid().Charged().Linked().And(new CustomerRemoved { OccurredAt = Story.Signup.AddDays(2), CustomerId = "cus_1" }).Refunded(6_000);

        Assert.Equal((2_000, 1_000), story.OnlyReward());
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
