using System.Globalization;
using System.Numerics;
using Portal.Core.Campaigns;
using Portal.Core.Facts;

namespace Portal.Core.Rewards;

/// <summary>What each rule gives for one paid invoice, as a function of how much of the payment is left after what went back.</summary>
internal sealed class InvoiceReckoning
{
    private readonly List<InvoiceShare> _shares = [];
    private readonly List<ExplanationStep> _refusals = [];

    public InvoiceReckoning(ToldFact told, bool isPaidOutside)
    {
        (Told, Invoice, Currency, IsPaidOutside) = (told, (InvoicePaid)told.Fact, Currency.Parse(((InvoicePaid)told.Fact).Currency), isPaidOutside);
        Steps.Add(new("payment", $"Invoice {Invoice.InvoiceId} of customer {Invoice.CustomerId ?? "(none)"} was paid on {AttributionFold.Day(Invoice.OccurredAt)}: {Collected}.", null,
            [Read("amount_paid", Invoice.AmountPaid), Read("total", Invoice.Total), new Evidence(Told.EventId, Told.ProviderEventId, Invoice.NetPath, Number(Invoice.TotalExcludingTax))]));
    }

    public ToldFact Told { get; }

    public InvoicePaid Invoice { get; }

    public Currency Currency { get; }

    /// <summary>Somebody marked it paid outside the provider: no money was seen to move.</summary>
    public bool IsPaidOutside { get; }

    /// <summary>What is said of the payment before any rule.</summary>
    public List<ExplanationStep> Steps { get; } = [];

    /// <summary>What the rules give.</summary>
    public IReadOnlyList<InvoiceShare> Shares => _shares;

    /// <summary>The first reason for which a rule, or all of them, gave nothing.</summary>
    public string? Reason { get; private set; }

    /// <summary>The invoice waits for a person, whatever its hold.</summary>
    public string? WaitsFor { get; set; }

    /// <summary>A person decided that the whole payment counts as gone back.</summary>
    public bool TakeAllBack { get; set; }

    /// <summary>What was collected.</summary>
    public Money Collected => new(Invoice.AmountPaid, Currency);

    /// <summary>Whether any money came in by it: trials and invoices covered by credit bring none.</summary>
    public bool IsPayment => Invoice is { AmountPaid: > 0, Total: > 0 };

    /// <summary>Takes what a rule gives.</summary>
    public void Give(InvoiceShare share) => _shares.Add(share);

    /// <summary>Notes why nothing is given, where the steps say it already.</summary>
    public void Refuse(string reason) => Reason ??= reason;

    /// <summary>Notes why a rule, or all of them, gives nothing.</summary>
    public void Refuse(string reason, string step, string says)
    {
        Refuse(reason);
        _refusals.Add(new(step, says, null, []));
    }

    /// <summary>By how much its rewards would fall if so much went back: which rules, and by what each.</summary>
    public IReadOnlyList<(string Component, Money By)> EffectOf(long goneBack) =>
        [.. _shares.Select(s => ($"{s.Rule.Word}:{s.Rule.Place}", s.Of(Invoice.AmountPaid) - s.Of(Left(goneBack)))).Where(e => e.Item2.Minor != 0)];

    /// <summary>The drafts of its rewards after what went back.</summary>
    public IEnumerable<RewardDraft> Drafts(InvoiceBack back)
    {
        var (gone, parts) = back.Of(Invoice, TakeAllBack);
        foreach (var share in _shares)
        {
            var (earned, net) = (share.Of(Invoice.AmountPaid), share.Of(Left(gone)));
            var steps = new List<ExplanationStep>(Steps) { new("reward", share.Says, $"{share.Sum(Invoice.AmountPaid)} = {earned}", share.Evidence) };
            if (gone > 0)
            {
                steps.Add(new("refund", $"{new Money(gone, Currency)} of {Collected} went back ({string.Join(", ", parts.Select(p => p.Says).Distinct())}). What remains earns {net}, so {earned - net} is taken back. Link to the invoice: {string.Join("; ", parts.Select(p => p.How).Distinct())}.",
                    $"{share.Sum(Left(gone))} = {net};  {earned} − {net} = {earned - net}", [.. parts.SelectMany(p => p.Told.Select(BackEvidence))]));
            }
            if (back.IsDisputed) steps.Add(new("dispute", "The payment is disputed: the reward waits until the dispute is closed.", null, [.. back.Charges.SelectMany(c => c.Charge.Told).Where(t => t.Fact is DisputeMoved).Select(BackEvidence)]));
            yield return new RewardDraft
            {
                Rule = share.Rule,
                Scope = Told.Scope,
                InvoiceId = Invoice.InvoiceId,
                At = Invoice.OccurredAt,
                Earned = earned,
                Net = net,
                WaitsFor = WaitsFor ?? (back.IsDisputed ? WaitReasons.Dispute : null),
                Steps = steps,
            };
        }
    }

    /// <summary>The payment with what came of it: one reason where nothing was earned.</summary>
    public Payment Close(InvoiceBack back, Attribution attribution, IReadOnlyList<StandingReward> rewards)
    {
        var earning = rewards.FirstOrDefault(r => r.Earned.Minor > 0);
        var reason = earning is not null ? null : rewards.Count > 0 ? ReasonCodes.CapReached : Reason ?? ReasonCodes.RejectedByReview;
        var explanation = earning?.Explanation ?? (rewards.Count > 0
            ? rewards[0].Explanation with { Reason = reason }
            : new Explanation(_refusals.Count > 0 ? _refusals[^1].Says : Steps[^1].Says, reason, attribution.Revision?.CampaignId, attribution.Revision?.Number, null, [.. Steps, .. _refusals]));
        return new Payment("invoice", Told.Scope, Invoice.InvoiceId, Invoice.CustomerId, Collected,
            new Money(back.Of(Invoice, TakeAllBack).Amount, Currency), Invoice.OccurredAt, reason, explanation);
    }

    private long Left(long goneBack) => Math.Max(0, Invoice.AmountPaid - goneBack);

    private Evidence Read(string field, long value) => new(Told.EventId, Told.ProviderEventId, $"$.data.object.{field}", Number(value));

    private static Evidence BackEvidence(ToldFact told) => told.Fact switch
    {
        ChargeRefunded total => new Evidence(told.EventId, told.ProviderEventId, "$.data.object.amount_refunded", Number(total.TotalRefunded)),
        RefundSeen refund => new Evidence(told.EventId, told.ProviderEventId, "$.data.object.amount", $"{Number(refund.Amount)} ({refund.Status})"),
        DisputeMoved move => new Evidence(told.EventId, told.ProviderEventId, "$.data.object.amount", $"{Number(move.Amount)} ({move.Movement}, {move.Status})"),
        CreditNoteIssued note => new Evidence(told.EventId, told.ProviderEventId, "$.data.object.out_of_band_amount", Number(note.OutOfBandAmount)),
        _ => new Evidence(told.EventId, told.ProviderEventId, null, told.Fact.Kind),
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What one rule gives for one invoice.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Says">In a sentence.</param>
/// <param name="Evidence">What it rests on beyond the invoice's amounts.</param>
internal abstract record InvoiceShare(RewardRule Rule, string Says, IReadOnlyList<Evidence> Evidence)
{
    /// <summary>What so much of the payment earns; never less for more.</summary>
    public abstract Money Of(long left);

    /// <summary>The sum as done.</summary>
    public abstract string Sum(long left);
}

/// <summary>A fixed amount as long as anything of the payment is left.</summary>
internal sealed record FlatShare(RewardRule Rule, Money Amount, string Says, IReadOnlyList<Evidence> Evidence) : InvoiceShare(Rule, Says, Evidence)
{
    public override Money Of(long left) => left > 0 ? Amount : Money.Zero(Amount.Currency);

    public override string Sum(long left) => left > 0 ? "fixed" : "fixed, but nothing of the payment is left";
}

/// <summary>A percentage of what was collected; money beyond the invoice's total (a debit balance) is no sale.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Percent">The share.</param>
/// <param name="Base">With tax or without.</param>
/// <param name="Invoice">The invoice.</param>
/// <param name="Counted">What its counted lines come to, and all its lines; null when all count.</param>
/// <param name="Says">In a sentence.</param>
/// <param name="Evidence">The counted lines.</param>
internal sealed record PercentShare(
    RewardRule Rule, Percent Percent, RewardBase Base, InvoicePaid Invoice, (long Part, long Whole)? Counted, string Says, IReadOnlyList<Evidence> Evidence)
    : InvoiceShare(Rule, Says, Evidence)
{
    public override Money Of(long left)
    {
        BigInteger numerator = Percent.Numerator, denominator = Percent.Denominator;
        if (Base == RewardBase.NetOfTax) (numerator, denominator) = (numerator * Invoice.TotalExcludingTax, denominator * Invoice.Total);
        if (Counted is var (part, whole)) (numerator, denominator) = (numerator * part, denominator * whole);
        return new Money(Math.Min(left, Invoice.Total), Currency.Parse(Invoice.Currency)).Share(numerator, denominator);
    }

    public override string Sum(long left)
    {
        var sum = Base == RewardBase.Gross ? Major(Math.Min(left, Invoice.Total)) : $"{Major(Math.Min(left, Invoice.Total))} × {Major(Invoice.TotalExcludingTax)} / {Major(Invoice.Total)}";
        return $"{sum}{(Counted is var (part, whole) ? $" × {Major(part)} / {Major(whole)}" : "")} × {Percent}";
    }

    private string Major(long minor) => new Money(minor, Currency.Parse(Invoice.Currency)).Amount(CultureInfo.InvariantCulture, grouped: false);
}
