using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Pipeline;

public sealed class MainJobTests : IAsyncLifetime, IDisposable
{
    private readonly PortalOnDisk _portal = new();

    public async Task InitializeAsync()
    {
        await _portal.ReferrerAsync("abcDEF12345", "ann");
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _portal.Dispose();

    [Fact]
    public async Task A_paid_invoice_earns_its_referrer_a_fifth_of_the_amount_without_tax()
    {
        await _portal.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid());

        var balance = Assert.Single(await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default));
        Assert.Equal(("ann", "USD", 2_000, 0, 2_000), (balance.Referrer, balance.Currency, balance.Earned, balance.Reversed, balance.Net));
    }

    [Theory]
    [InlineData(StripeShape.Basil)]
    [InlineData(StripeShape.Classic)]
    public async Task A_refund_takes_back_what_the_remaining_amount_does_not_earn(StripeShape shape)
    {
        await _portal.TellAsync(
            StripeSamples.Customer(shape: shape), StripeSamples.Charge(shape: shape), StripeSamples.InvoicePaid(shape: shape),
            StripeSamples.Charge("charge.refunded", amountRefunded: 3_000, chargedAt: StripeSamples.Noon, at: StripeSamples.Noon.AddDays(3), shape: shape),
            StripeSamples.Charge("charge.refunded", amountRefunded: 12_000, chargedAt: StripeSamples.Noon, at: StripeSamples.Noon.AddDays(4), shape: shape));

        var balance = Assert.Single(await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default));
        Assert.Equal((2_000, 2_000, 0), (balance.Earned, balance.Reversed, balance.Net));
    }

    [Fact]
    public async Task A_refund_before_its_invoice_waits_visibly_and_is_folded_when_the_invoice_comes()
    {
        await _portal.TellAsync(StripeSamples.Refund(amount: 6_000));
        await using (var db = _portal.Store.OpenRead())
        {
            var waiting = await db.Events.SingleAsync();
            Assert.Equal((EventState.Waiting, "charge:stripe/ch_1"), (waiting.State, waiting.WaitsFor));
        }

        await _portal.TellAsync(StripeSamples.Customer(), StripeSamples.Charge(), StripeSamples.InvoicePaid());

        var balance = Assert.Single(await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default));
        Assert.Equal((2_000, 1_000), (balance.Earned, balance.Reversed));
        await using var after = _portal.Store.OpenRead();
        Assert.True(await after.Events.AllAsync(e => e.State == EventState.Processed));
    }

    [Fact]
    public async Task A_refund_that_names_only_its_charge_finds_its_invoice_through_other_refunds_and_links()
    {
        await _portal.TellAsync(
            StripeSamples.Customer(), StripeSamples.InvoicePaid(), StripeSamples.InvoicePaymentPaid(),
            StripeSamples.Refund(refund: "re_1", amount: 3_000));
        await _portal.TellAsync(StripeSamples.Refund(refund: "re_2", paymentIntent: null, amount: 3_000));

        var balance = Assert.Single(await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default));
        Assert.Equal((2_000, 1_000), (balance.Earned, balance.Reversed));
        await using var db = _portal.Store.OpenRead();
        Assert.True(await db.Events.AllAsync(e => e.State == EventState.Processed));
    }

    [Fact]
    public async Task An_attribution_that_comes_after_the_payment_rewards_it()
    {
        await _portal.TellAsync(StripeSamples.Customer(ucc: null, newUserId: null), StripeSamples.InvoicePaid());
        Assert.Empty(await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default));
        await using (var db = _portal.Store.OpenRead())
        {
            Assert.Equal(EventState.Waiting, (await db.Events.SingleAsync(e => e.Type == "invoice.paid")).State);
            Assert.Equal(ReasonCodes.NoIdentity, (await db.Transactions.SingleAsync()).Reason);
        }

        await _portal.TellAsync(StripeSamples.Customer("customer.updated", at: StripeSamples.Noon.AddDays(10)));

        Assert.Equal(2_000, Assert.Single(await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default)).Earned);
        await using var after = _portal.Store.OpenRead();
        Assert.True(await after.Events.AllAsync(e => e.State == EventState.Processed));
        Assert.Null((await after.Transactions.SingleAsync()).Reason);
    }

    [Fact]
    public async Task A_payment_more_than_thirty_days_before_the_attribution_earns_nothing_and_says_so()
    {
        await _portal.TellAsync(
            StripeSamples.Customer(ucc: null, newUserId: null), StripeSamples.InvoicePaid(),
            StripeSamples.Customer("customer.updated", at: StripeSamples.Noon.AddDays(30).AddSeconds(1)));

        Assert.Empty(await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default));
        await using var db = _portal.Store.OpenRead();
        Assert.Equal(ReasonCodes.PaidBeforeAttribution, (await db.Transactions.SingleAsync()).Reason);
    }

    [Fact]
    public async Task A_code_that_becomes_known_later_rewards_the_payments_that_carry_it()
    {
        await _portal.TellAsync(StripeSamples.Customer(ucc: "laterCode01"), StripeSamples.InvoicePaid());
        await using (var db = _portal.Store.OpenRead()) Assert.Equal(ReasonCodes.UnknownCode, (await db.Transactions.SingleAsync()).Reason);

        await _portal.ReferrerAsync("laterCode01", "bo");
        await _portal.DrainAsync();

        Assert.Equal("bo", Assert.Single(await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default)).Referrer);
    }

    [Fact]
    public async Task A_live_event_at_the_sandbox_endpoint_is_kept_and_never_processed()
    {
        var live = StripeSamples.InvoicePaid().Replace("\"livemode\":false", "\"livemode\":true", StringComparison.Ordinal);
        await _portal.TellAsync(StripeSamples.Customer(), live);

        Assert.Empty(await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default));
        await using var db = _portal.Store.OpenRead();
        var kept = await db.Events.SingleAsync(e => e.Type == "invoice.paid");
        Assert.Equal(EventState.Failed, kept.State);
        Assert.Contains("livemode", kept.Note, StringComparison.Ordinal);
        Assert.False(await db.Facts.AnyAsync(f => f.EventId == kept.Id));
    }

    [Fact]
    public async Task An_address_is_found_however_it_is_written()
    {
        await _portal.TellAsync(StripeSamples.Customer(email: "New.User@Example.com"));

        foreach (var typed in (string[])["new.user@example.com", "NEW.USER@EXAMPLE.COM", "New.U"])
        {
            var found = await new EventSearch(_portal.Store).FindAsync(new EventQuery { Environment = PortalEnvironment.Sandbox, Text = typed }, default);
            Assert.Equal("new.user@example.com", Assert.Single(found.Items).Email);
        }
    }
}
