using Portal.Core.Facts;

namespace Portal.Core.Rewards;

/// <summary>How much of each invoice went back, by refunds, disputes, credit notes or because it was declared void, and what is still open.</summary>
internal sealed class MoneyBack
{
    private readonly Dictionary<(string Scope, string InvoiceId), InvoiceBack> _byInvoice = [];
    private readonly List<UnclearCharge> _unclear = [];
    private readonly HashSet<(string Scope, string ChargeId)> _linked = [];
    private readonly Dictionary<(string Scope, string ChargeId), ChargeHistory> _histories = [];

    private MoneyBack()
    {
    }

    /// <summary>Charges with something gone back or open that no certain link joins to an invoice.</summary>
    public IReadOnlyList<UnclearCharge> Unclear => _unclear;

    /// <summary>What became of an invoice.</summary>
    public InvoiceBack Of(string scope, string invoiceId) => _byInvoice.GetValueOrDefault((scope, invoiceId)) ?? InvoiceBack.None;

    /// <summary>Whether a charge is known to have paid an invoice.</summary>
    public bool IsLinked(string scope, string chargeId) => _linked.Contains((scope, chargeId));

    /// <summary>What became of a charge.</summary>
    public ChargeHistory? OfCharge(string scope, string chargeId) => _histories.GetValueOrDefault((scope, chargeId));

    /// <summary>Lets an unclear charge count against one of its candidates.</summary>
    public void Settle(UnclearCharge unclear, string invoiceId, string how) => Add(unclear.Charge, invoiceId, how);

    /// <summary>Collects what went back among the facts of one referral.</summary>
    /// <param name="facts">In order of occurrence.</param>
    /// <param name="outside">The invoices that no charge paid.</param>
    public static MoneyBack Of(IReadOnlyList<ToldFact> facts, IReadOnlySet<(string Scope, string? InvoiceId)> outside)
    {
        var back = new MoneyBack();
        var links = new ChargeLinks(facts, outside);
        var corrections = facts.Where(f => f.Fact is ChargeRefunded or RefundSeen or DisputeMoved or FraudWarned).ToList();
        var byCharge = corrections.Where(f => f.Fact.Links.ChargeId is not null).ToLookup(f => (f.Scope, f.Fact.Links.ChargeId!));
        var byIntent = corrections.Where(f => f.Fact.Links is { ChargeId: null, PaymentIntentId: not null }).ToLookup(f => (f.Scope, f.Fact.Links.PaymentIntentId!));
        var used = new HashSet<ToldFact>(ReferenceEqualityComparer.Instance);
        foreach (var charge in facts.Where(f => f.Fact is ChargeSucceeded))
        {
            var fact = (ChargeSucceeded)charge.Fact;
            var told = byCharge[(charge.Scope, fact.ChargeId)].Concat(fact.PaymentIntentId is { } intent ? byIntent[(charge.Scope, intent)] : []).ToList();
            used.UnionWith(told);
            back.Place(charge, ChargeHistory.Of(charge.Scope, fact.ChargeId, fact.Amount, fact.Currency, told), links);
        }
        foreach (var group in corrections.Where(f => !used.Contains(f)).GroupBy(f => (f.Scope, Payment: f.Fact.Links.ChargeId ?? f.Fact.Links.PaymentIntentId)))
        {
            // A refund may name its payment while the charge itself was never told: the link to the invoice is enough.
            var history = ChargeHistory.Of(group.Key.Scope, group.Key.Payment ?? "", null, null, [.. group]);
            var intent = group.Select(f => f.Fact.Links.PaymentIntentId).FirstOrDefault(i => i is not null);
            if (links.Stated(group.Key.Scope, group.Key.Payment, intent, [.. group]) is { } said) back.Add(history, said.InvoiceId, said.How);
        }
        foreach (var told in facts) back.AddWithoutCharge(told);
        return back;
    }

    private void Place(ToldFact charge, ChargeHistory history, ChargeLinks links)
    {
        var fact = (ChargeSucceeded)charge.Fact;
        _histories[(charge.Scope, fact.ChargeId)] = history;
        if (links.Stated(charge.Scope, fact.ChargeId, fact.PaymentIntentId, history.Told) is { } said)
        {
            _linked.Add((charge.Scope, fact.ChargeId));
            Add(history, said.InvoiceId, said.How);
            return;
        }
        var (invoices, rivals) = links.Candidates(charge);
        if (invoices.Count == 0) return;
        _linked.Add((charge.Scope, fact.ChargeId));
        if (history.IsQuiet) return;
        if (invoices.Count == 1 && rivals == 0)
            Add(history, ((InvoicePaid)invoices[0].Fact).InvoiceId, "the only invoice of this customer with this currency and amount, paid within two minutes of the charge");
        else
            _unclear.Add(new UnclearCharge(history, invoices, rivals + 1 > invoices.Count));
    }

    private void AddWithoutCharge(ToldFact told)
    {
        switch (told.Fact)
        {
            case CreditNoteIssued { Status: "issued", OutOfBandAmount: > 0 } note:
                Back(told.Scope, note.InvoiceId).Notes[note.CreditNoteId] = told;
                break;
            case CreditNoteIssued { Status: "void" } note:
                Back(told.Scope, note.InvoiceId).VoidedNotes.Add(note.CreditNoteId);
                break;
            case InvoiceVoided gone:
                Back(told.Scope, gone.InvoiceId).Voided = told;
                break;
            case InvoiceWrittenOff gone:
                Back(told.Scope, gone.InvoiceId).WrittenOff = told;
                break;
        }
    }

    private void Add(ChargeHistory history, string invoiceId, string how)
    {
        if (!history.IsQuiet) Back(history.Scope, invoiceId).Charges.Add((history, how));
    }

    private InvoiceBack Back(string scope, string invoiceId)
    {
        if (!_byInvoice.TryGetValue((scope, invoiceId), out var back)) _byInvoice[(scope, invoiceId)] = back = new InvoiceBack();
        return back;
    }
}

/// <summary>A charge with something gone back or open that fits more than one invoice, or perhaps none.</summary>
/// <param name="Charge">What became of it.</param>
/// <param name="Candidates">The invoices that it fits, nearest first.</param>
/// <param name="MayPayNone">More charges than invoices compete: it may have paid none of them.</param>
internal sealed record UnclearCharge(ChargeHistory Charge, IReadOnlyList<ToldFact> Candidates, bool MayPayNone)
{
    /// <summary>Names the charge for its review case.</summary>
    public string Subject => $"{Charge.Scope}/{Charge.ChargeId}";
}

/// <summary>What went back of one invoice.</summary>
internal sealed class InvoiceBack
{
    /// <summary>Nothing.</summary>
    public static readonly InvoiceBack None = new();

    /// <summary>Its charges with something gone back or open, and how each was linked.</summary>
    public List<(ChargeHistory Charge, string How)> Charges { get; } = [];

    /// <summary>Credit notes that gave money back outside the provider, by id.</summary>
    public Dictionary<string, ToldFact> Notes { get; } = [];

    /// <summary>Credit notes that were declared void.</summary>
    public HashSet<string> VoidedNotes { get; } = [];

    /// <summary>It was declared void.</summary>
    public ToldFact? Voided { get; set; }

    /// <summary>It was given up as uncollectible.</summary>
    public ToldFact? WrittenOff { get; set; }

    /// <summary>A dispute of its payment is open.</summary>
    public bool IsDisputed => Charges.Exists(c => c.Charge.IsDisputed);

    /// <summary>How much of what was collected went back, and why, in sentences.</summary>
    /// <param name="invoice">The paid invoice.</param>
    /// <param name="takeAll">Counts the whole payment as gone, by a person's decision.</param>
    public (long Amount, IReadOnlyList<BackPart> Parts) Of(InvoicePaid invoice, bool takeAll = false)
    {
        var parts = new List<BackPart>();
        var byProvider = Charges.Where(c => !IsProducts(c.Charge, invoice)).Sum(c => c.Charge.Refunded);
        foreach (var (charge, how) in Charges)
        {
            if (IsProducts(charge, invoice))
            {
                if (ToldTwice.Beyond(charge.Refunded, byProvider) is > 0 and var beyond) parts.Add(new BackPart("refunded", beyond, "the product names the invoice", charge.Told));
                continue;
            }
            if (charge.Refunded > 0) parts.Add(new BackPart("refunded", charge.Refunded, how, [.. charge.Told.Where(t => t.Fact is ChargeRefunded or RefundSeen)]));
            if (charge.Disputed > 0) parts.Add(new BackPart("withdrawn by a dispute", charge.Disputed, how, [.. charge.Told.Where(t => t.Fact is DisputeMoved)]));
        }
        foreach (var (id, note) in Notes.Where(n => !VoidedNotes.Contains(n.Key)).OrderBy(n => n.Key, StringComparer.Ordinal))
            parts.Add(new BackPart("given back outside the provider", ((CreditNoteIssued)note.Fact).OutOfBandAmount, $"credit note {id} names the invoice", [note]));
        foreach (var gone in ((ToldFact?[])[Voided, WrittenOff]).OfType<ToldFact>().Where(g => g.Fact.OccurredAt >= invoice.OccurredAt))
            parts.Add(new BackPart(gone.Fact is InvoiceVoided ? "declared void" : "given up as uncollectible", invoice.AmountPaid, "the event names the invoice", [gone]));
        if (takeAll) parts.Add(new BackPart("taken back by decision", invoice.AmountPaid, "a person decided so", []));
        return (Math.Min(Math.Max(invoice.AmountPaid, 0), parts.Sum(p => Math.Min(p.Amount, Money.Largest))), parts);
    }

    private static bool IsProducts(ChargeHistory charge, InvoicePaid invoice) => charge.ChargeId == ProductTelling.PaymentOf(invoice.InvoiceId);
}

/// <summary>One way in which money went back.</summary>
/// <param name="Says">As it goes into a sentence.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="How">How it was linked to the invoice.</param>
/// <param name="Told">The facts that say so.</param>
internal sealed record BackPart(string Says, long Amount, string How, IReadOnlyList<ToldFact> Told);
