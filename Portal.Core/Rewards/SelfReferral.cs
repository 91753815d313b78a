using Portal.Core.Facts;
using Portal.Core.Referrals;
using Portal.Core.Reviews;

namespace Portal.Core.Rewards;

/// <summary>
/// People who refer themselves. The same product id is certain and earns nothing (<see cref="AttributionFold"/>); the same e-mail address
/// or organisation may have an honest reason, so a person decides and the rewards wait.
/// </summary>
internal static class SelfReferral
{
    /// <summary>Looks for signs that referrer and referred are one.</summary>
    /// <returns>Null without a sign; else the step that says so, and whether the referral goes on (waiting, or allowed by a person).</returns>
    public static (ExplanationStep Step, bool GoesOn)? Judge(ReferralStory story, Identity identity, KnownCode code, IReadOnlyList<ToldFact> facts, CaseBook cases)
    {
        if (Sign(identity, code, facts) is not var (says, evidence))
        {
            return cases.Decided($"{identity.Key}/{code.Code}")?.Choice == ReviewKinds.Reject   // the sign may have gone since, such as an address that was changed
                ? (new("review", "A person decided that it is a self-referral.", null, []), false)
                : null;
        }
        var decision = cases.Ask(new UnclearCase(ReviewKinds.SelfReferral, $"{identity.Key}/{code.Code}", evidence[0] is { } ? facts.First(f => f.EventId == evidence[0].EventId).Fact.CustomerId : null,
            $"{says} Does the referral earn?", evidence,
            [new(ReviewKinds.Reward, $"It is an honest referral of {code.ProductUserId} and earns."), new(ReviewKinds.Reject, "It is a self-referral and earns nothing.")]));
        return decision?.Choice switch
        {
            ReviewKinds.Reject => (new("review", $"{says} A person decided that it is a self-referral.", null, evidence), false),
            ReviewKinds.Reward => (new("review", $"{says} A person decided that it is an honest referral.", null, evidence), true),
            _ => (new("review", $"{says} The rewards wait until a person decides.", null, evidence), true),
        };
    }

    /// <summary>What is shown in place of an address that was erased.</summary>
    public const string ErasedAddress = "(erased)";

    /// <summary>An address as it is compared: lower case, without what follows a plus sign, and without dots where Gmail ignores them.</summary>
    public static string Normalize(string email)
    {
        var lower = email.Trim().ToLowerInvariant();
        var at = lower.LastIndexOf('@');
        if (at <= 0) return lower;
        var (name, domain) = (lower[..at], lower[(at + 1)..]);
        if (name.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus) name = name[..plus];
        if (domain is "gmail.com" or "googlemail.com") (name, domain) = (name.Replace(".", "", StringComparison.Ordinal), "gmail.com");
        return $"{name}@{domain}";
    }

    private static (string Says, IReadOnlyList<Evidence> Evidence)? Sign(Identity identity, KnownCode code, IReadOnlyList<ToldFact> facts)
    {
        if (identity.Kind == IdentityKind.Organization && facts.FirstOrDefault(f => f.Fact.Claim?.NewUserId == code.ProductUserId) is { } member)
            return ($"Referrer {code.ProductUserId} is a user of {identity}.", [Claimed(member, "new_user_id", code.ProductUserId)]);
        if (facts.FirstOrDefault(f => f.Fact.Claim?.OrganizationId is { } id && code.Organizations.Contains(id)) is { } colleague)
            return ($"Referrer {code.ProductUserId} and the newcomer belong to the same organisation, {colleague.Fact.Claim!.OrganizationId}.", [Claimed(colleague, "new_user_organization_id", colleague.Fact.Claim.OrganizationId!)]);
        if (facts.FirstOrDefault(f => f.Fact is CustomerSeen seen && SharesAddress(seen, code)) is not { } same) return null;
        var address = ((CustomerSeen)same.Fact).Email ?? ErasedAddress;
        return ($"Referrer {code.ProductUserId} and the newcomer share the e-mail address {address}.", [new(same.EventId, same.ProviderEventId, "$.data.object.email", address)]);
    }

    /// <summary>By the addresses; where one of them was erased, by what stands in for both.</summary>
    private static bool SharesAddress(CustomerSeen seen, KnownCode code) => seen.Email is { } email
        ? code.Email is { } other && Normalize(email) == Normalize(other)
        : seen.AddressMark is { } mark && mark == code.AddressMark;

    private static Evidence Claimed(ToldFact told, string key, string value) => new(told.EventId, told.ProviderEventId, $"{told.Fact.Claim!.Path}.{key}", value);
}
