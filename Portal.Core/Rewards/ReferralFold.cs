using System.Numerics;
using Portal.Core.Campaigns;
using Portal.Core.Facts;
using Portal.Core.Reviews;

namespace Portal.Core.Rewards;

/// <summary>
/// The heart: from the facts of one referral to the rewards that should stand. Pure, so that order of arrival, repetition,
/// rebuild and simulation all come to the same result.
/// </summary>
public static class ReferralFold
{
    /// <summary>Folds a referral.</summary>
    public static FoldedReferral Fold(ReferralStory story)
    {
        var facts = story.Facts.Order(ToldFact.ByOccurrence).ToList();
        var cases = new List<UnclearCase>();
        var seen = facts.Where(f => f.Fact is CustomerSeen).ToList();
        var signedUpAt = seen.Select(f => (DateTimeOffset?)((CustomerSeen)f.Fact).CreatedAt)
            .Concat(facts.Where(f => f.Fact.Claim is not null).Select(f => (DateTimeOffset?)f.Fact.OccurredAt)).Min();
        var attribution = AttributionFold.Attribute(story, facts, signedUpAt, cases);

        var invoices = facts.Where(f => f.Fact is InvoicePaid).ToList();
        var firstPaidAt = invoices.Find(f => f.Fact is InvoicePaid { AmountPaid: > 0, Total: > 0 })?.Fact.OccurredAt;
        var links = RefundLinks.Of(facts);
        var terms = attribution.Revision?.Terms ?? RevisionTerms.Empty;
        var reckonings = new List<InvoiceReckoning>();
        var payments = new Dictionary<PurchaseRule, int>();
        foreach (var invoice in invoices)
        {
            var reckoning = InvoiceReckoning.Of(invoice, attribution, terms, firstPaidAt, RemovedAt(facts, invoice), payments);
            reckonings.Add(reckoning);
        }
        SettleUnclearRefunds(links, reckonings, cases);

        var results = reckonings.Select(r => r.Close(links.Of(r.Told.Scope, r.Invoice.InvoiceId))).ToList();
        return new FoldedReferral(
            attribution,
            story.NewUserId is null ? null : signedUpAt,
            firstPaidAt,
            seen.Select(f => ((CustomerSeen)f.Fact).Email).LastOrDefault(e => e is not null),
            [.. results.SelectMany(r => r.Rewards)],
            [.. results.Select(r => r.Payment), .. OneOffCharges(facts, links)],
            cases);
    }

    /// <summary>
    /// A refunded charge that fits several invoices counts against the nearest one where that changes no money; where it does,
    /// it becomes a case and nothing is taken back until a person decides.
    /// </summary>
    private static void SettleUnclearRefunds(RefundLinks links, List<InvoiceReckoning> reckonings, List<UnclearCase> cases)
    {
        var taken = new HashSet<(string, string)>();
        foreach (var (scope, chargeId, candidates, mayPayNone, refund) in links.Unclear)
        {
            var fits = candidates.Select(c => reckonings.Find(r => r.Told == c)!).ToList();
            var free = fits.Where(r => !taken.Contains((scope, r.Invoice.InvoiceId))).ToList();
            var effects = free.ConvertAll(r => (r, Effect: r.EffectOf(refund.Total)));
            if (effects.Count > 0 && effects.TrueForAll(e => e.Effect == effects[0].Effect) && (!mayPayNone || effects[0].Effect.Minor == 0))
            {
                var nearest = effects[0].r;
                taken.Add((scope, nearest.Invoice.InvoiceId));
                links.Settle(scope, nearest.Invoice.InvoiceId, refund with { How = "one of several like invoices; which one changes no money" });
                continue;
            }
            cases.Add(new UnclearCase(ReviewKinds.AmbiguousRefund, $"{scope}/{chargeId}", fits[0].Invoice.CustomerId,
                $"Charge {chargeId} was refunded ({new Money(refund.Total, Currency.Parse(fits[0].Invoice.Currency))}) and fits {string.Join(" and ", fits.Select(f => f.Invoice.InvoiceId))}{(mayPayNone ? ", or none of them" : "")}. Which one it paid changes the reward.",
                [.. refund.Told.Select(t => new Evidence(t.EventId, t.ProviderEventId, "$.data.object.id", chargeId)),
                 .. fits.Select(f => new Evidence(f.Told.EventId, f.Told.ProviderEventId, "$.data.object.id", f.Invoice.InvoiceId))]));
        }
    }

    private static DateTimeOffset? RemovedAt(List<ToldFact> facts, ToldFact invoice) =>
        facts.Find(f => f.Fact is CustomerRemoved && f.Scope == invoice.Scope && f.Fact.CustomerId == invoice.Fact.CustomerId)?.Fact.OccurredAt;

    private static IEnumerable<Payment> OneOffCharges(List<ToldFact> facts, RefundLinks links)
    {
        foreach (var told in facts)
        {
            if (told.Fact is not ChargeSucceeded charge || links.IsLinked(told.Scope, charge.ChargeId)) continue;
            var currency = Currency.Parse(charge.Currency);
            var refunded = facts.Where(f => f.Scope == told.Scope).Select(f => f.Fact).OfType<ChargeRefunded>()
                .Where(r => r.ChargeId == charge.ChargeId).Select(r => r.TotalRefunded).DefaultIfEmpty(0).Max();
            const string Says = "A charge without an invoice: rewards are counted from paid invoices, so that no payment counts twice.";
            yield return new Payment("charge", told.Scope, charge.ChargeId, charge.CustomerId, new Money(charge.Amount, currency), new Money(refunded, currency),
                charge.OccurredAt, ReasonCodes.ChargeWithoutInvoice, new Explanation(Says, ReasonCodes.ChargeWithoutInvoice, null, null, null,
                    [new ExplanationStep("payment", Says, null, [new Evidence(told.EventId, told.ProviderEventId, "$.data.object.id", charge.ChargeId)])]));
        }
    }
}

/// <summary>One paid invoice on its way to its rewards, or to the one reason why it has none.</summary>
internal sealed class InvoiceReckoning
{
    private readonly Attribution _attribution;
    private readonly RevisionTerms _terms;
    private readonly List<(PurchaseRule Rule, Money Earned)> _earned = [];
    private readonly List<ExplanationStep> _steps = [];
    private readonly Currency _currency;
    private string? _reason;

    private InvoiceReckoning(ToldFact told, Attribution attribution, RevisionTerms terms) =>
        (Told, Invoice, _attribution, _terms, _currency) = (told, (InvoicePaid)told.Fact, attribution, terms, Currency.Parse(((InvoicePaid)told.Fact).Currency));

    public ToldFact Told { get; }

    public InvoicePaid Invoice { get; }

    /// <summary>Reckons what the payment earned, before refunds.</summary>
    public static InvoiceReckoning Of(
        ToldFact told, Attribution attribution, RevisionTerms terms, DateTimeOffset? firstPaidAt, DateTimeOffset? removedAt, Dictionary<PurchaseRule, int> payments)
    {
        var reckoning = new InvoiceReckoning(told, attribution, terms);
        reckoning.Reckon(firstPaidAt, removedAt, payments);
        return reckoning;
    }

    /// <summary>By how much a refund of this invoice would lower its rewards, all rules together.</summary>
    public Money EffectOf(long refunded) =>
        _earned.Aggregate(Money.Zero(_currency), (sum, e) => sum + (e.Earned - Share(e.Rule, Left(refunded))));

    /// <summary>Takes the refunds into account and writes the explanation.</summary>
    public (IReadOnlyList<StandingReward> Rewards, Payment Payment) Close(IReadOnlyList<LinkedRefund> refunds)
    {
        var refunded = Math.Min(Math.Max(Invoice.AmountPaid, 0), refunds.Sum(r => r.Total));
        var rewards = new List<StandingReward>();
        foreach (var (rule, earned) in _earned)
        {
            var reversed = earned - Share(rule, Left(refunded));
            var holdUntil = Invoice.OccurredAt.DaysLater(_terms.HoldDays);
            rewards.Add(new StandingReward($"purchase:{rule.Place}", Told.Scope, Invoice.InvoiceId, earned, reversed, Invoice.OccurredAt, holdUntil,
                Explain(rule, earned, reversed, refunded, refunds, holdUntil)));
        }
        var explanation = rewards.Count > 0 ? rewards[0].Explanation : new Explanation(_steps[^1].Says, _reason, _attribution.Revision?.CampaignId, _attribution.Revision?.Number, null, _steps);
        return (rewards, new Payment("invoice", Told.Scope, Invoice.InvoiceId, Invoice.CustomerId,
            new Money(Invoice.AmountPaid, _currency), new Money(refunded, _currency), Invoice.OccurredAt, _reason, explanation));
    }

    private void Reckon(DateTimeOffset? firstPaidAt, DateTimeOffset? removedAt, Dictionary<PurchaseRule, int> payments)
    {
        _steps.Add(new("payment", $"Invoice {Invoice.InvoiceId} of customer {Invoice.CustomerId ?? "(none)"} was paid on {AttributionFold.Day(Invoice.OccurredAt)}: {new Money(Invoice.AmountPaid, _currency)}.", null,
            [Read("amount_paid", Invoice.AmountPaid), Read("total", Invoice.Total), new Evidence(Told.EventId, Told.ProviderEventId, Invoice.NetPath, Number(Invoice.TotalExcludingTax))]));
        if (Invoice.AmountPaid <= 0 || Invoice.Total <= 0)
        {
            Refuse(ReasonCodes.ZeroAmount, "payment", "Nothing was collected (a trial, a full discount, or credit covered it), so nothing is earned and no duration starts.");
            return;
        }
        _steps.AddRange(_attribution.Steps);
        if (_attribution.Reason is { } reason)
        {
            _reason = reason;
            return;
        }
        if (removedAt is { } removed && Invoice.OccurredAt > removed)
        {
            Refuse(ReasonCodes.CustomerRemoved, "window", $"The provider deleted the customer on {AttributionFold.Day(removed)}: later payments earn nothing.");
            return;
        }
        var earliest = _attribution.KnownAt!.Value.AddDays(-_terms.LateAttributionDays);
        if (Invoice.OccurredAt < earliest)
        {
            Refuse(ReasonCodes.PaidBeforeAttribution, "window", $"Paid more than {_terms.LateAttributionDays} days before the attribution became known; payments before {AttributionFold.Day(earliest)} earn nothing.");
            return;
        }
        if (_terms.Purchases.Count == 0)
        {
            Refuse(ReasonCodes.NoRule, "revision", "The revision that binds this referral has no rule for purchases.");
            return;
        }
        foreach (var rule in _terms.Purchases) Apply(rule, firstPaidAt!.Value, payments);
        if (_earned.Count > 0) _reason = null;
    }

    private void Apply(PurchaseRule rule, DateTimeOffset firstPaidAt, Dictionary<PurchaseRule, int> payments)
    {
        if (rule.MaxMonths is { } months && firstPaidAt.MonthsLater(months) is var end && Invoice.OccurredAt >= end)
        {
            Refuse(ReasonCodes.OutsideWindow, "window", $"Rule {rule.Place} rewards {months} months from the first payment on {AttributionFold.Day(firstPaidAt)}, until {AttributionFold.Day(end)}; this payment came later.");
            return;
        }
        if (rule.MaxPayments is { } most && payments.GetValueOrDefault(rule) >= most)
        {
            Refuse(ReasonCodes.PaymentsUsedUp, "window", $"Rule {rule.Place} rewards the first {most} payments of a referral; they were used up.");
            return;
        }
        var earned = Share(rule, Invoice.AmountPaid);
        if (earned.Minor == 0)
        {
            Refuse(ReasonCodes.RoundsToZero, "reward", $"{rule.Percent} of this payment is less than half a minor unit.");
            return;
        }
        payments[rule] = payments.GetValueOrDefault(rule) + 1;
        _earned.Add((rule, earned));
    }

    private long Left(long refunded) => Math.Max(0, Invoice.AmountPaid - refunded);

    /// <summary>The rule's share of a collected amount; money beyond the invoice's total (a debit balance) is no sale.</summary>
    private Money Share(PurchaseRule rule, long collected)
    {
        var paid = new Money(Math.Min(collected, Invoice.Total), _currency);
        return _terms.Base == RewardBase.Gross
            ? paid.Share(rule.Percent.Numerator, Percent.Denominator)
            : paid.Share(rule.Percent.Numerator * Invoice.TotalExcludingTax, Percent.Denominator * (BigInteger)Invoice.Total);
    }

    private Explanation Explain(PurchaseRule rule, Money earned, Money reversed, long refunded, IReadOnlyList<LinkedRefund> refunds, DateTimeOffset holdUntil)
    {
        var revision = _attribution.Revision!;
        var steps = new List<ExplanationStep>(_steps.Where(s => s.Name is not ("window" or "reward")))
        {
            new("reward", $"Rule {rule.Place}: {rule.Percent} of what was collected{(_terms.Base == RewardBase.NetOfTax ? ", without tax" : "")}, rounded once to a whole minor unit, half away from zero.",
                $"{Sum(rule, Math.Min(Invoice.AmountPaid, Invoice.Total))} = {earned}", []),
        };
        if (refunded > 0)
        {
            steps.Add(new("refund", $"{new Money(refunded, _currency)} of {new Money(Invoice.AmountPaid, _currency)} went back. What remains earns {earned - reversed}, so {reversed} is taken back. Link to the invoice: {string.Join("; ", refunds.Select(r => r.How).Distinct())}.",
                $"{Sum(rule, Math.Min(Left(refunded), Invoice.Total))} = {earned - reversed};  {earned} − {earned - reversed} = {reversed}",
                [.. refunds.SelectMany(r => r.Told.Select(RefundEvidence))]));
        }
        steps.Add(new("hold", $"Payable from {AttributionFold.Day(holdUntil)}, {_terms.HoldDays} days after the payment.", null, []));
        var summary = refunded == 0
            ? $"{earned} for {_attribution.Code!.ProductUserId}: {rule.Percent} of invoice {Invoice.InvoiceId}."
            : $"{earned - reversed} for {_attribution.Code!.ProductUserId}: {earned} earned on invoice {Invoice.InvoiceId}, {reversed} taken back after a refund.";
        return new Explanation(summary, null, revision.CampaignId, revision.Number, rule.Place, steps);
    }

    private string Sum(PurchaseRule rule, long collected) => _terms.Base == RewardBase.Gross
        ? $"{Major(collected)} × {rule.Percent}"
        : $"{Major(collected)} × {Major(Invoice.TotalExcludingTax)} / {Major(Invoice.Total)} × {rule.Percent}";

    private string Major(long minor) => new Money(minor, _currency).Amount(System.Globalization.CultureInfo.InvariantCulture, grouped: false);

    private void Refuse(string reason, string step, string says)
    {
        _reason ??= reason;
        _steps.Add(new(step, says, null, []));
    }

    private Evidence Read(string field, long value) => new(Told.EventId, Told.ProviderEventId, $"$.data.object.{field}", Number(value));

    private static Evidence RefundEvidence(ToldFact told) => told.Fact switch
    {
        ChargeRefunded total => new Evidence(told.EventId, told.ProviderEventId, "$.data.object.amount_refunded", Number(total.TotalRefunded)),
        RefundSeen refund => new Evidence(told.EventId, told.ProviderEventId, "$.data.object.amount", $"{Number(refund.Amount)} ({refund.Status})"),
        _ => new Evidence(told.EventId, told.ProviderEventId, null, told.Fact.Kind),
    };

    private static string Number(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Later moments that stay within the calendar: payloads may claim any year up to 9999.</summary>
internal static class LaterMoments
{
    /// <summary>So many calendar months later, the day clamped to the month's last.</summary>
    public static DateTimeOffset MonthsLater(this DateTimeOffset at, int months) => at > DateTimeOffset.MaxValue.AddMonths(-months) ? DateTimeOffset.MaxValue : at.AddMonths(months);

    /// <summary>So many days later.</summary>
    public static DateTimeOffset DaysLater(this DateTimeOffset at, int days) => at > DateTimeOffset.MaxValue.AddDays(-days) ? DateTimeOffset.MaxValue : at.AddDays(days);
}
