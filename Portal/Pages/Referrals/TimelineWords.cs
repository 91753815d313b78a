using Portal.Core;
using Portal.Core.Facts;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Statements;
using Portal.Pages.Events;
using Portal.Shared;

namespace Portal.Pages.Referrals;

/// <summary>What happened to a referral, in words: the one place where kinds become words. A kind that is new here is called by its own name.</summary>
internal static class TimelineWords
{
    public static string Title(TimelineItem item) => item.Kind switch
    {
        TimelineKind.Attributed => "Credited",
        TimelineKind.Posted => Words.Of(item.Set!),
        TimelineKind.CaseOpened => "Case opened",
        TimelineKind.CaseSettled => "Case settled",
        _ => OfFact(item.Told!.Fact),
    };

    public static string Says(TimelineItem item, ReferralRow referral) => item.Kind switch
    {
        TimelineKind.Attributed => $"{referral.Referrer} is credited by code {referral.Ucc}{(referral.RevisionNumber is { } number and > 0 ? $"; revision {number} binds" : "")}.",
        TimelineKind.Posted => item.InvoiceId is { } invoice ? $"For invoice {invoice}." : "For the signup itself, not for a payment.",
        TimelineKind.CaseOpened or TimelineKind.CaseSettled => item.Case!.Question,
        _ => FactWords.Says(item.Told!.Fact),
    };

    /// <summary>The money that moved: paid and earned above zero, given and taken back below. Null where none did, or where only a total is known.</summary>
    public static Money? Amount(TimelineItem item) => item switch
    {
        { Set: { } set } => set.Kind == EntrySetKind.Earned ? set.Amount : new Money(-set.Amount.Minor, set.Amount.Currency),
        { Told.Fact: InvoicePaid paid } => Of(paid.AmountPaid, paid.Currency),
        { Told.Fact: ChargeSucceeded charge } => Of(charge.Amount, charge.Currency),
        { Told.Fact: RefundSeen refund } => Of(-refund.Amount, refund.Currency),
        { Told.Fact: CreditNoteIssued note } => Of(-note.Amount, note.Currency),
        _ => null,
    };

    public static Tone Tone(TimelineItem item) => item switch
    {
        { Kind: TimelineKind.Attributed } => Shared.Tone.Busy,
        { Set.Kind: EntrySetKind.Earned, Set.Amount.Minor: > 0 } => Shared.Tone.Good,
        { Kind: TimelineKind.CaseOpened, Case.SettledAt: null } => Shared.Tone.Warn,
        { Set: not null } => Shared.Tone.Warn,
        { Told.Fact: ChargeRefunded or RefundSeen or CreditNoteIssued or DisputeMoved or CustomerRemoved or InvoiceVoided or InvoiceWrittenOff or FraudWarned } => Shared.Tone.Warn,
        { Told.Fact: InvoicePaid } => Shared.Tone.Good,
        _ => Shared.Tone.Quiet,
    };

    private static string OfFact(Fact fact) => fact switch
    {
        CustomerSeen => "Customer seen",
        CustomerRemoved => "Customer deleted",
        SubscriptionChanged => "Subscription changed",
        SubscriptionEnded => "Subscription ended",
        InvoicePaid => "Invoice paid",
        InvoiceVoided => "Invoice voided",
        ChargeSucceeded => "Charged",
        ChargeRefunded or RefundSeen => "Refund",
        DisputeMoved => "Dispute",
        CreditNoteIssued => "Credit note",
        FraudWarned => "Fraud warning",
        DemoAttended => "Demonstration attended",
        PaymentLinked => "Payment joined to its invoice",
        _ => Apart(fact.Kind),
    };

    /// <summary><c>fraudWarned</c> as "Fraud warned".</summary>
    private static string Apart(string kind) =>
        Words.Capital(string.Concat(kind.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}")));

    private static Money? Of(long minor, string currency) => Currency.TryParse(currency, out var known) ? new Money(minor, known) : null;
}
