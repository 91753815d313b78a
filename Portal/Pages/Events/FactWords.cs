using Portal.Core;
using Portal.Core.Facts;

namespace Portal.Pages.Events;

/// <summary>Facts as sentences.</summary>
internal static class FactWords
{
    public static string Says(Fact fact) => fact switch
    {
        CustomerSeen { Metadata: { NewUserId: { } id } claim } seen => $"Customer {seen.CustomerId} is the product's user {id}, {Referred(claim)}.",
        CustomerSeen { Metadata: { Code: { } code } } seen => $"Customer {seen.CustomerId} carries referral code {code}, but no new_user_id.",
        CustomerSeen seen => $"Customer {seen.CustomerId} was seen, without referral metadata.",
        CustomerRemoved removed => $"Customer {removed.CustomerId} was deleted at the provider: no new rewards.",
        SubscriptionChanged changed => $"Subscription {changed.SubscriptionId} is {changed.Status}.",
        SubscriptionEnded ended => $"Subscription {ended.SubscriptionId} ended.",
        InvoicePaid { PaidOutOfBand: true } paid => $"Invoice {paid.InvoiceId} was marked paid outside the provider: {Amount(paid.AmountPaid, paid.Currency)}, of a total of {Amount(paid.Total, paid.Currency)} with and {Amount(paid.TotalExcludingTax, paid.Currency)} without tax.",
        InvoicePaid paid => $"Invoice {paid.InvoiceId} was paid: {Amount(paid.AmountPaid, paid.Currency)}, of a total of {Amount(paid.Total, paid.Currency)} with and {Amount(paid.TotalExcludingTax, paid.Currency)} without tax.",
        InvoiceVoided voided => $"Invoice {voided.InvoiceId} was voided.",
        InvoiceWrittenOff writtenOff => $"Invoice {writtenOff.InvoiceId} was given up as uncollectible.",
        ChargeSucceeded charge => $"Charge {charge.ChargeId} succeeded: {Amount(charge.Amount, charge.Currency)}{(charge.NamesNoInvoice ? ", without an invoice" : "")}.",
        ChargeRefunded refunded => $"Of charge {refunded.ChargeId}, {Amount(refunded.TotalRefunded, refunded.Currency)} was refunded in all so far.",
        RefundSeen refund => $"Refund {refund.RefundId} of {Amount(refund.Amount, refund.Currency)} is {refund.Status}.",
        DisputeMoved dispute => $"Dispute {dispute.DisputeId} over {Amount(dispute.Amount, dispute.Currency)}: {dispute.Movement.Replace('_', ' ')} ({dispute.Status}).",
        FraudWarned warning => $"The card's issuer warned that {warning.ChargeId ?? warning.PaymentIntentId} may be fraud.",
        CreditNoteIssued { OutOfBandAmount: > 0 } note => $"Credit note {note.CreditNoteId} over {Amount(note.Amount, note.Currency)} for invoice {note.InvoiceId}: {note.Status}, {Amount(note.OutOfBandAmount, note.Currency)} of it given back outside the provider.",
        CreditNoteIssued note => $"Credit note {note.CreditNoteId} over {Amount(note.Amount, note.Currency)} for invoice {note.InvoiceId}: {note.Status}.",
        PaymentLinked { PaidOutOfBand: true } link => $"Invoice {link.InvoiceId} was paid outside the provider.",
        PaymentLinked link => $"Invoice {link.InvoiceId} was paid by {link.ChargeId ?? link.PaymentIntentId}.",
        DemoAttended demo => $"{demo.NewUserId} attended a demonstration.",
        _ => fact.Kind,
    };

    private static string Referred(Claim claim) => claim.Code is { } code ? $"referred by code {code}" : "without a referral code";

    private static string Amount(long minor, string currency) =>
        Currency.TryParse(currency, out var known) ? new Money(minor, known).ToString() : $"{minor} {currency}";
}
