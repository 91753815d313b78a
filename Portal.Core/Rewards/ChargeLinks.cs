using Portal.Core.Facts;

namespace Portal.Core.Rewards;

/// <summary>
/// Which charge paid which invoice. Since 2025-03-31.basil a charge does not name its invoice
/// (https://docs.stripe.com/changelog/basil/2025-03-31/add-support-for-multiple-partial-payments-on-invoices):
/// it is linked by what says so, else by a unique match of customer, currency, amount and time.
/// </summary>
internal sealed class ChargeLinks
{
    /// <summary>How far a charge and the payment of its invoice may lie apart to be matched without a link.</summary>
    public static readonly TimeSpan MatchWithin = TimeSpan.FromMinutes(2);

    private readonly Dictionary<(string Scope, string ChargeId), ToldFact> _byCharge = [];
    private readonly Dictionary<(string Scope, string Intent), ToldFact> _byIntent = [];
    private readonly Dictionary<(string Scope, string RefundId), ToldFact> _byRefund = [];
    private readonly HashSet<(string Scope, string InvoiceId)> _taken = [];   // their charge is stated: no other is matched to them
    private readonly ILookup<(string, string?, string, long), ToldFact> _invoices;
    private readonly ILookup<(string, string?, string, long), ToldFact> _charges;

    /// <summary>Collects what links the facts of one referral hold.</summary>
    /// <param name="facts">In order of occurrence: the earliest statement stands.</param>
    /// <param name="outside">The invoices that no charge paid.</param>
    public ChargeLinks(IReadOnlyList<ToldFact> facts, IReadOnlySet<(string Scope, string? InvoiceId)> outside)
    {
        foreach (var told in facts)
        {
            if (told.Fact is PaymentLinked link)
            {
                if (link.ChargeId is not null) _byCharge.TryAdd((told.Scope, link.ChargeId), told);
                if (link.PaymentIntentId is not null) _byIntent.TryAdd((told.Scope, link.PaymentIntentId), told);
            }
            else if (told.Fact is CreditNoteIssued note)
            {
                foreach (var refund in note.RefundIds) _byRefund.TryAdd((told.Scope, refund), told);
            }
        }
        _invoices = facts.Where(f => f.Fact is InvoicePaid { AmountPaid: > 0, CustomerId: not null } && !outside.Contains((f.Scope, f.Fact.Links.InvoiceId)))
            .ToLookup(f => (f.Scope, f.Fact.CustomerId, ((InvoicePaid)f.Fact).Currency, ((InvoicePaid)f.Fact).AmountPaid));
        _charges = facts.Where(f => f.Fact is ChargeSucceeded { CustomerId: not null, NamesNoInvoice: false })
            .ToLookup(f => (f.Scope, f.Fact.CustomerId, ((ChargeSucceeded)f.Fact).Currency, ((ChargeSucceeded)f.Fact).Amount));
        foreach (var charge in facts.Where(f => f.Fact is ChargeSucceeded))
        {
            if (Stated(charge) is { } said) _taken.Add((charge.Scope, said.InvoiceId));
        }
    }

    /// <summary>The invoice that a charge is said to have paid; null when nothing says so.</summary>
    /// <param name="scope">Source and account.</param>
    /// <param name="chargeId">The charge, if known.</param>
    /// <param name="intent">Its payment intent, if known.</param>
    /// <param name="told">What is known of the charge: a credit note names its refunds.</param>
    public (string InvoiceId, string How)? Stated(string scope, string? chargeId, string? intent, IReadOnlyList<ToldFact> told)
    {
        if (chargeId is not null && _byCharge.TryGetValue((scope, chargeId), out var said)) return (((PaymentLinked)said.Fact).InvoiceId, $"stated by event {said.ProviderEventId}");
        if (intent is not null && _byIntent.TryGetValue((scope, intent), out said)) return (((PaymentLinked)said.Fact).InvoiceId, $"stated by event {said.ProviderEventId}");
        foreach (var refund in told.Select(t => t.Fact).OfType<RefundSeen>())
        {
            if (_byRefund.TryGetValue((scope, refund.RefundId), out said)) return (((CreditNoteIssued)said.Fact).InvoiceId, $"its refund is part of the credit note of event {said.ProviderEventId}");
        }
        return null;
    }

    /// <summary>
    /// The invoices that a charge without a stated link fits, nearest first, and whether more charges than invoices compete for them:
    /// then one of the charges paid none.
    /// </summary>
    public (IReadOnlyList<ToldFact> Invoices, int Rivals) Candidates(ToldFact charge)
    {
        var fact = (ChargeSucceeded)charge.Fact;
        if (fact.NamesNoInvoice || fact.CustomerId is null) return ([], 0);
        var invoices = _invoices[Match(charge)].Where(i => IsNear(charge, i) && !_taken.Contains((i.Scope, ((InvoicePaid)i.Fact).InvoiceId)))
            .OrderBy(i => (i.Fact.OccurredAt - fact.OccurredAt).Duration()).ThenBy(i => ((InvoicePaid)i.Fact).InvoiceId, StringComparer.Ordinal).ToList();
        var rivals = _charges[Match(charge)].Count(c => c != charge && invoices.Exists(i => IsNear(c, i))
            && Stated(c) is null);
        return (invoices, rivals);
    }

    private (string InvoiceId, string How)? Stated(ToldFact charge) =>
        Stated(charge.Scope, ((ChargeSucceeded)charge.Fact).ChargeId, ((ChargeSucceeded)charge.Fact).PaymentIntentId, []);

    private static (string, string?, string, long) Match(ToldFact charge) =>
        (charge.Scope, charge.Fact.CustomerId, ((ChargeSucceeded)charge.Fact).Currency, ((ChargeSucceeded)charge.Fact).Amount);

    private static bool IsNear(ToldFact charge, ToldFact invoice) => (invoice.Fact.OccurredAt - charge.Fact.OccurredAt).Duration() <= MatchWithin;
}
