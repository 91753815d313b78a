using Portal.Core.Campaigns;
using Portal.Core.Facts;

namespace Portal.Core.Rewards;

/// <summary>The rules that reward something that happens once in a referral: the signup, the attended demonstration.</summary>
internal static class OnceRules
{
    /// <summary>The scope of rewards that no provider's object caused.</summary>
    public const string Scope = "portal";

    /// <summary>Their rewards.</summary>
    public static IEnumerable<RewardDraft> Drafts(Attribution attribution, IReadOnlyList<ToldFact> facts, DateTimeOffset? signedUpAt)
    {
        if (attribution.Revision is not { } revision || attribution.KnownAt is not { } knownAt || signedUpAt is not { } signup) yield break;
        var demo = facts.FirstOrDefault(f => f.Fact is DemoAttended);
        foreach (var rule in revision.Terms.Rules)
        {
            if (rule.Rate is not FlatRate flat) continue;
            var at = rule.Kind switch { RuleKind.Signup => signup, RuleKind.Demo => demo?.Fact.OccurredAt, _ => null };
            if (at is not { } happened || happened < knownAt.AddDays(-revision.Terms.LateAttributionDays)) continue;
            yield return new RewardDraft
            {
                Rule = rule,
                Scope = Scope,
                At = happened,
                Earned = flat.Amount,
                Net = flat.Amount,
                Steps = [.. attribution.Steps, new("reward", $"Rule {rule.Place}: {flat.Amount} for the {(rule.Kind == RuleKind.Signup ? "signup" : "attended demonstration")} on {AttributionFold.Day(happened)}.", $"fixed = {flat.Amount}",
                    rule.Kind == RuleKind.Demo ? [new(demo!.EventId, demo.ProviderEventId, null, demo.Fact.Kind)] : [])],
            };
        }
    }
}
