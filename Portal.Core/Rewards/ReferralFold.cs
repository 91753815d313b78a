using Portal.Core.Campaigns;
using Portal.Core.Facts;

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
        var facts = ToldTwice.Joined([.. story.Facts.Order(ToldFact.ByOccurrence)]);
        var cases = new CaseBook(story.Decisions);
        var seen = facts.Where(f => f.Fact is CustomerSeen).ToList();
        var signedUpAt = seen.Select(f => (DateTimeOffset?)((CustomerSeen)f.Fact).CreatedAt)
            .Concat(facts.Where(f => f.Fact.Claim is not null).Select(f => (DateTimeOffset?)f.Fact.OccurredAt)).Min();
        var attribution = AttributionFold.Attribute(story, facts, signedUpAt, cases);
        var waitsAsAWhole = cases.Cases.Any(c => c.Decision is null);
        var terms = attribution.Revision?.Terms ?? RevisionTerms.Empty;

        var outside = facts.Where(f => f.Fact is InvoicePaid { PaidOutOfBand: true } or PaymentLinked { PaidOutOfBand: true }).Select(f => (f.Scope, f.Fact.Links.InvoiceId)).ToHashSet();
        var reckonings = facts.Where(f => f.Fact is InvoicePaid).Select(f => new InvoiceReckoning(f, outside.Contains((f.Scope, f.Fact.Links.InvoiceId)))).ToList();
        var firstPaidAt = reckonings.Find(r => r.IsPayment)?.Invoice.OccurredAt;
        var circle = attribution.Code is { } won ? story.Circles.GetValueOrDefault(won.Code) ?? Circle.Empty : Circle.Empty;
        var rules = new PurchaseRules(attribution, firstPaidAt, circle, story.Rates, cases);
        var removals = facts.Where(f => f.Fact is CustomerRemoved).ToLookup(f => (f.Scope, f.Fact.CustomerId), f => f.Fact.OccurredAt);
        var endings = facts.Where(f => f.Fact is SubscriptionEnded).ToLookup(f => (f.Scope, ((SubscriptionEnded)f.Fact).SubscriptionId), f => f.Fact.OccurredAt);
        foreach (var reckoning in reckonings)
        {
            rules.Reckon(reckoning, First(removals[(reckoning.Told.Scope, reckoning.Invoice.CustomerId)]), First(endings[(reckoning.Told.Scope, reckoning.Invoice.SubscriptionId ?? "")]));
        }
        var back = MoneyBack.Of(facts, outside);
        OpenQuestions.Settle(back, reckonings, cases);

        var drafts = OnceRules.Drafts(attribution, facts, signedUpAt).Concat(reckonings.SelectMany(r => r.Drafts(back.Of(r.Told.Scope, r.Invoice.InvoiceId)))).ToList();
        OpenQuestions.AskForRates(Limits.OfReferral(drafts, terms.CapPerReferral, story.Rates), drafts, story.Identity?.Key ?? "", "capPerReferral", cases);
        if (terms.SpreadAnnualOverMonths)
        {
            var annual = reckonings.Where(r => MonthlyParts.IsAnnual(r.Invoice)).Select(r => (r.Told.Scope, (string?)r.Invoice.InvoiceId)).ToHashSet();
            drafts = [.. drafts.SelectMany(d => annual.Contains((d.Scope, d.InvoiceId)) ? MonthlyParts.Of(d) : [d])];
        }
        if (terms.CapPerReferrer is not null)
        {
            var keyed = drafts.ConvertAll(d => (KeyOf(d, attribution, story), d));
            OpenQuestions.AskForRates(Limits.OfReferrer(keyed, terms.CapPerReferrer, circle.Claims, story.Rates), drafts, story.Identity?.Key ?? "", "capPerReferrer", cases);
        }

        var rewards = drafts.ConvertAll(d => Close(d, attribution, KeyOf(d, attribution, story), waitsAsAWhole));
        var byInvoice = rewards.Where(r => r.InvoiceId is not null).ToLookup(r => (r.Scope, r.InvoiceId!));
        return new FoldedReferral(
            attribution,
            story.Identity is null ? null : signedUpAt,
            firstPaidAt,
            seen.Select(f => ((CustomerSeen)f.Fact).Email).LastOrDefault(e => e is not null),
            rewards,
            [.. reckonings.Select(r => r.Close(back.Of(r.Told.Scope, r.Invoice.InvoiceId), attribution, [.. byInvoice[(r.Told.Scope, r.Invoice.InvoiceId)]])), .. OneOffCharges(facts, back)],
            cases.Cases);
    }

    private static DateTimeOffset? First(IEnumerable<DateTimeOffset> moments) => moments.Select(m => (DateTimeOffset?)m).FirstOrDefault();

    private static string KeyOf(RewardDraft draft, Attribution attribution, ReferralStory story) =>
        $"{attribution.Code!.Code}/{story.Identity!.Key}/{draft.Component}/{draft.Scope}/{draft.InvoiceId}/{draft.Earned.Currency.Code}";

    private static StandingReward Close(RewardDraft draft, Attribution attribution, string key, bool waitsAsAWhole)
    {
        var (code, revision) = (attribution.Code!, attribution.Revision!);
        var holdUntil = draft.At.DaysLater(attribution.HoldDays);
        var waits = waitsAsAWhole ? WaitReasons.Review : draft.WaitsFor;
        var what = draft.InvoiceId is { } invoice ? $"invoice {invoice}" : $"the {(draft.Rule.Kind == RuleKind.Signup ? "signup" : "demonstration")}";
        var summary = draft.Reversed.Minor == 0
            ? $"{draft.Earned} for {code.ProductUserId} by rule {draft.Rule.Place} for {what}."
            : $"{draft.Net} for {code.ProductUserId}: {draft.Earned} earned on {what}, {draft.Reversed} taken back.";
        var hold = new ExplanationStep("hold", $"Payable from {AttributionFold.Day(holdUntil)}, {attribution.HoldDays} days after {(draft.InvoiceId is null ? "it happened" : "the payment")}{(attribution.IsNoticed ? $", {ProductTelling.NoticedDays} of them because only a cookie showed the code" : "")}{(waits is null ? "" : ", and not before what it waits for is settled")}.", null, []);
        return new StandingReward(draft.Component, draft.Scope, draft.InvoiceId, draft.Earned, draft.Reversed, draft.At, holdUntil,
            new Explanation(summary, null, revision.CampaignId, revision.Number, draft.Rule.Place, [.. draft.Steps, hold]))
        {
            Key = key,
            WaitsFor = waits,
            NetBeforeCap = draft.NetBeforeCap,
        };
    }

    private static IEnumerable<Payment> OneOffCharges(List<ToldFact> facts, MoneyBack back)
    {
        foreach (var told in facts)
        {
            if (told.Fact is not ChargeSucceeded charge || back.IsLinked(told.Scope, charge.ChargeId)) continue;
            var currency = Currency.Parse(charge.Currency);
            const string Says = "A charge without an invoice: rewards are counted from paid invoices, so that no payment counts twice.";
            yield return new Payment("charge", told.Scope, charge.ChargeId, charge.CustomerId, new Money(charge.Amount, currency), new Money(back.OfCharge(told.Scope, charge.ChargeId)?.GoneBack ?? 0, currency),
                charge.OccurredAt, ReasonCodes.ChargeWithoutInvoice, new Explanation(Says, ReasonCodes.ChargeWithoutInvoice, null, null, null,
                    [new ExplanationStep("payment", Says, null, [new Evidence(told.EventId, told.ProviderEventId, "$.data.object.id", charge.ChargeId)])]));
        }
    }
}

/// <summary>Later moments that stay within the calendar: payloads may claim any year up to 9999.</summary>
internal static class LaterMoments
{
    /// <summary>So many calendar months later, the day clamped to the month's last.</summary>
    public static DateTimeOffset MonthsLater(this DateTimeOffset at, int months) => at > DateTimeOffset.MaxValue.AddMonths(-months) ? DateTimeOffset.MaxValue : at.AddMonths(months);

    /// <summary>So many days later.</summary>
    public static DateTimeOffset DaysLater(this DateTimeOffset at, int days) => at > DateTimeOffset.MaxValue.AddDays(-days) ? DateTimeOffset.MaxValue : at.AddDays(days);
}
