using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Inbox;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Pipeline;

/// <summary>Stories that once went wrong.</summary>
public sealed class MendedTests : IAsyncLifetime, IDisposable
{
    private static readonly DateTimeOffset Noon = StripeSamples.Noon;
    private readonly PortalOnDisk _portal = new();

    public async Task InitializeAsync()
    {
        await _portal.ReferrerAsync("abcDEF12345", "ann");
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _portal.Dispose();

    [Fact]
    public async Task An_event_that_is_resent_while_it_waits_can_be_released_and_resent_again()
    {
        await _portal.TellAsync(StripeSamples.Customer(ucc: null, newUserId: null), StripeSamples.InvoicePaid());
        var resend = new EventResend(_portal.Store, new EventSearch(_portal.Store), _portal.Signal, _portal.Changes, TimeProvider.System);
        var invoice = await IdAsync("invoice.paid");

        await resend.ResendAsync(PortalEnvironment.Sandbox, invoice, PortalOnDisk.Tester, default);
        await _portal.TellAsync(StripeSamples.Customer("customer.updated", at: Noon.AddDays(1)));
        await resend.ResendAsync(PortalEnvironment.Sandbox, invoice, PortalOnDisk.Tester, default);
        await _portal.TellAsync(StripeSamples.InvoicePaid(invoice: "in_2", paidAt: Noon.AddDays(40)));

        await using var db = _portal.Store.OpenRead();
        Assert.True(await db.Events.AllAsync(e => e.State == EventState.Processed));
        Assert.Equal(3, await db.Attempts.CountAsync(a => a.EventId == invoice));
        Assert.Equal(4_000, await EarnedAsync());
    }

    [Fact]
    public async Task A_charge_that_first_came_without_its_customer_does_not_stand_in_the_customers_way()
    {
        await _portal.TellAsync(StripeSamples.Customer(), StripeSamples.Charge(charge: "ch_x", customer: null, paymentIntent: "pi_x", eventId: "evt_1"));
        await _portal.TellAsync(StripeSamples.Charge("charge.updated", charge: "ch_x", paymentIntent: "pi_x", amountRefunded: 100, chargedAt: Noon, at: Noon.AddHours(1), eventId: "evt_2"));
        await _portal.TellAsync(StripeSamples.InvoicePaid(paidAt: Noon.AddDays(1)));

        Assert.Equal(2_000, await EarnedAsync());
        await using var db = _portal.Store.OpenRead();
        Assert.True(await db.Attempts.AllAsync(a => a.Outcome != AttemptOutcome.Retried && a.Outcome != AttemptOutcome.Failed));
    }

    [Fact]
    public async Task A_refunded_charge_that_may_have_paid_no_invoice_at_all_is_a_case_and_takes_nothing_back()
    {
        await _portal.TellAsync(
            StripeSamples.Customer(), StripeSamples.Charge(), StripeSamples.InvoicePaid(),
            StripeSamples.Charge(charge: "ch_2", paymentIntent: "pi_2", chargedAt: Noon.AddMinutes(1)),
            StripeSamples.Charge("charge.refunded", charge: "ch_2", paymentIntent: "pi_2", amountRefunded: 12_000, chargedAt: Noon.AddMinutes(1), at: Noon.AddDays(1)));

        var balance = Assert.Single(await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default));
        Assert.Equal((2_000, 0), (balance.Earned, balance.Reversed));
        await using var db = _portal.Store.OpenRead();
        Assert.Equal(ReviewKinds.AmbiguousRefund, (await db.ReviewCases.SingleAsync()).Kind);
    }

    [Fact]
    public async Task A_total_that_fell_when_a_refund_failed_and_rose_again_counts_as_it_stands()
    {
        await _portal.TellAsync(
            StripeSamples.Customer(), StripeSamples.Charge(), StripeSamples.InvoicePaid(),
            Refunded(6_000, 1), StripeSamples.Refund("refund.failed", amount: 6_000, status: "failed", at: Noon.AddDays(2)), Refunded(12_000, 3));
        Assert.Equal(2_000, await ReversedAsync());
    }

    [Fact]
    public async Task A_second_refund_of_the_same_amount_after_a_failed_one_counts()
    {
        await _portal.TellAsync(
            StripeSamples.Customer(), StripeSamples.Charge(), StripeSamples.InvoicePaid(),
            Refunded(6_000, 1), StripeSamples.Refund("refund.failed", amount: 6_000, status: "failed", at: Noon.AddDays(2)));
        Assert.Equal(0, await ReversedAsync());
        await _portal.TellAsync(Refunded(6_000, 3));
        Assert.Equal(1_000, await ReversedAsync());
    }

    [Fact]
    public async Task Payments_after_the_provider_deleted_the_customer_earn_nothing_and_say_so()
    {
        await _portal.TellAsync(
            StripeSamples.Customer(), StripeSamples.InvoicePaid(), StripeSamples.Customer("customer.deleted", at: Noon.AddDays(5)),
            StripeSamples.InvoicePaid(invoice: "in_2", paidAt: Noon.AddDays(6)));

        Assert.Equal(2_000, await EarnedAsync());
        await using var db = _portal.Store.OpenRead();
        Assert.Equal(ReasonCodes.CustomerRemoved, (await db.Transactions.SingleAsync(t => t.ExternalId == "in_2")).Reason);
    }

    [Fact]
    public async Task A_refund_that_waits_for_a_guests_charge_is_released_when_the_charge_comes()
    {
        await _portal.TellAsync(StripeSamples.Refund(charge: "ch_g", paymentIntent: "pi_g"));
        await _portal.TellAsync(StripeSamples.Charge(charge: "ch_g", paymentIntent: "pi_g", customer: null));

        await using var db = _portal.Store.OpenRead();
        Assert.True(await db.Events.AllAsync(e => e.State == EventState.Processed));
    }

    [Theory]
    [Trait("Database", "Sqlite")]
    [InlineData("INSERT OR REPLACE INTO ledger_entries (id, entry_set_id, environment, account, currency, amount) SELECT id, 999, environment, account, currency, amount FROM ledger_entries LIMIT 1")]
    [InlineData("INSERT OR REPLACE INTO rewards SELECT * FROM rewards LIMIT 1")]
    [InlineData("INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log LIMIT 1")]
    public Task The_database_refuses_what_would_replace_the_books(string sql) => RefusedAsync(sql);

    [Theory]
    [InlineData("UPDATE rewards SET referrer_id = referrer_id + 1")]
    [InlineData("UPDATE rewards SET currency = 'EUR'")]
    public Task The_database_refuses_what_would_write_over_the_books(string sql) => RefusedAsync(sql);

    private async Task RefusedAsync(string sql)
    {
        await _portal.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid());

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => _portal.Store.WriteAsync(db => db.Database.ExecuteSqlRaw(sql), default));
        Assert.Contains("never", refused.Message, StringComparison.Ordinal);
    }

    private static string Refunded(long total, int day) =>
        StripeSamples.Charge("charge.refunded", amountRefunded: total, chargedAt: Noon, at: Noon.AddDays(day));

    private async Task<long> IdAsync(string type)
    {
        await using var db = _portal.Store.OpenRead();
        return await db.Events.Where(e => e.Type == type).Select(e => e.Id).SingleAsync();
    }

    private async Task<long> EarnedAsync() => (await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default)).Sum(b => b.Earned);

    private async Task<long> ReversedAsync() => (await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default)).Sum(b => b.Reversed);
}
