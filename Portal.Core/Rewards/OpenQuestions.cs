using Portal.Core.Facts;
using Portal.Core.Reviews;

namespace Portal.Core.Rewards;

/// <summary>What money that went back, warnings and missing rates leave for a person to decide, and which rewards wait for it.</summary>
internal static class OpenQuestions
{
    /// <summary>Settles what is unclear about charges: by itself where no money hangs on it, by decisions, or by asking.</summary>
    public static void Settle(MoneyBack back, List<InvoiceReckoning> reckonings, CaseBook cases)
    {
        var taken = new HashSet<(string, string)>();
        foreach (var unclear in back.Unclear.OrderByDescending(u => cases.IsDecided(CaseKey(u)))) Settle(back, unclear, reckonings, taken, cases);   // what a person said goes first
        foreach (var reckoning in reckonings.Where(r => r.Shares.Count > 0))
        {
            foreach (var (charge, _) in back.Of(reckoning.Told.Scope, reckoning.Invoice.InvoiceId).Charges)
            {
                if (charge.IsWarned) AskAboutWarning(reckoning, charge, cases);
                if (charge.ForeignDispute is { } dispute) AskAboutDispute(reckoning, charge, dispute, cases);
            }
        }
    }

    /// <summary>Asks about rewards whose limit is in a currency for which there is no rate.</summary>
    /// <param name="without">The drafts for which there is no rate.</param>
    /// <param name="drafts">All drafts; one that a person rejects is taken out.</param>
    /// <param name="identity">Names the referral.</param>
    /// <param name="limit">The limit's field.</param>
    /// <param name="cases">Takes the questions.</param>
    public static void AskForRates(IReadOnlyList<RewardDraft> without, List<RewardDraft> drafts, string identity, string limit, CaseBook cases)
    {
        foreach (var draft in without)
        {
            var what = draft.InvoiceId is { } invoice ? $"invoice {invoice}" : draft.Component;
            var decision = cases.Ask(new UnclearCase(ReviewKinds.NoRate, $"{draft.Scope}/{limit}/{draft.InvoiceId ?? identity}/{draft.Component}", null,
                $"The reward of {draft.Earned} for {what} is under a limit in another currency ({limit}), and there is no rate for {AttributionFold.Day(draft.At)}. Amounts are never taken one to one: add the rate, or decide.",
                draft.Steps.SelectMany(s => s.Evidence).Take(1).ToList(),
                [new(ReviewKinds.Reward, "The reward counts as if the limit did not apply."), new(ReviewKinds.Reject, "The reward counts for nothing.")]));
            if (decision is null) draft.WaitsFor = WaitReasons.Review;
            if (decision?.Choice == ReviewKinds.Reject) drafts.Remove(draft);
        }
    }

    /// <summary>
    /// A charge that fits several invoices counts against the nearest one where that changes no money; where it does, it becomes a
    /// case, nothing is taken back and the rewards of those invoices wait until a person decides.
    /// </summary>
    private static void Settle(MoneyBack back, UnclearCharge unclear, List<InvoiceReckoning> reckonings, HashSet<(string, string)> taken, CaseBook cases)
    {
        var fits = unclear.Candidates.Select(c => reckonings.Find(r => r.Told == c)!).ToList();
        var free = fits.Where(r => !taken.Contains((r.Told.Scope, r.Invoice.InvoiceId))).ToList();
        var isOpen = unclear.Charge.IsDisputed || unclear.Charge.IsWarned || unclear.Charge.ForeignDispute is not null;
        var effects = free.ConvertAll(r => r.EffectOf(unclear.Charge.GoneBack));
        var alike = effects.TrueForAll(e => e.SequenceEqual(effects[0]));
        if (free.Count > 0 && alike && (!unclear.MayPayNone || (effects[0].Count == 0 && (!isOpen || free[0].Shares.Count == 0))))
        {
            taken.Add((free[0].Told.Scope, free[0].Invoice.InvoiceId));
            back.Settle(unclear, free[0].Invoice.InvoiceId, "one of several like invoices; which one changes no money");
            return;
        }
        var choices = fits.ConvertAll(f => new CaseChoice($"invoice:{f.Invoice.InvoiceId}", $"It paid {f.Invoice.InvoiceId} of {AttributionFold.Day(f.Invoice.OccurredAt)}."));
        if (unclear.MayPayNone) choices.Add(new CaseChoice(ReviewKinds.None, "It paid none of them: no reward changes."));
        var amount = new Money(unclear.Charge.GoneBack, Currency.Parse(fits[0].Invoice.Currency));
        var decision = cases.Ask(new UnclearCase(ReviewKinds.AmbiguousRefund, unclear.Subject, fits[0].Invoice.CustomerId,
            $"Of charge {unclear.Charge.ChargeId} {amount} went back{(isOpen ? " or is disputed" : "")}, and it fits {string.Join(" and ", fits.Select(f => f.Invoice.InvoiceId))}{(unclear.MayPayNone ? ", or none of them" : "")}. Which one it paid changes the reward.",
            [.. unclear.Charge.Told.Select(t => new Evidence(t.EventId, t.ProviderEventId, "$.data.object.id", unclear.Charge.ChargeId)),
             .. fits.Select(f => new Evidence(f.Told.EventId, f.Told.ProviderEventId, "$.data.object.id", f.Invoice.InvoiceId))], choices));
        if (decision is null)
        {
            foreach (var fit in fits) fit.WaitsFor = WaitReasons.Review;
        }
        else if (decision.Choice != ReviewKinds.None)
        {
            var invoice = decision.Choice["invoice:".Length..];
            taken.Add((unclear.Charge.Scope, invoice));
            back.Settle(unclear, invoice, "a person decided so");
        }
    }

    private static string CaseKey(UnclearCharge unclear) => $"{ReviewKinds.AmbiguousRefund}:{unclear.Subject}";

    private static void AskAboutWarning(InvoiceReckoning reckoning, ChargeHistory charge, CaseBook cases)
    {
        var warning = charge.Told.First(t => t.Fact is FraudWarned);
        var decision = cases.Ask(new UnclearCase(ReviewKinds.FraudWarning, $"{charge.Scope}/{charge.ChargeId}", reckoning.Invoice.CustomerId,
            $"The card's issuer warned that charge {charge.ChargeId}, which paid invoice {reckoning.Invoice.InvoiceId}, may be fraud. A refund or a dispute often follows.",
            [new(warning.EventId, warning.ProviderEventId, "$.data.object.id", ((FraudWarned)warning.Fact).WarningId)],
            [new(ReviewKinds.Reward, "The warning is put aside: the reward goes on like any other."), new(ReviewKinds.Reject, "The reward of this payment is taken back.")]));
        if (decision is null) reckoning.WaitsFor = WaitReasons.Review;
        reckoning.TakeAllBack |= decision?.Choice == ReviewKinds.Reject;
    }

    private static void AskAboutDispute(InvoiceReckoning reckoning, ChargeHistory charge, string disputeId, CaseBook cases)
    {
        var moves = charge.Told.Where(t => t.Fact is DisputeMoved move && move.DisputeId == disputeId).ToList();
        var decision = cases.Ask(new UnclearCase(ReviewKinds.DisputeUnclear, $"{charge.Scope}/{disputeId}", reckoning.Invoice.CustomerId,
            $"Dispute {disputeId} of charge {charge.ChargeId} moved money in {((DisputeMoved)moves[^1].Fact).Currency}, while invoice {reckoning.Invoice.InvoiceId} is in {reckoning.Invoice.Currency}: how much of the payment it took is not known.",
            [.. moves.Select(m => new Evidence(m.EventId, m.ProviderEventId, "$.data.object.amount", $"{((DisputeMoved)m.Fact).Amount} {((DisputeMoved)m.Fact).Currency} ({((DisputeMoved)m.Fact).Movement})"))],
            [new(ReviewKinds.TakeBack, "The whole payment was lost: its reward is taken back."), new(ReviewKinds.None, "Nothing was lost: the reward stands.")]));
        if (decision is null) reckoning.WaitsFor = WaitReasons.Review;
        reckoning.TakeAllBack |= decision?.Choice == ReviewKinds.TakeBack;
    }
}
