using System.Collections.Frozen;
using Portal.Core;
using Portal.Core.Campaigns;
using Portal.Core.Facts;
using Portal.Core.Rates;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Rewards;

/// <summary>What each rule of a revision gives. Invoices are 120.00 with 20.00 of tax, unless said otherwise.</summary>
[Trait("Database", "Without")]
public sealed class RuleTests
{
    private static readonly DateTimeOffset Day = Story.Signup;

    [Fact]
    public void A_first_purchase_earns_its_flat_fee_once_whatever_its_currency_and_only_a_full_refund_takes_it_back()
    {
        Story Two() => Of(Story.Under(Story.Flat(1, RuleKind.FirstPurchase, 5_000))).Customer().Paid(currency: "JPY", paid: 900, total: 900).Charged(amount: 900, currency: "JPY").Linked().Paid("in_2", at: Day.AddMonths(1));

        Assert.Equal([("in_1", 5_000L, 0L, "USD")], Rewards(Two()));
        Assert.Equal(ReasonCodes.NotFirstPurchase, Two().Reason("in_2"));
        Assert.Equal([("in_1", 5_000L, 0L, "USD")], Rewards(Two().Refunded(899, currency: "JPY")));
        Assert.Equal([("in_1", 5_000L, 5_000L, "USD")], Rewards(Two().Refunded(900, currency: "JPY")));
    }

    [Fact]
    public void A_first_purchase_that_comes_too_early_is_still_the_first()
    {
        var story = Of(Story.Under(Story.Flat(1, RuleKind.FirstPurchase, 5_000))).Customer(code: null, user: null).Paid().Customer(at: Day.AddDays(40)).Paid("in_2", at: Day.AddDays(41));

        Assert.Empty(story.Fold().Rewards);
        Assert.Equal((ReasonCodes.PaidBeforeAttribution, ReasonCodes.NotFirstPurchase), (story.Reason(), story.Reason("in_2")));
    }

    [Fact]
    public void Each_purchase_earns_its_flat_fee_as_often_as_the_rule_says() =>
        Assert.Equal([("in_1", 700L, 0L, "EUR"), ("in_2", 700L, 0L, "EUR")],
            Rewards(Of(Story.Under(Story.Flat(1, RuleKind.Purchase, 700, "EUR") with { MaxPayments = 2 })).Customer().Paid().Paid("in_2", at: Day.AddMonths(1)).Paid("in_3", at: Day.AddMonths(2))));

    [Fact]
    public void A_signup_and_an_attended_demonstration_earn_once_and_name_no_invoice()
    {
        var story = Of(Story.Under(Story.Flat(1, RuleKind.Signup, 500), Story.Flat(2, RuleKind.Demo, 1_000))).Customer()
            .And(new DemoAttended("user-1", null) { OccurredAt = Day.AddDays(3), CustomerId = "cus_1" });

        Assert.Equal([("signup:1", 500L, Day), ("demo:2", 1_000L, Day.AddDays(3))], story.Fold().Rewards.Select(r => (r.Component, r.Earned.Minor, r.At)));
        Assert.All(story.Fold().Rewards, r => Assert.Null(r.InvoiceId));
    }

    [Fact]
    public void A_signup_long_before_its_attribution_earns_nothing() =>
        Assert.Empty(Of(Story.Under(Story.Flat(1, RuleKind.Signup, 500))).Customer(code: null, user: null).Customer(at: Day.AddDays(31)).Fold().Rewards);

    [Theory]
    [InlineData(0, "30")]
    [InlineData(2, "30")]
    [InlineData(3, "20")]
    [InlineData(5, "20")]
    [InlineData(6, "10")]
    public void A_share_by_the_month_of_the_referral_changes_on_the_day_of_the_first_payment(int months, string percent)
    {
        var story = Of(Story.Under(Story.Tiers(1, TierBy.Month, (1, "30"), (4, "20"), (7, "10")))).Customer().Paid().Paid("in_2", at: Day.AddMonths(months).AddSeconds(1));

        Assert.Equal(10_000 * int.Parse(percent, System.Globalization.CultureInfo.InvariantCulture) / 100, story.Fold().Rewards[^1].Earned.Minor);
    }

    [Fact]
    public void A_months_last_day_starts_a_month_of_the_referral_on_the_next_months_last_day()
    {
        var last = new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);
        var story = Of(Story.Under(Story.Tiers(1, TierBy.Month, (1, "10"), (2, "20")))).Customer(at: last).Paid(at: last)
            .Paid("in_2", at: new(2026, 2, 28, 8, 59, 59, TimeSpan.Zero)).Paid("in_3", at: new(2026, 2, 28, 9, 0, 0, TimeSpan.Zero));

        Assert.Equal([1_000L, 1_000, 2_000], story.Fold().Rewards.Select(r => r.Earned.Minor));
    }

    [Fact]
    public void A_share_by_the_referrers_paying_referrals_counts_those_that_had_paid_by_then_this_one_included()
    {
        var story = Of(Story.Under(Story.Tiers(1, TierBy.Referral, (1, "10"), (3, "15")))).Customer().Paid().Paid("in_2", at: Day.AddMonths(1)).Paid("in_3", at: Day.AddMonths(2));
        story.Circles[Story.Ann] = new Circle([Day.AddDays(-5), Day.AddMonths(1), Day.AddMonths(9)], []);

        Assert.Equal([1_000L, 1_500, 1_500], story.Fold().Rewards.Select(r => r.Earned.Minor));
    }

    [Fact]
    public void A_rule_for_products_counts_their_lines_less_their_credits()
    {
        var rule = Story.Rule(1, "10") with { ProductIds = Ids("prod_a"), PriceIds = Ids("price_c") };
        Story Of(params (string Product, string Price, long Net)[] lines) => RuleTests.Of(Story.Under(rule)).Customer().And(Invoice(12_000, 12_000, 10_000, lines));

        Assert.Equal(600, Of(("prod_a", "price_a", 7_000), ("prod_b", "price_b", 4_000), ("prod_a", "price_a", -1_000)).OnlyReward().Earned);
        Assert.Equal(400, Of(("prod_a", "price_a", 1_000), ("prod_b", "price_c", 3_000), ("prod_b", "price_b", 6_000)).OnlyReward().Earned);
        Assert.Equal(1_000, Of(("prod_a", "price_a", 12_000), ("prod_b", "price_b", -2_000)).OnlyReward().Earned);   // never more than the whole
        Assert.Equal(ReasonCodes.OtherProduct, Of(("prod_b", "price_b", 10_000)).Reason());
        Assert.Equal(ReasonCodes.RoundsToZero, Of(("prod_a", "price_a", -500), ("prod_b", "price_b", 10_500)).Reason());
    }

    [Fact]
    public void A_rule_for_products_waits_for_a_person_where_not_all_lines_are_known()
    {
        var rule = Story.Rule(1, "10") with { ProductIds = Ids("prod_a") };
        Story Told() => Of(Story.Under(rule)).Customer().And(Invoice(12_000, 12_000, 10_000, ("prod_a", "p", 4_000), ("prod_b", "p", 6_000)) with { HasMoreLines = true });

        var open = Told().Fold();
        Assert.Equal((WaitReasons.Review, 400L), (open.Rewards.Single().WaitsFor, open.Rewards.Single().Earned.Minor));
        var key = Assert.Single(open.Cases).Key;
        Assert.Null(Told().Decide(key, ReviewKinds.Reward).Fold().Rewards.Single().WaitsFor);
        Assert.Equal(ReasonCodes.RejectedByReview, Told().Decide(key, ReviewKinds.Reject).Reason());
        Assert.Empty(RuleTests.Of(Story.Under(Story.Rule(1, "10"))).Customer().And(Invoice(12_000, 12_000, 10_000) with { HasMoreLines = true }).Fold().Cases);   // plain rules go on
    }

    [Fact]
    public void A_referral_earns_up_to_its_limit_and_what_is_taken_back_makes_room()
    {
        var capped = Story.Under(Story.Rule(1, "60"));
        capped = capped with { Terms = capped.Terms with { CapPerReferral = Story.Usd(10_000) } };
        Story Three() => Of(capped).Customer().Paid().Charged().Linked().Paid("in_2", at: Day.AddMonths(1)).Paid("in_3", at: Day.AddMonths(2));

        Assert.Equal([("in_1", 6_000L, 0L, "USD"), ("in_2", 4_000L, 0L, "USD"), ("in_3", 0L, 0L, "USD")], Rewards(Three()));
        Assert.Equal(ReasonCodes.CapReached, Three().Reason("in_3"));
        Assert.Equal([("in_1", 6_000L, 6_000L, "USD"), ("in_2", 6_000L, 0L, "USD"), ("in_3", 4_000L, 0L, "USD")], Rewards(Three().Refunded(12_000)));
        Assert.Equal([("in_1", 6_000L, 3_000L, "USD"), ("in_2", 6_000L, 0L, "USD"), ("in_3", 1_000L, 0L, "USD")], Rewards(Three().Refunded(6_000)));
    }

    [Fact]
    public void A_limit_in_another_currency_takes_the_dated_rate_and_without_one_waits_for_a_person()
    {
        var capped = Story.Under(Story.Rule(1, "60"));
        capped = capped with { Terms = capped.Terms with { CapPerReferral = Story.Usd(10_000) } };
        Story Euros() => Of(capped).Customer().Paid(currency: "EUR").Paid("in_2", currency: "EUR", at: Day.AddMonths(1));

        var open = Euros().Fold();
        Assert.Equal([(6_000L, WaitReasons.Review), (6_000L, WaitReasons.Review)], open.Rewards.Select(r => (r.Earned.Minor, r.WaitsFor!)));
        Assert.Equal([ReviewKinds.NoRate, ReviewKinds.NoRate], open.Cases.Select(c => c.Kind));
        var rejected = Euros().Decide(open.Cases[0].Key, ReviewKinds.Reject).Decide(open.Cases[1].Key, ReviewKinds.Reward).Fold();
        Assert.Equal([("in_2", (string?)null)], rejected.Rewards.Select(r => (r.InvoiceId!, r.WaitsFor)));

        var story = Euros();
        story.Rates = Table("EUR", "USD", new DateOnly(2026, 1, 1), "1.25");
        Assert.Equal([("in_1", 6_000L, 0L, "EUR"), ("in_2", 2_000L, 0L, "EUR")], Rewards(story));   // 75.00 USD, then 25.00 USD are 20.00 EUR
        Assert.Empty(story.Fold().Cases);
    }

    [Fact]
    public void The_limit_per_referrer_counts_the_rewards_of_all_referrals_of_the_period_in_their_order()
    {
        var capped = Story.Under(Story.Rule(1, "60"));
        var cap = new PeriodCap(Story.Usd(10_000), CapPeriod.Month);
        capped = capped with { Terms = capped.Terms with { CapPerReferrer = cap } };
        var story = Of(capped).Customer().Paid().Paid("in_2", at: Day.AddDays(5)).Paid("in_3", at: Day.AddMonths(1));
        story.Circles[Story.Ann] = new Circle([], [new PeerClaim("a", Day.AddDays(-2), Story.Usd(1_000), cap), new PeerClaim("b", Day.AddDays(2), Story.Usd(2_000), cap), new PeerClaim("c", Day.AddDays(9), Story.Usd(9_000), cap)]);

        Assert.Equal([("in_1", 6_000L, 0L, "USD"), ("in_2", 1_000L, 0L, "USD"), ("in_3", 6_000L, 0L, "USD")], Rewards(story));
        Assert.Equal([6_000L, 6_000, 6_000], story.Fold().Rewards.Select(r => r.NetBeforeCap!.Value));
    }

    [Fact]
    public void An_invoice_below_the_minimum_earns_nothing_and_without_a_rate_a_person_decides()
    {
        var least = Story.Under(Story.Rule(1, "20"));
        least = least with { Terms = least.Terms with { MinimumInvoice = Story.Usd(5_000) } };

        Assert.Equal(ReasonCodes.BelowMinimum, Of(least).Customer().Paid(paid: 4_999).Reason());
        Assert.Null(Of(least).Customer().Paid(paid: 5_000).Reason());
        var yen = Of(least).Customer().Paid(paid: 900, currency: "JPY");
        Assert.Equal(WaitReasons.Review, yen.Fold().Rewards.Single().WaitsFor);
        Assert.Equal(ReviewKinds.NoRate, Assert.Single(yen.Fold().Cases).Kind);
        yen.Rates = Table("USD", "JPY", new DateOnly(2026, 1, 9), "150");
        Assert.Equal(ReasonCodes.BelowMinimum, yen.Reason());   // 6.00 USD
    }

    [Fact]
    public void An_annual_payment_is_rewarded_in_twelve_monthly_parts_that_sum_to_the_whole()
    {
        var spread = Story.Under(Story.Rule(1, "20"));
        spread = spread with { Terms = spread.Terms with { SpreadAnnualOverMonths = true } };
        var year = Invoice(12_005, 12_005, 12_005, ("prod_a", "price_y", 12_005));
        year = year with { Lines = [year.Lines[0] with { From = Day, To = Day.AddYears(1) }] };
        var story = Of(spread).Customer().And(year).Charged(amount: 12_005).Linked();

        var parts = story.Fold().Rewards;
        Assert.Equal(12, parts.Count);
        Assert.Equal((2_401L, 200L, 201L), (parts.Sum(p => p.Earned.Minor), parts[0].Earned.Minor, parts[11].Earned.Minor));
        Assert.Equal(Enumerable.Range(0, 12).Select(m => Day.AddMonths(m).AddDays(30)), parts.Select(p => p.HoldUntil));
        Assert.Equal(Enumerable.Range(1, 12).Select(m => $"purchase:1/{m}"), parts.Select(p => p.Component));
        Assert.Equal(2_401, story.Refunded(12_005).Fold().Rewards.Sum(r => r.Reversed.Minor));
        Assert.Single(Of(spread).Customer().Paid().Fold().Rewards);   // a monthly payment stays whole

        var full = spread with { Terms = spread.Terms with { CapPerReferral = Story.Usd(100) } };
        Assert.Equal(ReasonCodes.CapReached, Of(full).Customer().Paid("in_0", at: Day.AddDays(-1)).And(year).Reason());
    }

    [Fact]
    public void An_organisation_with_all_its_users_and_customers_is_one_referral_with_one_clock_and_one_limit()
    {
        var program = Story.Under(Story.Rule(1, "20", months: 1));
        program = program with { Terms = program.Terms with { RewardOrganizations = true, CapPerReferral = Story.Usd(3_500) } };
        var story = Of(program).And(Seen("cus_1", "user-1", "acme", Story.Ann, Day)).And(Seen("cus_2", "user-2", "acme", null, Day.AddDays(2))).And(Seen("cus_3", "user-3", null, Story.Bo, Day))
            .Paid().Paid("in_2", customer: "cus_2", at: Day.AddDays(3)).Paid("in_3", customer: "cus_2", at: Day.AddMonths(1)).Paid("in_4", customer: "cus_3");

        var acme = story.FoldOrganization("acme");
        Assert.Equal([("in_1", 2_000L), ("in_2", 1_500L)], acme.Rewards.Select(r => (r.InvoiceId!, r.Earned.Minor)));
        Assert.Equal(ReasonCodes.OutsideWindow, acme.Payments.Single(p => p.ExternalId == "in_3").Reason);
        Assert.Equal("bo", story.Fold("user-3").Attribution.Code!.ProductUserId);   // without the organisation's id a referral of its own
    }

    private static FrozenSet<string> Ids(string id) => FrozenSet.ToFrozenSet([id]);

    private static Story Of(Revision revision) => new() { Revisions = [revision] };

    private static IEnumerable<(string, long, long, string)> Rewards(Story story) =>
        story.Fold().Rewards.Select(r => (r.InvoiceId!, r.Earned.Minor, r.Reversed.Minor, r.Earned.Currency.Code));

    private static InvoicePaid Invoice(long paid, long total, long net, params (string Product, string Price, long Net)[] lines) =>
        new("in_1", "USD", paid, total, net, "$.data.object.total_excluding_tax", "sub_1", "subscription_cycle", null)
        {
            OccurredAt = Day,
            CustomerId = "cus_1",
            Lines = [.. lines.Select((l, i) => new InvoiceLine(l.Product, l.Price, l.Net, Day, Day.AddMonths(1), $"$.data.object.lines.data[{i}]"))],
        };

    private static CustomerSeen Seen(string customer, string user, string? organization, string? code, DateTimeOffset at) =>
        new($"evt_{customer}", at, $"{customer}@example.com", null, new Claim(code, user, organization, "$.data.object.metadata")) { OccurredAt = at, CustomerId = customer };

    private static RateTable Table(string from, string to, DateOnly day, string rate) =>
        new([new ExchangeRate(Currency.Parse(from), Currency.Parse(to), day, ExactRate.TryParse(rate, out var exact) ? exact : throw new FormatException(rate), 1)]);
}
