using System.Globalization;

namespace Portal.Core.Campaigns;

/// <summary>One thing that a revision says, as a sentence.</summary>
/// <param name="Topic">What it is about: two revisions are laid side by side topic by topic.</param>
/// <param name="Says">The sentence.</param>
/// <param name="IsSilent">Whether it only says that there is nothing to say, such as no limit.</param>
public sealed record TermLine(string Topic, string Says, bool IsSilent = false);

/// <summary>Rules in words.</summary>
public static class RevisionWords
{
    /// <summary>All that a revision says.</summary>
    public static IReadOnlyList<TermLine> Of(RevisionTerms terms) =>
    [
        .. terms.Rules.Count == 0
            ? [new TermLine("Rule 1", "Nothing is earned: there are no rules.")]
            : terms.Rules.Select(r => new TermLine($"Rule {r.Place}", Sentence(Of(r, terms.Base)))),
        terms.CapPerReferral is { } cap ? new("Limit per referral", $"At most {cap} per referral.") : new("Limit per referral", "No limit per referral.", true),
        terms.CapPerReferrer is { } own ? new("Limit per referrer", $"At most {own.Amount} per referrer{Of(own.Period)}.") : new("Limit per referrer", "No limit per referrer.", true),
        terms.MinimumInvoice is { } least ? new("Smallest invoice", $"Invoices below {least} earn nothing.") : new("Smallest invoice", "Invoices of any size count.", true),
        new("Hold", terms.HoldDays == 0 ? "Payable at once." : $"Payable {Days(terms.HoldDays)} after payment."),
        new("Late attribution", terms.LateAttributionDays == 0
            ? "Payments before the attribution became known earn nothing."
            : $"Payments more than {Days(terms.LateAttributionDays)} before the attribution became known earn nothing."),
        terms.SpreadAnnualOverMonths ? new("Annual payments", "The reward of an annual payment becomes payable in twelve monthly parts.") : new("Annual payments", "The reward of an annual payment is payable as a whole.", true),
        terms.RewardOrganizations ? new("Organisations", "An organisation with all its users is one referral.") : new("Organisations", "Each user is a referral of their own.", true),
        terms.NewUser is { } newcomer
            ? new("Newcomer's reward", $"The newcomer gets {newcomer.Percent} off{(newcomer.Months is { } m ? $" for {Months(m)}" : "")}{(newcomer.CouponId is { } coupon ? $", by coupon {coupon}" : "")}; the billing system grants it.")
            : new("Newcomer's reward", "No reward for the newcomer.", true),
    ];

    /// <summary>The same in one line: rules, limits and hold.</summary>
    public static string InShort(RevisionTerms terms) => terms.Rules.Count == 0
        ? "Nothing is earned: there are no rules."
        : Sentence(string.Join("; ", terms.Rules.Select(r => Of(r, terms.Base)).Concat(Of(terms).Where(l => l.Topic.StartsWith("Limit", StringComparison.Ordinal) && !l.IsSilent || l.Topic == "Hold").Select(l => Small(l.Says.TrimEnd('.'))))));

    private static string Of(RewardRule rule, RewardBase on)
    {
        var what = rule.Kind switch
        {
            RuleKind.Signup => "for the signup",
            RuleKind.Demo => "for the attended demonstration",
            RuleKind.FirstPurchase => "for the first purchase",
            _ => "for each purchase",
        };
        var of = $"of what is collected {(on == RewardBase.NetOfTax ? "without tax" : "with tax")}";
        var rate = rule.Rate switch
        {
            FlatRate flat => $"{flat.Amount} {what}",
            PercentRate percent => $"{percent.Percent} {of}",
            TieredRate { By: TierBy.Month } tiers => $"{Steps(tiers, from => $"month {from}")} of the referral, {of}",
            TieredRate tiers => $"{Steps(tiers, from => $"the {Ordinal(from)}")} paying referral of the referrer, {of}",
            _ => "nothing",
        };
        return rate + Only(rule)
            + (rule.MaxMonths is { } months ? $", for {Months(months)} from the first payment" : "")
            + (rule.MaxPayments is { } payments ? $", for the first {(payments == 1 ? "payment" : $"{payments.ToString(CultureInfo.InvariantCulture)} payments")} of a referral" : "");
    }

    private static string Steps(TieredRate tiers, Func<int, string> from) => string.Join(", ", tiers.Steps.Select(s => $"{s.Percent} from {from(s.From)}"));

    private static string Only(RewardRule rule)
    {
        if (!rule.IsFiltered) return "";
        string[] named = [.. rule.ProductIds.Order(StringComparer.Ordinal).Select(p => $"product {p}"), .. rule.PriceIds.Order(StringComparer.Ordinal).Select(p => $"price {p}")];
        return $", only for {string.Join(", ", named)}";
    }

    private static string Of(CapPeriod period) => period switch
    {
        CapPeriod.Month => " and calendar month",
        CapPeriod.Quarter => " and calendar quarter",
        CapPeriod.Year => " and calendar year",
        _ => ", for ever",
    };

    private static string Months(int months) => months == 1 ? "1 month" : $"{months.ToString(CultureInfo.InvariantCulture)} months";

    private static string Days(int days) => days == 1 ? "1 day" : $"{days.ToString(CultureInfo.InvariantCulture)} days";

    private static string Ordinal(int n) => (n % 100, n % 10) switch
    {
        (11 or 12 or 13, _) => $"{n}th",
        (_, 1) => $"{n}st",
        (_, 2) => $"{n}nd",
        (_, 3) => $"{n}rd",
        _ => $"{n}th",
    };

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..] + ".";

    private static string Small(string words) => char.ToLowerInvariant(words[0]) + words[1..];
}
