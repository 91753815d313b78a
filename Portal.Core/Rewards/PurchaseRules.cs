using Portal.Core.Campaigns;
using Portal.Core.Facts;
using Portal.Core.Rates;
using Portal.Core.Reviews;

namespace Portal.Core.Rewards;

/// <summary>Which rules of the binding revision a paid invoice meets, and what each gives for it.</summary>
/// <param name="attribution">Who is credited.</param>
/// <param name="firstPaidAt">The referral's first payment: where limited durations start.</param>
/// <param name="circle">What the referrer's other referrals have brought.</param>
/// <param name="rates">The exchange rates.</param>
/// <param name="cases">Takes what no rule may decide.</param>
internal sealed class PurchaseRules(Attribution attribution, DateTimeOffset? firstPaidAt, Circle circle, RateTable rates, CaseBook cases)
{
    private readonly RevisionTerms _terms = attribution.Revision?.Terms ?? RevisionTerms.Empty;
    private readonly Dictionary<RewardRule, int> _payments = [];
    private readonly HashSet<RewardRule> _firstSeen = [];

    /// <summary>Reckons one invoice; invoices come in the order of their payment.</summary>
    /// <param name="reckoning">The invoice.</param>
    /// <param name="removedAt">When the provider deleted its customer.</param>
    /// <param name="endedAt">When the subscription that it bills ended.</param>
    public void Reckon(InvoiceReckoning reckoning, DateTimeOffset? removedAt, DateTimeOffset? endedAt)
    {
        var invoice = reckoning.Invoice;
        if (!reckoning.IsPayment)
        {
            reckoning.Refuse(ReasonCodes.ZeroAmount, "payment", "Nothing was collected (a trial, a full discount, or credit covered it), so nothing is earned and no duration starts.");
            return;
        }
        reckoning.Steps.AddRange(attribution.Steps);
        if (attribution.Reason is { } unattributed)
        {
            reckoning.Refuse(unattributed);
            return;
        }
        var isFirst = _terms.Rules.ToDictionary(r => r, r => r.Kind == RuleKind.FirstPurchase && Counts(r, invoice) && _firstSeen.Add(r));
        if (WhyNot(invoice, removedAt, endedAt) is var (reason, step, says))
        {
            reckoning.Refuse(reason, step, says);
            return;
        }
        if (IsRejected(reckoning)) return;
        var rules = _terms.Rules.Where(r => r.Kind is RuleKind.Purchase or RuleKind.FirstPurchase).ToList();
        if (rules.Count == 0) reckoning.Refuse(ReasonCodes.NoRule, "revision", "The revision that binds this referral has no rule for purchases.");
        foreach (var rule in rules) Apply(rule, reckoning, isFirst[rule]);
    }

    /// <summary>What refuses the payment as a whole, before any rule.</summary>
    private (string Reason, string Step, string Says)? WhyNot(InvoicePaid invoice, DateTimeOffset? removedAt, DateTimeOffset? endedAt)
    {
        if (removedAt is { } removed && invoice.OccurredAt > removed)
            return (ReasonCodes.CustomerRemoved, "window", $"The provider deleted the customer on {AttributionFold.Day(removed)}: later payments earn nothing.");
        if (endedAt is { } ended && invoice.OccurredAt > ended && !invoice.Lines.Any(l => l.From < ended))
            return (ReasonCodes.SubscriptionEnded, "window", $"Subscription {invoice.SubscriptionId} ended on {AttributionFold.Day(ended)}; this payment came later and pays for no time before.");
        var earliest = attribution.KnownAt!.Value.AddDays(-_terms.LateAttributionDays);
        return invoice.OccurredAt < earliest
            ? (ReasonCodes.PaidBeforeAttribution, "window", $"Paid more than {_terms.LateAttributionDays} days before the attribution became known; payments before {AttributionFold.Day(earliest)} earn nothing.")
            : null;
    }

    private bool IsRejected(InvoiceReckoning reckoning)
    {
        var invoice = reckoning.Invoice;
        if (_terms.MinimumInvoice is { } minimum)
        {
            if (rates.Convert(reckoning.Collected, minimum.Currency, invoice.OccurredAt) is not { } converted)
            {
                var lacks = $"The smallest invoice that earns is {minimum}, and there is no rate from {reckoning.Currency} to {minimum.Currency} for {AttributionFold.Day(invoice.OccurredAt)}.";
                if (AskWhetherItEarns(reckoning, ReviewKinds.NoRate, $"minimum/{invoice.InvoiceId}", $"{lacks} Amounts are never taken one to one: add the rate, or decide.",
                    "The reward counts as if the limit did not apply.", "The payment earns nothing.", $"{lacks} A person decided that it earns nothing.")) return true;
            }
            else
            {
                var says = $"{reckoning.Collected}{(converted.Used is null ? "" : $" is {converted.Amount} at the rate of {converted.Used.Day:yyyy-MM-dd}, and")}";
                if (converted.Amount.Minor < minimum.Minor)
                {
                    reckoning.Refuse(ReasonCodes.BelowMinimum, "minimum", $"{says} is less than the smallest invoice that earns, {minimum}.");
                    return true;
                }
                reckoning.Steps.Add(new("minimum", $"{says} is at least the smallest invoice that earns, {minimum}.", null, []));
            }
        }
        return reckoning.IsPaidOutside && AskWhetherItEarns(reckoning, ReviewKinds.PaidOutOfBand, invoice.InvoiceId,
            $"Invoice {invoice.InvoiceId} ({reckoning.Collected}) was marked as paid outside the provider: no money was seen to move. Does it earn?",
            "The payment counts like any other.", "The payment earns nothing.",
            "It was marked as paid outside the provider, and a person decided that it earns nothing.");
    }

    /// <summary>Asks a person whether a payment earns; its rewards wait until then.</summary>
    /// <param name="reckoning">The payment.</param>
    /// <param name="kind">One of the review kinds.</param>
    /// <param name="about">What names the case within the payment's scope.</param>
    /// <param name="question">What is unclear.</param>
    /// <param name="rewarded">What it means that it earns.</param>
    /// <param name="rejected">What it means that it does not.</param>
    /// <param name="refusal">What the explanation says where it does not.</param>
    /// <returns>Whether it was decided that it earns nothing; that is noted then.</returns>
    private bool AskWhetherItEarns(InvoiceReckoning reckoning, string kind, string about, string question, string rewarded, string rejected, string refusal)
    {
        var decision = cases.Ask(new UnclearCase(kind, $"{reckoning.Told.Scope}/{about}", reckoning.Invoice.CustomerId, question,
            [new(reckoning.Told.EventId, reckoning.Told.ProviderEventId, "$.data.object.id", reckoning.Invoice.InvoiceId)],
            [new(ReviewKinds.Reward, rewarded), new(ReviewKinds.Reject, rejected)]));
        if (decision is null) reckoning.WaitsFor = WaitReasons.Review;
        if (decision?.Choice != ReviewKinds.Reject) return false;
        reckoning.Refuse(ReasonCodes.RejectedByReview, "review", refusal);
        return true;
    }

    private void Apply(RewardRule rule, InvoiceReckoning reckoning, bool isFirst)
    {
        var invoice = reckoning.Invoice;
        if (rule.Kind == RuleKind.FirstPurchase && !isFirst)
        {
            reckoning.Refuse(ReasonCodes.NotFirstPurchase, "window", $"Rule {rule.Place} rewards the first purchase only{(rule.IsFiltered ? " of the products that it names" : "")}.");
            return;
        }
        if (rule.MaxMonths is { } months && firstPaidAt!.Value.MonthsLater(months) is var end && invoice.OccurredAt >= end)
        {
            reckoning.Refuse(ReasonCodes.OutsideWindow, "window", $"Rule {rule.Place} rewards {months} months from the first payment on {AttributionFold.Day(firstPaidAt.Value)}, until {AttributionFold.Day(end)}; this payment came later.");
            return;
        }
        if (!Counts(rule, invoice))
        {
            reckoning.Refuse(ReasonCodes.OtherProduct, "window", $"Rule {rule.Place} rewards certain products only, and this invoice bills none of them.");
            return;
        }
        if (rule.MaxPayments is { } most && _payments.GetValueOrDefault(rule) >= most)
        {
            reckoning.Refuse(ReasonCodes.PaymentsUsedUp, "window", $"Rule {rule.Place} rewards the first {most} payments of a referral; they were used up.");
            return;
        }
        if (rule.IsFiltered && invoice.HasMoreLines && AskLines(rule, reckoning)) return;
        var share = ShareOf(rule, reckoning);
        if (share.Of(invoice.AmountPaid).Minor == 0)
        {
            reckoning.Refuse(ReasonCodes.RoundsToZero, "reward", $"What rule {rule.Place} gives for this payment is less than half a minor unit.");
            return;
        }
        _payments[rule] = _payments.GetValueOrDefault(rule) + 1;
        reckoning.Give(share);
    }

    private bool AskLines(RewardRule rule, InvoiceReckoning reckoning) => AskWhetherItEarns(reckoning, ReviewKinds.LinesIncomplete, reckoning.Invoice.InvoiceId,
        $"Rule {rule.Place} rewards certain products only, and the event lists only the first {reckoning.Invoice.Lines.Count} lines of invoice {reckoning.Invoice.InvoiceId}: what the others bill is not known.",
        "The lines that are known count.", "The payment earns nothing by this rule.", "Not all lines of the invoice are known, and a person decided that it earns nothing.");

    private InvoiceShare ShareOf(RewardRule rule, InvoiceReckoning reckoning)
    {
        var invoice = reckoning.Invoice;
        var lines = invoice.Lines.Where(l => Names(rule, l)).ToList();
        var evidence = rule.IsFiltered ? lines.ConvertAll(l => new Evidence(reckoning.Told.EventId, reckoning.Told.ProviderEventId, l.Path, $"{l.ProductId ?? l.PriceId}: {new Money(l.Net, reckoning.Currency)}")) : [];
        if (rule.Rate is FlatRate flat)
        {
            return new FlatShare(rule, flat.Amount, $"Rule {rule.Place}: {flat.Amount} for {(rule.Kind == RuleKind.FirstPurchase ? "the first purchase" : "each purchase")}; taken back only when the whole payment goes back.", evidence);
        }
        var (percent, why) = rule.Rate switch
        {
            TieredRate { By: TierBy.Month } tiers when MonthOf(invoice.OccurredAt) is var month => (tiers.At(month), $" in month {month} of the referral"),
            TieredRate tiers when PayingAt(invoice.OccurredAt) is var count => (tiers.At(count), $" with {count} paying {(count == 1 ? "referral" : "referrals")} of the referrer by then"),
            PercentRate rate => (rate.Percent, ""),
            _ => throw new InvalidOperationException($"Rule {rule.Place} has no rate for purchases"),
        };
        (long, long)? counted = rule.IsFiltered ? CountedPart(invoice, lines) : null;
        return new PercentShare(rule, percent, _terms.Base, invoice, counted,
            $"Rule {rule.Place}: {percent}{why} of what was collected{(rule.IsFiltered ? " for the products that it names" : "")}{(_terms.Base == RewardBase.NetOfTax ? ", without tax" : "")}, rounded once to a whole minor unit, half away from zero.", evidence);
    }

    /// <summary>The counted lines' part of all lines: credits lower it, and it is neither below nothing nor above the whole.</summary>
    private static (long Part, long Whole) CountedPart(InvoicePaid invoice, List<InvoiceLine> lines)
    {
        var whole = invoice.Lines.Sum(l => l.Net);
        return whole <= 0 ? (0, 1) : (Math.Clamp(lines.Sum(l => l.Net), 0, whole), whole);
    }

    private static bool Counts(RewardRule rule, InvoicePaid invoice) =>
        invoice is { AmountPaid: > 0, Total: > 0 } && (!rule.IsFiltered || invoice.HasMoreLines || invoice.Lines.Any(l => Names(rule, l)));

    private static bool Names(RewardRule rule, InvoiceLine line) =>
        !rule.IsFiltered || (line.ProductId is { } product && rule.ProductIds.Contains(product)) || (line.PriceId is { } price && rule.PriceIds.Contains(price));

    /// <summary>1 from the first payment on, by whole calendar months.</summary>
    private int MonthOf(DateTimeOffset at)
    {
        var months = ((at.UtcDateTime.Year - firstPaidAt!.Value.UtcDateTime.Year) * 12) + at.UtcDateTime.Month - firstPaidAt.Value.UtcDateTime.Month;
        while (months > 0 && firstPaidAt.Value.MonthsLater(months) > at) months--;
        return Math.Max(0, months) + 1;
    }

    /// <summary>This referral and those others that had paid by then.</summary>
    private int PayingAt(DateTimeOffset at) => 1 + circle.FirstPayments.Count(f => f <= at);
}
