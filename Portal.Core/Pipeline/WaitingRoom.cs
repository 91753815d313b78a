using Portal.Core.Facts;
using Portal.Core.Inbox;

namespace Portal.Core.Pipeline;

/// <summary>Which events wait, for what, and when they need not any longer. Their facts are known already; waiting is only how it is shown.</summary>
internal static class WaitingRoom
{
    /// <summary>What an event's facts wait for; null when they need nothing more.</summary>
    public static (string Key, string Says)? WaitsFor(IReadOnlyList<ToldFact> facts, ReferralBook book)
    {
        foreach (var told in facts)
        {
            if (!MovesMoney(told.Fact)) continue;
            if (book.Facts.CustomerOf(told.Scope, told.Fact) is { } customer)
            {
                if (book.IdentityOf(customer) is null)
                    return (customer.WaitsFor, $"Waits for new_user_id in the metadata of customer {customer.CustomerId}.");
            }
            else if (!book.Facts.IsKnownWithoutCustomer(told.Scope, told.Fact) && NameOf(told) is { } named)
            {
                return named;
            }
        }
        return null;
    }

    /// <summary>The waiting events of the book that have what they waited for, or now wait for something else.</summary>
    public static List<InboundEvent> Release(ReferralBook book)
    {
        var changed = new List<InboundEvent>();
        foreach (var inbound in book.Waiting)
        {
            var facts = book.Facts.All.Where(f => f.EventId == inbound.Id).Select(f => f.Told()).ToList();
            var waits = WaitsFor(facts, book);
            if (waits?.Key == inbound.WaitsFor) continue;
            (inbound.State, inbound.WaitsFor, inbound.Note) = waits is { } next
                ? (EventState.Waiting, next.Key, next.Says)
                : (EventState.Processed, null, null);
            changed.Add(inbound);
        }
        return changed;
    }

    private static bool MovesMoney(Fact fact) => fact is InvoicePaid { AmountPaid: > 0 } or ChargeRefunded or RefundSeen or PaymentLinked or DisputeMoved or FraudWarned or CreditNoteIssued;

    private static (string, string)? NameOf(ToldFact told) => told.Fact.Links switch
    {
        { ChargeId: { } charge } => ($"charge:{told.Scope}/{charge}", $"Waits for charge {charge}, which was not seen yet."),
        { PaymentIntentId: { } intent } when told.Fact is not PaymentLinked => ($"paymentIntent:{told.Scope}/{intent}", $"Waits for the payment {intent}, which was not seen yet."),
        { InvoiceId: { } invoice } => ($"invoice:{told.Scope}/{invoice}", $"Waits for invoice {invoice}, which was not seen yet."),
        _ => null,
    };
}
