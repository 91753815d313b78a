using Portal.Core.Facts;

namespace Portal.Core.Sources.Stripe;

/// <summary>What refunds, disputes and credit notes tell: money on its way back.</summary>
internal static class CorrectionFacts
{
    /// <summary>One refund: https://docs.stripe.com/api/refunds.</summary>
    public static void Refund(in StripeEvent e, List<Fact> facts)
    {
        if (!TryRead(e, out var at, out var id, out var currency, out var amount)) return;
        var status = RefundStatus.Of(e.Object.Member("status")) ?? RefundStatus.ImpliedBy(e.Type);
        var charge = e.Object.Member("charge").Reference();
        var intent = e.Object.Member("payment_intent").Reference();
        facts.Add(new RefundSeen(id, charge, intent, currency, amount, status)
        {
            OccurredAt = at,
            CustomerId = e.CustomerId,
        });
    }

    /// <summary>One movement of a dispute: https://docs.stripe.com/api/disputes.</summary>
    public static void Dispute(in StripeEvent e, List<Fact> facts)
    {
        if (e.Id is not { } eventId || !TryRead(e, out var at, out var id, out var currency, out var amount)) return;
        if (e.Object.Member("status").Name() is not { } status) return;
        var charge = e.Object.Member("charge").Reference();
        var intent = e.Object.Member("payment_intent").Reference();
        facts.Add(new DisputeMoved(eventId, id, charge, intent, currency, Moved(e, currency, amount), e.Movement, status)
        {
            OccurredAt = at,
            CustomerId = e.CustomerId ?? e.Object.Member("charge").Member("customer").Reference(),
        });
    }

    /// <summary>
    /// A credit note: https://docs.stripe.com/api/credit_notes. The refunds in it stand under <c>refunds</c> since 2025-03-31.basil,
    /// before that under <c>refund</c>.
    /// </summary>
    public static void CreditNote(in StripeEvent e, List<Fact> facts)
    {
        if (!TryRead(e, out var at, out var id, out var currency, out var amount)) return;
        if (e.Object.Member("invoice").Reference() is not { } invoice) return;

        var refunds = new List<string>();
        if (e.Object.Member("refund").Reference() is { } single) refunds.Add(single);
        foreach (var entry in e.Object.Member("refunds").Items())
        {
            if (entry.Member("refund").Reference() is { } refund && !refunds.Contains(refund)) refunds.Add(refund);
        }

        // What was credited before payment made the invoice smaller when it was paid: it never comes back.
        var outside = e.Object.Member("out_of_band_amount").Amount() ?? 0;
        var afterPayment = e.Object.Member("post_payment_amount").Amount() ?? (e.Object.Member("type").Raw() == "pre_payment" ? 0 : amount);
        var status = e.Object.Member("status").Raw() switch
        {
            "issued" => "issued",
            "void" => "void",
            _ => e.Movement == "voided" ? "void" : "issued",
        };
        facts.Add(new CreditNoteIssued(id, invoice, currency, amount, status, refunds)
        {
            OccurredAt = at,
            CustomerId = e.CustomerId,
            OutOfBandAmount = Math.Min(outside, Math.Min(afterPayment, amount)),
        });
    }

    /// <summary>A warning of fraud: https://docs.stripe.com/api/radar/early_fraud_warnings. Told again when it changes, it is the same warning.</summary>
    public static void FraudWarning(in StripeEvent e, List<Fact> facts)
    {
        if ((e.Object.Member("created").Time() ?? e.Created) is not { } at || e.Object.Member("id").Name() is not { } id) return;
        var charge = e.Object.Member("charge");
        var intent = e.Object.Member("payment_intent").Reference();
        if (charge.Reference() is null && intent is null) return;
        facts.Add(new FraudWarned(id, charge.Reference(), intent)
        {
            OccurredAt = at,
            CustomerId = e.CustomerId ?? charge.Member("customer").Reference(),
        });
    }

    private static bool TryRead(in StripeEvent e, out DateTimeOffset at, out string id, out string currency, out long amount)
    {
        at = e.Created ?? default;
        id = e.Object.Member("id").Name() ?? "";
        currency = e.Object.Member("currency").Currency() ?? "";
        var minor = e.Object.Member("amount").Amount();
        amount = minor ?? 0;
        return e.Created is not null && minor is not null && id.Length > 0 && currency.Length > 0;
    }

    /// <summary>
    /// The amount of a movement, in the dispute's own currency. Where money moved, the balance transactions say how much: a dispute won in
    /// part is closed as lost, and only they tell what came back. Those in another currency, in which the account is settled, tell which
    /// part of what was taken came back. Never more than the dispute.
    /// </summary>
    private static long Moved(in StripeEvent e, string currency, long disputed)
    {
        var sign = e.Movement switch { "funds_reinstated" => 1, "funds_withdrawn" => -1, _ => 0 };
        if (sign == 0) return disputed;
        long moved = 0, settledBack = 0, settledTaken = 0;
        foreach (var transaction in e.Object.Member("balance_transactions").Items())
        {
            if (transaction.Member("amount").SignedAmount() is not { } amount) continue;
            if (transaction.Member("currency").Currency() != currency)
            {
                if (amount > 0) settledBack = Math.Min(Money.Largest, settledBack + amount);
                else settledTaken = Math.Min(Money.Largest, settledTaken - amount);
            }
            else if (Math.Sign(amount) == sign)
            {
                moved = Math.Min(disputed, moved + Math.Abs(amount));
            }
        }

        if (moved > 0) return moved;
        return sign > 0 && settledBack > 0 && settledBack < settledTaken
            ? new Money(disputed, Currency.Parse(currency)).Share(settledBack, settledTaken).Minor
            : disputed;
    }
}
