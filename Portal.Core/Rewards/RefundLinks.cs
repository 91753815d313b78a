using Portal.Core.Facts;

namespace Portal.Core.Rewards;

/// <summary>
/// Which charge paid which invoice, and how much of each invoice went back. Since 2025-03-31.basil a charge does not name
/// its invoice (https://docs.stripe.com/changelog/basil/2025-03-31/add-support-for-multiple-partial-payments-on-invoices):
/// it is linked by what says so, else by a unique match of customer, currency, amount and time.
/// </summary>
public sealed class RefundLinks
{
    /// <summary>How far a charge and the payment of its invoice may lie apart to be matched without a link.</summary>
    public static readonly TimeSpan MatchWithin = TimeSpan.FromMinutes(2);

    private readonly Dictionary<(string Scope, string InvoiceId), List<LinkedRefund>> _byInvoice = [];
    private readonly List<(string Scope, string ChargeId, IReadOnlyList<ToldFact> Candidates, bool MayPayNone, LinkedRefund Refund)> _unclear = [];
    private readonly HashSet<(string Scope, string ChargeId)> _linkedCharges = [];

    private RefundLinks()
    {
    }

    /// <summary>Refunded charges that no certain link joins to an invoice. Where more charges than invoices compete, one of them paid none.</summary>
    public IReadOnlyList<(string Scope, string ChargeId, IReadOnlyList<ToldFact> Candidates, bool MayPayNone, LinkedRefund Refund)> Unclear => _unclear;

    /// <summary>The refunds of an invoice, one line per charge.</summary>
    public IReadOnlyList<LinkedRefund> Of(string scope, string invoiceId) => _byInvoice.GetValueOrDefault((scope, invoiceId)) ?? [];

    /// <summary>Whether a charge is known to have paid an invoice.</summary>
    public bool IsLinked(string scope, string chargeId) => _linkedCharges.Contains((scope, chargeId));

    /// <summary>Lets an unclear refund count against one of its candidates.</summary>
    public void Settle(string scope, string invoiceId, LinkedRefund refund) => Add(scope, invoiceId, refund);

    /// <summary>Links what can be linked among the facts of one referral.</summary>
    public static RefundLinks Of(IReadOnlyList<ToldFact> facts)
    {
        var links = new RefundLinks();
        var charges = facts.Where(f => f.Fact is ChargeSucceeded).ToList();
        var invoices = facts.Where(f => f.Fact is InvoicePaid { AmountPaid: > 0 }).ToList();
        var stated = Stated(facts, charges);
        foreach (var link in stated) links._linkedCharges.Add(link.Key);
        var takenInvoices = stated.Select(s => (s.Key.Scope, s.Value.InvoiceId)).ToHashSet();

        foreach (var charge in charges)
        {
            var fact = (ChargeSucceeded)charge.Fact;
            var refund = Refunded(charge, facts);
            if (stated.TryGetValue((charge.Scope, fact.ChargeId), out var said))
            {
                if (refund is not null) links.Add(charge.Scope, said.InvoiceId, refund with { How = said.How });
                continue;
            }
            if (fact.NamesNoInvoice) continue;

            var candidates = invoices.Where(i => Fits(charge, i) && !takenInvoices.Contains((i.Scope, ((InvoicePaid)i.Fact).InvoiceId)))
                .OrderBy(i => (i.Fact.OccurredAt - charge.Fact.OccurredAt).Duration()).ThenBy(i => ((InvoicePaid)i.Fact).InvoiceId, StringComparer.Ordinal).ToList();
            if (candidates.Count == 0) continue;
            var rivals = charges.Count(c => c != charge && !stated.ContainsKey((c.Scope, ((ChargeSucceeded)c.Fact).ChargeId))
                && !((ChargeSucceeded)c.Fact).NamesNoInvoice && candidates.Any(i => Fits(c, i)));
            links._linkedCharges.Add((charge.Scope, fact.ChargeId));
            if (refund is null) continue;
            if (candidates.Count == 1 && rivals == 0)
                links.Add(charge.Scope, ((InvoicePaid)candidates[0].Fact).InvoiceId, refund with { How = "the only invoice of this customer with this currency and amount, paid within two minutes of the charge" });
            else
                links._unclear.Add((charge.Scope, fact.ChargeId, candidates, rivals + 1 > candidates.Count, refund));
        }
        links.AddRefundsWithoutTheirCharge(facts, charges);
        return links;
    }

    private static bool Fits(ToldFact charge, ToldFact invoice)
    {
        var (c, i) = ((ChargeSucceeded)charge.Fact, (InvoicePaid)invoice.Fact);
        return charge.Scope == invoice.Scope && c.CustomerId == i.CustomerId && c.CustomerId is not null && c.Currency == i.Currency
            && c.Amount == i.AmountPaid && (i.OccurredAt - c.OccurredAt).Duration() <= MatchWithin;
    }

    /// <summary>The links that some payload states, by charge id or by payment intent.</summary>
    private static Dictionary<(string Scope, string ChargeId), (string InvoiceId, string How)> Stated(
        IReadOnlyList<ToldFact> facts, List<ToldFact> charges)
    {
        var stated = new Dictionary<(string, string), (string, string)>();
        var links = facts.Where(f => f.Fact is PaymentLinked).OrderBy(f => f, ToldFact.ByOccurrence).ToList();
        foreach (var charge in charges)
        {
            var fact = (ChargeSucceeded)charge.Fact;
            var said = links.Find(l => l.Scope == charge.Scope && ((PaymentLinked)l.Fact).ChargeId == fact.ChargeId)
                ?? links.Find(l => l.Scope == charge.Scope && fact.PaymentIntentId is not null && ((PaymentLinked)l.Fact).PaymentIntentId == fact.PaymentIntentId);
            if (said is not null) stated[(charge.Scope, fact.ChargeId)] = (((PaymentLinked)said.Fact).InvoiceId, $"stated by event {said.ProviderEventId}");
        }
        return stated;
    }

    /// <summary>How much of a charge went back: its running total less what failed, or the refunds known one by one, whichever is more.</summary>
    private static LinkedRefund? Refunded(ToldFact charge, IReadOnlyList<ToldFact> facts)
    {
        var fact = (ChargeSucceeded)charge.Fact;
        return Reckon(fact.ChargeId, fact.Amount,
            facts.Where(f => f.Scope == charge.Scope && f.Fact is ChargeRefunded r && r.ChargeId == fact.ChargeId).ToList(),
            facts.Where(f => f.Scope == charge.Scope && f.Fact is RefundSeen r && (r.ChargeId == fact.ChargeId
                || (r.ChargeId is null && r.PaymentIntentId is not null && r.PaymentIntentId == fact.PaymentIntentId))).ToList());
    }

    private static LinkedRefund? Reckon(string chargeId, long most, List<ToldFact> totals, List<ToldFact> refunds)
    {
        // The newest total stands, less what failed since: totals before it may count refunds that failed later.
        var newest = totals.OrderBy(t => t.Fact.OccurredAt).ThenBy(t => ((ChargeRefunded)t.Fact).TotalRefunded).LastOrDefault();
        long standing = 0, failedSince = 0;
        foreach (var refund in refunds.GroupBy(r => ((RefundSeen)r.Fact).RefundId))
        {
            var last = refund.OrderBy(r => r.Fact.OccurredAt).ThenBy(r => Rank(((RefundSeen)r.Fact).Status)).Last().Fact;
            if (((RefundSeen)last).Status is not ("failed" or "canceled")) standing += ((RefundSeen)last).Amount;
            else if (newest is not null && last.OccurredAt >= newest.Fact.OccurredAt) failedSince += ((RefundSeen)last).Amount;
        }
        var total = Math.Min(most, Math.Max(newest is null ? 0 : ((ChargeRefunded)newest.Fact).TotalRefunded - failedSince, standing));
        if (total <= 0) return null;
        return new LinkedRefund(chargeId, total, "", [.. totals.Concat(refunds).OrderBy(f => f, ToldFact.ByOccurrence)]);
    }

    private static int Rank(string status) => status switch { "pending" => 0, "requires_action" => 1, "succeeded" => 2, "canceled" => 3, _ => 4 };

    /// <summary>A refund may name its payment intent while the charge itself was never told: the link to the invoice is enough.</summary>
    private void AddRefundsWithoutTheirCharge(IReadOnlyList<ToldFact> facts, List<ToldFact> charges)
    {
        var known = charges.Select(c => (c.Scope, Charge: (ChargeSucceeded)c.Fact)).ToList();
        var orphans = facts.Where(f => f.Fact is RefundSeen r && !known.Exists(k => k.Scope == f.Scope
            && (k.Charge.ChargeId == r.ChargeId || (r.ChargeId is null && k.Charge.PaymentIntentId == r.PaymentIntentId)))).ToList();
        foreach (var group in orphans.GroupBy(f => (f.Scope, Payment: ((RefundSeen)f.Fact).ChargeId ?? ((RefundSeen)f.Fact).PaymentIntentId)))
        {
            var intents = group.Select(f => ((RefundSeen)f.Fact).PaymentIntentId).OfType<string>().ToHashSet();
            var link = facts.Where(f => f.Scope == group.Key.Scope && f.Fact is PaymentLinked l
                && ((l.ChargeId is not null && l.ChargeId == group.Key.Payment) || (l.PaymentIntentId is not null && intents.Contains(l.PaymentIntentId))))
                .OrderBy(f => f, ToldFact.ByOccurrence).FirstOrDefault();
            if (link is null) continue;
            if (Reckon(group.Key.Payment ?? "", Money.Largest, [], [.. group]) is { } refund)
                Add(group.Key.Scope, ((PaymentLinked)link.Fact).InvoiceId, refund with { How = $"stated by event {link.ProviderEventId}" });
        }
    }

    private void Add(string scope, string invoiceId, LinkedRefund refund)
    {
        if (!_byInvoice.TryGetValue((scope, invoiceId), out var list)) _byInvoice[(scope, invoiceId)] = list = [];
        list.Add(refund);
    }
}

/// <summary>What went back of one charge.</summary>
/// <param name="ChargeId">The charge.</param>
/// <param name="Total">In all so far, minor units of the charge's currency.</param>
/// <param name="How">How the charge was linked to its invoice.</param>
/// <param name="Told">The facts that say so, in order.</param>
public sealed record LinkedRefund(string ChargeId, long Total, string How, IReadOnlyList<ToldFact> Told);
