using System.Net;
using Portal.Core;
using Xunit;

namespace Portal.Tests.Api;

/// <summary>What the API says of one small history: Ann earned twice, once taken back in part; Bo's newcomer paid in yen; one came alone.</summary>
public sealed class RewardsApiTests(RewardsApiTests.History history) : IClassFixture<RewardsApiTests.History>
{
    private HttpClient Api => history.Api;

    [Theory]
    [InlineData("", "in_ann1 in_ann2 in_bo")]
    [InlineData("referrer=ann", "in_ann1 in_ann2")]
    [InlineData("referrer=codeOfBo001", "in_bo")]
    [InlineData("currency=jpy", "in_bo")]
    [InlineData("q=in_ann2", "in_ann2")]
    [InlineData("q=user-bo", "in_bo")]
    [InlineData("state=cancelled", "in_ann2")]
    [InlineData("state=approved", "in_ann1 in_bo")]
    [InlineData("state=pending", "")]
    [InlineData("referrer=nobody", "")]
    public async Task Rewards_are_narrowed_by_each_filter(string query, string invoices) =>
        Assert.Equal(invoices, string.Join(' ', (await Api.ListAsync($"rewards?{query}")).Select(r => r.Text("invoiceId")).Order()));

    [Fact]
    public async Task A_reward_has_its_explanation_and_entries()
    {
        var row = Assert.Single(await Api.ListAsync("rewards?q=in_ann1"));
        Assert.Equal((2_000, 500, 1_500), (row.Number("earned"), row.Number("reversed"), row.Number("net")));

        var reward = await Api.ReadAsync($"rewards/{row.Text("id")}");
        Assert.Contains(reward.GetProperty("explanation").GetProperty("steps").EnumerateArray(), s => s.Text("name") == "reward" && s.Text("arithmetic") == "120.00 × 100.00 / 120.00 × 20 % = 20.00 USD");
        Assert.Equal([("earned", 2_000L), ("reversed", 500)], reward.GetProperty("entries").EnumerateArray().Select(e => (e.Text("kind")!, e.Number("amount"))));
        Assert.Equal(HttpStatusCode.NotFound, (await Api.GetAsync("/api/sandbox/v1/rewards/999")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await history.Production.GetAsync($"/api/production/v1/rewards/{row.Text("id")}")).StatusCode);
    }

    [Fact]
    public async Task An_invoice_says_what_it_earned_or_the_one_reason_why_not()
    {
        var earned = await Api.ReadAsync("invoices/in_ann1/explanation");
        var alone = await Api.ReadAsync("invoices/in_alone/explanation");

        Assert.Null(earned.Text("reason"));
        Assert.Equal(2_000, Assert.Single(earned.GetProperty("rewards").EnumerateArray()).Number("earned"));
        Assert.Equal(("noCode", 12_000, 0), (alone.Text("reason"), alone.GetProperty("invoice").Number("amountPaid"), alone.GetProperty("rewards").GetArrayLength()));
        Assert.Contains("without a referrer", alone.GetProperty("explanation").Text("summary"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Api.GetAsync("/api/sandbox/v1/invoices/in_nowhere/explanation")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await history.Production.GetAsync("/api/production/v1/invoices/in_ann1/explanation")).StatusCode);
        Assert.Equal("in_alone", Assert.Single(await Api.ListAsync("transactions?reason=noCode")).Text("externalId"));
    }

    [Fact]
    public async Task Balances_are_the_sums_of_the_entries()
    {
        var balances = await Api.ListAsync("ledger/balances");
        Assert.Equal(
            [("ann", "codeOfAnn01", "USD", 4_000L, 2_500L, 1_500L, 0L), ("bo", "codeOfBo001", "JPY", 396, 0, 396, 0)],
            balances.Select(b => (b.Text("referrer")!, b.Text("ucc")!, b.Text("currency")!, b.Number("earned"), b.Number("reversed"), b.Number("net"), b.Number("pending"))));

        var lines = (await Api.ListAsync("ledger/entries")).SelectMany(s => s.GetProperty("entries").EnumerateArray()).ToList();
        Assert.All(balances, b => Assert.Equal(-b.Number("net"), lines.Where(l => l.Text("referrer") == b.Text("referrer")).Sum(l => l.Number("amount"))));
        Assert.All(lines.GroupBy(l => l.Text("currency")), currency => Assert.Equal(0, currency.Sum(l => l.Number("amount"))));
    }

    [Fact]
    public async Task The_journal_is_read_page_by_page_and_by_reward()
    {
        var (first, all) = (await Api.ReadAsync("ledger/entries?limit=2"), await Api.ListAsync("ledger/entries"));
        var rest = await Api.ListAsync($"ledger/entries?limit=200&cursor={first.Text("nextCursor")}");

        Assert.Equal(all.Select(s => s.Text("id")), first.GetProperty("items").EnumerateArray().Concat(rest).Select(s => s.Text("id")));
        var reward = Assert.Single(await Api.ListAsync("rewards?q=in_bo")).Text("id");
        Assert.Equal(396, Assert.Single(await Api.ListAsync($"ledger/entries?rewardId={reward}")).Number("amount"));
        Assert.Equal(HttpStatusCode.BadRequest, (await Api.GetAsync("/api/sandbox/v1/ledger/entries?rewardId=x")).StatusCode);
    }

    [Fact]
    public async Task The_hash_covers_what_stands_here_alone()
    {
        var sandbox = await Api.ReadAsync("ledger/hash");
        var production = await (await history.Production.GetAsync("/api/production/v1/ledger/hash")).Content.ReadAsStringAsync();

        Assert.Equal(3, sandbox.Number("rewards"));
        Assert.Matches("^[0-9a-f]{64}$", sandbox.Text("hash"));
        Assert.Contains("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", production, StringComparison.Ordinal);   // of nothing
    }

    public sealed class History : IAsyncLifetime
    {
        private readonly PortalHost _host = new();

        public PortalHost Host => _host;

        public HttpClient Api { get; private set; } = null!;

        public HttpClient Production { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            (Api, Production) = (await _host.CreateApiClientAsync(PortalEnvironment.Sandbox), await _host.CreateApiClientAsync(PortalEnvironment.Production));
            await Api.SendAsync("referrers", new { productUserId = "ann", ucc = "codeOfAnn01" });
            await Api.SendAsync("referrers", new { productUserId = "bo", ucc = "codeOfBo001" });
            await Api.SendAsync("campaigns/default/revisions", """{"effectiveFrom":"2020-01-01T00:00:00Z","holdDays":30,"rules":[{"kind":"purchase","percent":"20","maxMonths":12}]}""");
            var (first, next) = (StripeSamples.Noon, StripeSamples.Noon.AddDays(3));
            await Api.TellAsync(
                StripeSamples.Customer(customer: "cus_ann", ucc: "codeOfAnn01", newUserId: "user-ann"),
                StripeSamples.InvoicePaid("cus_ann", "in_ann1", paymentIntent: "pi_a1", charge: "ch_a1", shape: StripeShape.Classic),
                StripeSamples.Charge(charge: "ch_a1", customer: "cus_ann", invoice: "in_ann1", paymentIntent: "pi_a1", shape: StripeShape.Classic),
                StripeSamples.Refund(refund: "re_a1", charge: "ch_a1", paymentIntent: "pi_a1", amount: 3_000, at: next),
                StripeSamples.InvoicePaid("cus_ann", "in_ann2", paidAt: next),
                StripeSamples.Charge(charge: "ch_a2", customer: "cus_ann", paymentIntent: "pi_a2", chargedAt: next),
                StripeSamples.Charge("charge.refunded", "ch_a2", "cus_ann", paymentIntent: "pi_a2", amountRefunded: 12_000, chargedAt: next, at: next.AddDays(1)),
                StripeSamples.Customer(customer: "cus_bo", ucc: "codeOfBo001", newUserId: "user-bo"),
                StripeSamples.InvoicePaid("cus_bo", "in_bo", 1_980, 1_980, 1_980, "jpy", first),
                StripeSamples.Customer(customer: "cus_alone", ucc: null, newUserId: "user-alone"),
                StripeSamples.InvoicePaid("cus_alone", "in_alone"));
        }

        public async Task DisposeAsync() => await _host.DisposeAsync();
    }
}
