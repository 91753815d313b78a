using Portal.Core.Campaigns;
using Xunit;

namespace Portal.Tests.Campaigns;

[Trait("Database", "Without")]
public sealed class RevisionWordsTests
{
    [Theory]
    [InlineData("""{"kind":"purchase","percent":"20","maxMonths":12}""", "20 % of what is collected without tax, for 12 months from the first payment.")]
    [InlineData("""{"kind":"purchase","percent":"12.5","maxMonths":1,"maxPaymentsPerReferral":1}""", "12.5 % of what is collected without tax, for 1 month from the first payment, for the first payment of a referral.")]
    [InlineData("""{"kind":"purchase","percent":"20","maxPaymentsPerReferral":3}""", "20 % of what is collected without tax, for the first 3 payments of a referral.")]
    [InlineData("""{"kind":"purchase","percent":"20","productIds":["b","a"],"priceIds":["p"]}""", "20 % of what is collected without tax, only for product a, product b, price p.")]
    [InlineData("""{"kind":"purchase","flat":{"amount":5000,"currency":"USD"}}""", "50.00 USD for each purchase.")]
    [InlineData("""{"kind":"firstPurchase","flat":{"amount":5000,"currency":"JPY"}}""", "5000 JPY for the first purchase.")]
    [InlineData("""{"kind":"signup","flat":{"amount":500,"currency":"KWD"}}""", "0.500 KWD for the signup.")]
    [InlineData("""{"kind":"demo","flat":{"amount":2500,"currency":"EUR"}}""", "25.00 EUR for the attended demonstration.")]
    [InlineData("""{"kind":"purchase","percentTiers":{"by":"month","steps":[{"from":1,"percent":"30"},{"from":4,"percent":"20"}]}}""", "30 % from month 1, 20 % from month 4 of the referral, of what is collected without tax.")]
    [InlineData("""{"kind":"purchase","percentTiers":{"by":"referral","steps":[{"from":1,"percent":"10"},{"from":3,"percent":"15"},{"from":11,"percent":"20"},{"from":22,"percent":"25"}]}}""",
        "10 % from the 1st, 15 % from the 3rd, 20 % from the 11th, 25 % from the 22nd paying referral of the referrer, of what is collected without tax.")]
    public void Each_kind_of_rule_is_a_sentence(string rule, string says) => Assert.Equal(says, Lines($$"""{"rules":[{{rule}}]}""")["Rule 1"].Says);

    [Theory]
    [InlineData("""{"base":"gross","rules":[{"kind":"purchase","percent":"20"}]}""", "Rule 1", "20 % of what is collected with tax.")]
    [InlineData("{}", "Rule 1", "Nothing is earned: there are no rules.")]
    [InlineData("""{"capPerReferral":{"amount":10000,"currency":"USD"}}""", "Limit per referral", "At most 100.00 USD per referral.")]
    [InlineData("""{"capPerReferrer":{"amount":10000,"currency":"USD","period":"month"}}""", "Limit per referrer", "At most 100.00 USD per referrer and calendar month.")]
    [InlineData("""{"capPerReferrer":{"amount":10000,"currency":"USD","period":"quarter"}}""", "Limit per referrer", "At most 100.00 USD per referrer and calendar quarter.")]
    [InlineData("""{"capPerReferrer":{"amount":10000,"currency":"USD","period":"year"}}""", "Limit per referrer", "At most 100.00 USD per referrer and calendar year.")]
    [InlineData("""{"capPerReferrer":{"amount":10000,"currency":"USD","period":"always"}}""", "Limit per referrer", "At most 100.00 USD per referrer, for ever.")]
    [InlineData("""{"minimumInvoice":{"amount":1000,"currency":"USD"}}""", "Smallest invoice", "Invoices below 10.00 USD earn nothing.")]
    [InlineData("{}", "Hold", "Payable 30 days after payment.")]
    [InlineData("""{"holdDays":1}""", "Hold", "Payable 1 day after payment.")]
    [InlineData("""{"holdDays":0}""", "Hold", "Payable at once.")]
    [InlineData("""{"lateAttributionDays":0}""", "Late attribution", "Payments before the attribution became known earn nothing.")]
    [InlineData("{}", "Late attribution", "Payments more than 30 days before the attribution became known earn nothing.")]
    [InlineData("""{"spreadAnnualOverMonths":true}""", "Annual payments", "The reward of an annual payment becomes payable in twelve monthly parts.")]
    [InlineData("""{"rewardOrganizations":true}""", "Organisations", "An organisation with all its users is one referral.")]
    [InlineData("""{"newUserReward":{"percentage":10,"intervalCount":12,"couponId":"SPRING"}}""", "Newcomer's reward", "The newcomer gets 10 % off for 12 months, by coupon SPRING; the billing system grants it.")]
    [InlineData("""{"newUserReward":{"percentage":10}}""", "Newcomer's reward", "The newcomer gets 10 % off; the billing system grants it.")]
    public void Everything_else_is_a_sentence_too(string revision, string topic, string says) => Assert.Equal((says, false), Lines(revision)[topic] is var line ? (line.Says, line.IsSilent) : default);

    [Fact]
    public void In_short_it_is_what_a_colleague_would_say() => Assert.Equal(
        "20 % of what is collected without tax, for 12 months from the first payment; at most 100.00 USD per referral; payable 30 days after payment.",
        RevisionWords.InShort(Terms("""{"rules":[{"kind":"purchase","percent":"20","maxMonths":12}],"capPerReferral":{"amount":10000,"currency":"USD"}}""")));

    private static Dictionary<string, TermLine> Lines(string revision) => RevisionWords.Of(Terms(revision)).ToDictionary(l => l.Topic);

    private static RevisionTerms Terms(string revision) => RevisionDocument.FromJson(revision).Read().TryGet(out var terms, out var problem) ? terms : throw new FormatException(problem.Detail);
}
