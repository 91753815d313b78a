using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Portal.Core;
using Portal.Core.Campaigns;
using Xunit;

namespace Portal.Tests.Campaigns;

[Trait("Database", "Without")]
public sealed class RevisionTests
{
    private static readonly DateTimeOffset Day = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("20", 200_000, "20 %")]
    [InlineData("100", 1_000_000, "100 %")]
    [InlineData("12.5", 125_000, "12.5 %")]
    [InlineData("0.0001", 1, "0.0001 %")]
    [InlineData("8.2500", 82_500, "8.25 %")]
    public void A_percentage_is_exact_to_four_decimals(string text, int tenThousandths, string shown)
    {
        Assert.True(Percent.TryParse(text, out var percent));
        Assert.Equal((tenThousandths, shown), (percent.TenThousandths, percent.ToString()));
        Assert.Equal(1_000_000, Percent.Denominator);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0.0")]
    [InlineData("100.0001")]
    [InlineData("0.00001")]
    [InlineData("-5")]
    [InlineData("+5")]
    [InlineData("1e1")]
    [InlineData("5%")]
    [InlineData("5,5")]
    [InlineData(" 5")]
    [InlineData("1.2.3")]
    [InlineData("٥")]
    [InlineData("000000020")]
    public void What_is_no_percentage_above_zero_and_up_to_a_hundred_is_refused(string? text) => Assert.False(Percent.TryParse(text, out _));

    [Fact]
    public void Every_percentage_reads_back_as_it_is_shown() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), n =>
            Percent.TryParse(new Percent(n).ToString().Replace(" %", "", StringComparison.Ordinal), out var back) && back.TenThousandths == n));

    [Fact]
    public void A_signup_is_bound_by_the_revision_in_force_then_the_newest_of_equal_starts()
    {
        var history = new RevisionHistory("default", [Of(3, Day.AddDays(10)), Of(1, Day), Of(2, Day)]);

        Assert.Equal(0, history.BindingAt(Day.AddTicks(-1)).Number);
        Assert.Empty(history.BindingAt(Day.AddTicks(-1)).Terms.Rules);
        Assert.Equal(2, history.BindingAt(Day).Number);
        Assert.Equal(2, history.BindingAt(Day.AddDays(10).AddTicks(-1)).Number);
        Assert.Equal(3, history.BindingAt(Day.AddDays(10)).Number);

        static Revision Of(int number, DateTimeOffset from) => new("default", number, from, RevisionTerms.Empty);
    }

    [Theory]
    [InlineData("""{"currency":"US"}""", "invalidField", "currency")]
    [InlineData("""{"base":"net"}""", "invalidField", "base")]
    [InlineData("""{"holdDays":366}""", "invalidField", "holdDays")]
    [InlineData("""{"holdDays":-1}""", "invalidField", "holdDays")]
    [InlineData("""{"lateAttributionDays":3651}""", "invalidField", "lateAttributionDays")]
    [InlineData("""{"capPerReferral":{"amount":1}}""", "invalidField", "capPerReferral.currency")]
    [InlineData("""{"capPerReferral":{"amount":0,"currency":"USD"}}""", "invalidField", "capPerReferral.amount")]
    [InlineData("""{"capPerReferrer":{"amount":1,"currency":"USD"}}""", "invalidField", "capPerReferrer.period")]
    [InlineData("""{"minimumInvoice":{"currency":"USD"}}""", "invalidField", "minimumInvoice.amount")]
    [InlineData("""{"newUserReward":{"percentage":101}}""", "invalidField", "newUserReward.percentage")]
    [InlineData("""{"newUserReward":{"percentage":25,"intervalCount":0}}""", "invalidField", "newUserReward.intervalCount")]
    [InlineData("""{"rules":[{"percent":"20"}]}""", "invalidField", "rules[0].kind")]
    [InlineData("""{"rules":[{"kind":"gift"}]}""", "invalidField", "rules[0].kind")]
    [InlineData("""{"rules":[{"kind":"signup"}]}""", "invalidField", "rules[0].flat")]
    [InlineData("""{"rules":[{"kind":"signup","percent":"20"}]}""", "invalidField", "rules[0].percent")]
    [InlineData("""{"rules":[{"kind":"signup","flat":{"amount":1,"currency":"USD"},"productIds":["p"]}]}""", "invalidField", "rules[0].productIds")]
    [InlineData("""{"rules":[{"kind":"demo","flat":{"amount":1,"currency":"USD"},"maxMonths":3}]}""", "invalidField", "rules[0].maxMonths")]
    [InlineData("""{"rules":[{"kind":"purchase"}]}""", "invalidField", "rules[0].percent")]
    [InlineData("""{"rules":[{"kind":"purchase","percent":"20"},{"kind":"purchase","percent":"0"}]}""", "invalidField", "rules[1].percent")]
    [InlineData("""{"rules":[{"kind":"purchase","percent":"20","maxMonths":0}]}""", "invalidField", "rules[0].maxMonths")]
    [InlineData("""{"rules":[{"kind":"purchase","percent":"20","maxMonths":1201}]}""", "invalidField", "rules[0].maxMonths")]
    [InlineData("""{"rules":[{"kind":"purchase","percent":"20","maxPaymentsPerReferral":0}]}""", "invalidField", "rules[0].maxPaymentsPerReferral")]
    [InlineData("""{"rules":[{"kind":"purchase","percent":"20","productIds":[""]}]}""", "invalidField", "rules[0].productIds")]
    [InlineData("""{"rules":[{"kind":"purchase","percentTiers":{"by":"week"}}]}""", "invalidField", "rules[0].percentTiers.by")]
    [InlineData("""{"rules":[{"kind":"purchase","percentTiers":{"by":"month","steps":[{"from":2,"percent":"5"}]}}]}""", "invalidField", "rules[0].percentTiers.steps[0].from")]
    [InlineData("""{"rules":[{"kind":"purchase","percentTiers":{"by":"month","steps":[{"from":1,"percent":"5"},{"from":1,"percent":"6"}]}}]}""", "invalidField", "rules[0].percentTiers.steps[1].from")]
    [InlineData("""{"rules":[{"kind":"purchase","percent":"20","flat":{"amount":1,"currency":"USD"}}]}""", "invalidField", "rules[0].percent")]
    public void A_revision_that_cannot_be_kept_to_is_refused_by_the_name_of_its_field(string json, string code, string field)
    {
        Assert.False(RevisionDocument.FromJson(json).Read().TryGet(out _, out var problem));
        Assert.Equal((code, field), (problem!.Code, problem.Field));
    }

    [Fact]
    public void A_revision_reads_with_its_defaults_and_comes_back_from_storage_the_same()
    {
        var document = RevisionDocument.FromJson("""{"rules":[{"kind":"purchase","percent":"12.5","productIds":[],"percentTiers":null}],"rebind":true}""");

        Assert.True(document.Read().TryGet(out var terms, out _));
        Assert.Equal((Currency.Parse("USD"), RewardBase.NetOfTax, 30, 30), (terms!.Currency, terms.Base, terms.HoldDays, terms.LateAttributionDays));
        Assert.Equal((1, RuleKind.Purchase, new PercentRate(new Percent(125_000))), Assert.Single(terms.Rules) is var rule ? (rule.Place, rule.Kind, rule.Rate) : default);
        Assert.False(JsonDocument.Parse(document.ToJson()).RootElement.TryGetProperty("rebind", out _));   // an order, not a rule
        Assert.True(RevisionDocument.FromJson(document.ToJson()).Read().TryGet(out var again, out _));
        Assert.Equal(terms.Rules[0].Rate, again!.Rules[0].Rate);
    }

    [Fact]
    public void Every_rule_of_the_contract_reads()
    {
        var document = RevisionDocument.FromJson("""
            { "effectiveFrom": "2026-01-01T00:00:00Z", "currency": "USD", "base": "netOfTax",
              "rules": [
                { "kind": "purchase", "percent": "20", "maxMonths": 12, "maxPaymentsPerReferral": null, "productIds": [] },
                { "kind": "purchase", "percentTiers": { "by": "referral", "steps": [ {"from": 1, "percent": "10"}, {"from": 6, "percent": "15"} ] }, "maxMonths": 12 },
                { "kind": "purchase", "percentTiers": { "by": "month", "steps": [ {"from": 1, "percent": "30"}, {"from": 4, "percent": "20"} ] }, "maxMonths": 12 },
                { "kind": "firstPurchase", "flat": {"amount": 5000, "currency": "USD"} },
                { "kind": "signup", "flat": {"amount": 500, "currency": "USD"} },
                { "kind": "demo", "flat": {"amount": 1000, "currency": "USD"} } ],
              "capPerReferral": {"amount": 10000, "currency": "USD"}, "capPerReferrer": {"amount": 50000, "currency": "USD", "period": "month"},
              "minimumInvoice": {"amount": 1000, "currency": "USD"}, "holdDays": 30, "lateAttributionDays": 30, "spreadAnnualOverMonths": true,
              "newUserReward": { "percentage": 25, "intervalCount": 3, "couponId": "WELCOME" }, "rewardOrganizations": true }
            """);

        Assert.True(document.Read().TryGet(out var terms, out _));
        Assert.Equal([RuleKind.Purchase, RuleKind.Purchase, RuleKind.Purchase, RuleKind.FirstPurchase, RuleKind.Signup, RuleKind.Demo], terms!.Rules.Select(r => r.Kind));
        Assert.Equal("20 %", ((TieredRate)terms.Rules[2].Rate).At(4).ToString());
        Assert.Equal("30 %", ((TieredRate)terms.Rules[2].Rate).At(3).ToString());
        Assert.Equal((10_000L, CapPeriod.Month, 1_000L, true, true), (terms.CapPerReferral!.Minor, terms.CapPerReferrer!.Period, terms.MinimumInvoice!.Minor, terms.SpreadAnnualOverMonths, terms.RewardOrganizations));
        Assert.Equal((3, "WELCOME", "25 %"), (terms.NewUser!.Months, terms.NewUser.CouponId, terms.NewUser.Percent.ToString()));
        Assert.True(terms.LooksAcrossReferrals);
    }
}
