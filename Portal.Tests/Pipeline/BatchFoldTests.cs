using Microsoft.EntityFrameworkCore;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Xunit;

namespace Portal.Tests.Pipeline;

/// <summary>A batch folds a referral as seldom as it may; what is posted does not show it.</summary>
public sealed class BatchFoldTests : IAsyncLifetime, IDisposable
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
    public async Task A_payment_and_its_refund_in_one_batch_are_posted_each_by_its_own_event()
    {
        await _portal.TellAsync(
            StripeSamples.Customer(), StripeSamples.Charge(), StripeSamples.InvoicePaid(),
            StripeSamples.Charge("charge.refunded", amountRefunded: 3_000, chargedAt: StripeSamples.Noon, at: StripeSamples.Noon.AddDays(3)));

        Assert.Equal([(EntrySetKind.Earned, "invoice.paid"), (EntrySetKind.Reversed, "charge.refunded")], await PostingsAsync());
    }

    [Fact]
    public async Task What_only_adds_to_the_record_of_a_payment_does_not_take_its_place_as_the_cause()
    {
        await _portal.TellAsync(StripeSamples.Customer());
        await _portal.TellAsync(StripeSamples.InvoicePaid(), StripeSamples.Charge());

        Assert.Equal([(EntrySetKind.Earned, "invoice.paid")], await PostingsAsync());
    }

    [Fact]
    public async Task A_link_that_leads_a_waiting_refund_to_its_invoice_is_the_cause_of_what_it_takes_back()
    {
        await _portal.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid(), StripeSamples.Refund(amount: 6_000));
        await _portal.TellAsync(StripeSamples.InvoicePaid(invoice: "in_2", amountPaid: 24_000, total: 24_000, totalExcludingTax: 20_000), StripeSamples.InvoicePaymentPaid(charge: "ch_1"));

        Assert.Equal([(EntrySetKind.Earned, "invoice.paid"), (EntrySetKind.Earned, "invoice.paid"), (EntrySetKind.Reversed, "invoice_payment.paid")], await PostingsAsync());
    }

    private async Task<List<(EntrySetKind Kind, string Cause)>> PostingsAsync()
    {
        await using var db = _portal.Store.OpenRead();
        var types = await db.Events.ToDictionaryAsync(e => e.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), e => e.Type);
        return (await db.LedgerEntrySets.OrderBy(s => s.Id).ToListAsync()).ConvertAll(s => (s.Kind, types[s.CauseId]));
    }
}
