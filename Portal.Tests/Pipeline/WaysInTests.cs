using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Referrals;
using Xunit;

namespace Portal.Tests.Pipeline;

/// <summary>One referral and one reward for each payment, by whatever way the news of it comes in.</summary>
public sealed class WaysInTests : IDisposable
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private readonly PortalOnDisk _portal = new();

    [Fact]
    public async Task Everything_by_the_API_earns_and_takes_back()
    {
        await SetUpAsync();
        await TellAsync(ApiSamples.Signup(), ApiSamples.Paid(), ApiSamples.Refunded(price: 25));

        var balance = Assert.Single(await _portal.Ledger.BalancesAsync(Sandbox, default));
        Assert.Equal((2_000, 500, 1_500), (balance.Earned, balance.Reversed, balance.Net));
    }

    [Fact]
    public async Task A_payment_that_is_told_before_the_signup_is_a_signup()
    {
        await SetUpAsync();
        await TellAsync(ApiSamples.Paid());

        Assert.Equal(2_000, Assert.Single(await _portal.Ledger.BalancesAsync(Sandbox, default)).Net);
    }

    [Fact]
    public async Task Repeated_tellings_are_one_payment_and_one_refund()
    {
        await SetUpAsync();
        var bodies = new[] { ApiSamples.Signup(), ApiSamples.Paid(), ApiSamples.Refunded(price: 25) };
        await TellAsync([.. bodies, .. bodies]);
        await TellAsync([ApiSamples.Paid() + " ", ApiSamples.Refunded(price: 25) + "\n"]);   // other bytes, the same news

        var balance = Assert.Single(await _portal.Ledger.BalancesAsync(Sandbox, default));
        Assert.Equal((2_000, 500), (balance.Earned, balance.Reversed));
        await using var db = _portal.Store.OpenRead();
        Assert.Equal(5, await db.Events.CountAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_signup_by_the_API_and_purchases_by_webhook_are_one_referral(bool webhookFirst)
    {
        await SetUpAsync();
        var signup = Api(ApiSamples.Signup());
        var purchase = Stripe(StripeSamples.Customer(ucc: null, newUserId: "user-1", at: StripeSamples.Noon.AddMinutes(2)), StripeSamples.InvoicePaid(paidAt: StripeSamples.Noon.AddMinutes(5)));
        await TellAsync(webhookFirst ? [.. purchase, .. signup] : [.. signup, .. purchase]);

        Assert.Equal(2_000, Assert.Single(await _portal.Ledger.BalancesAsync(Sandbox, default)).Net);
        await using var db = _portal.Store.OpenRead();
        Assert.Equal("user-1", Assert.Single(await db.Referrals.ToListAsync()).NewUserId);
    }

    [Fact]
    public async Task An_invoice_that_both_tell_is_rewarded_once_as_the_provider_tells_it_in_any_order()
    {
        var hashes = new HashSet<string>();
        var news = Stripe(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid(amountPaid: 10_000, total: 10_000, totalExcludingTax: 8_000, paidAt: StripeSamples.Noon.AddMinutes(5))).Concat(Api(ApiSamples.Signup(), ApiSamples.Paid(), ApiSamples.Refunded(price: 50))).ToArray();
        for (var turn = 0; turn < news.Length; turn++)
        {
            using var portal = new PortalOnDisk();
            await SetUpAsync(portal);
            foreach (var (source, body) in news[turn..].Concat(news[..turn])) await DeliverAsync(portal, source, body);
            await portal.DrainAsync();

            var balance = Assert.Single(await portal.Ledger.BalancesAsync(Sandbox, default));
            Assert.Equal((1_600, 800), (balance.Earned, balance.Reversed));   // 20 % of what is left without tax; half of it went back
            Assert.Equal(0, (await portal.RebuildAsync()).DifferencesInAll);
            hashes.Add((await portal.Ledger.HashAsync(Sandbox, default)).Hash);
        }
        Assert.Single(hashes);
    }

    [Fact]
    public async Task A_refund_that_both_tell_is_taken_back_once()
    {
        await SetUpAsync();
        await TellAsync(
            [.. Stripe(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid(), StripeSamples.InvoicePaymentPaid(), StripeSamples.Charge("charge.refunded", amountRefunded: 6_000, at: StripeSamples.Noon.AddDays(1))), .. Api(ApiSamples.Refunded(price: 60))]);

        Assert.Equal((2_000, 1_000), Assert.Single(await _portal.Ledger.BalancesAsync(Sandbox, default)) is var b ? (b.Earned, b.Reversed) : default);
    }

    [Fact]
    public async Task A_demonstration_that_the_product_tells_of_is_rewarded()
    {
        await _portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent with { Rules = [new() { Kind = "demo", Flat = new() { Amount = 1_000, Currency = "USD" } }] });
        await TellAsync(ApiSamples.Event("demo-call-attended"));

        Assert.Equal(1_000, Assert.Single(await _portal.Ledger.BalancesAsync(Sandbox, default)).Earned);
    }

    [Fact]
    public async Task Chargebee_tells_the_same_story()
    {
        await SetUpAsync();
        foreach (var body in (string[])[ChargebeeSamples.Customer(), ChargebeeSamples.Paid(), ChargebeeSamples.Refunded(amount: 2_500)]) await _portal.DeliverAsync("chargebee", body);
        await _portal.DrainAsync();

        var balance = Assert.Single(await _portal.Ledger.BalancesAsync(Sandbox, default));
        Assert.Equal((2_000, 500), (balance.Earned, balance.Reversed));
        Assert.Equal(0, (await _portal.RebuildAsync()).DifferencesInAll);
    }

    public void Dispose() => _portal.Dispose();

    private static (string, string)[] Stripe(params string[] bodies) => [.. bodies.Select(b => ("stripe", b))];

    private static (string, string)[] Api(params string[] bodies) => [.. bodies.Select(b => (ProductTelling.Scope, b))];

    private static Task<Receipt> DeliverAsync(PortalOnDisk portal, string source, string body) => source == "stripe" ? portal.DeliverAsync(body) : portal.DeliverAsync(source, body);

    private Task TellAsync(params string[] bodies) => TellAsync(Api(bodies));

    private async Task TellAsync((string Source, string Body)[] news)
    {
        foreach (var (source, body) in news) await DeliverAsync(_portal, source, body);
        await _portal.DrainAsync();
    }

    private Task SetUpAsync() => SetUpAsync(_portal);

    private static async Task SetUpAsync(PortalOnDisk portal)
    {
        await portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent);
    }
}
