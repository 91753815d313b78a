using System.Globalization;
using Portal.Core.Campaigns;
using Portal.Core.Facts;
using Portal.Core.Reviews;

namespace Portal.Core.Rewards;

/// <summary>Who is credited: the first valid code in the order of what happened wins and stays. A later different code is a case for a person.</summary>
public static class AttributionFold
{
    /// <summary>Finds the winning code among the claims of all customers of the referral.</summary>
    /// <param name="story">The referral.</param>
    /// <param name="facts">Its facts, in order of occurrence.</param>
    /// <param name="signedUpAt">When the person signed up: decides which revision binds.</param>
    /// <param name="cases">Takes what no rule may decide.</param>
    public static Attribution Attribute(ReferralStory story, IReadOnlyList<ToldFact> facts, DateTimeOffset? signedUpAt, List<UnclearCase> cases)
    {
        var steps = new List<ExplanationStep>();
        if (story.NewUserId is null)
        {
            steps.Add(new("identity", "The customer carries no new_user_id, so there is nobody to attribute to. Add cello_ucc and new_user_id to the customer's metadata.", null, []));
            return new Attribution(null, null, null, ReasonCodes.NoIdentity, steps);
        }

        var claims = facts.Where(f => f.Fact.Claim is not null).ToList();
        var identified = claims.First(f => f.Fact.Claim!.NewUserId == story.NewUserId);
        steps.Add(new("identity", $"Customer {identified.Fact.CustomerId} is the product's user {story.NewUserId}.", null,
            [Read(identified, "new_user_id", story.NewUserId)]));
        NoteChangedIdentities(story.NewUserId, claims, cases);

        (ToldFact Told, KnownCode Code)? winner = null;
        ToldFact? unknown = null, own = null;
        foreach (var told in claims)
        {
            var claim = told.Fact.Claim!;
            if (claim.Code is null || (claim.NewUserId is not null && claim.NewUserId != story.NewUserId)) continue;
            if (!story.Codes.TryGetValue(claim.Code, out var code)) unknown ??= told;
            else if (code.ProductUserId == story.NewUserId) own ??= told;
            else if (winner is null) winner = (told, code);
            else if (winner.Value.Code.Code != code.Code) NoteChangedCode(story.NewUserId, winner.Value.Told, told, cases);
        }

        if (winner is not var (first, known))
        {
            var (reason, says, evidence) = (own, unknown) switch
            {
                ({ } told, _) => (ReasonCodes.SelfReferral, $"Code {told.Fact.Claim!.Code} belongs to {story.NewUserId}: nobody refers themselves.", Read(told, "cello_ucc", told.Fact.Claim.Code!)),
                (_, { } told) => (ReasonCodes.UnknownCode, $"Code {told.Fact.Claim!.Code} belongs to no referrer here.", Read(told, "cello_ucc", told.Fact.Claim.Code!)),
                _ => (ReasonCodes.NoCode, $"No referral code was ever seen for {story.NewUserId}: the person came without a referrer.", null),
            };
            steps.Add(new("attribution", says, null, evidence is null ? [] : [evidence]));
            return new Attribution(null, null, null, reason, steps);
        }

        var knownAt = first.Fact.OccurredAt > identified.Fact.OccurredAt ? first.Fact.OccurredAt : identified.Fact.OccurredAt;
        steps.Add(new("attribution",
            $"Code {known.Code} of referrer {known.ProductUserId} was the first valid one and stays; it became known on {Day(knownAt)}.", null,
            [Read(first, "cello_ucc", known.Code)]));
        var revision = story.Campaigns.TryGetValue(known.CampaignId, out var history)
            ? history.BindingAt(signedUpAt ?? knownAt)
            : Revision.None(known.CampaignId);
        steps.Add(new("revision", revision.Number == 0
            ? $"Campaign {known.CampaignId} had no rules when {story.NewUserId} signed up on {Day(signedUpAt ?? knownAt)}."
            : $"Revision {revision.Number} of campaign {known.CampaignId} (from {Day(revision.EffectiveFrom)}) was in force at the signup on {Day(signedUpAt ?? knownAt)} and binds this referral.", null, []));
        return new Attribution(known, knownAt, revision, null, steps);
    }

    /// <summary>A date as explanations write it.</summary>
    internal static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static Evidence Read(ToldFact told, string key, string value) =>
        new(told.EventId, told.ProviderEventId, $"{told.Fact.Claim!.Path}.{key}", value);

    private static void NoteChangedCode(string newUserId, ToldFact first, ToldFact later, List<UnclearCase> cases)
    {
        if (cases.Exists(c => c.Kind == ReviewKinds.CodeChanged)) return;
        cases.Add(new UnclearCase(ReviewKinds.CodeChanged, newUserId, later.Fact.CustomerId,
            $"{newUserId} was referred by code {first.Fact.Claim!.Code}; later code {later.Fact.Claim!.Code} came. The first stays until a person decides otherwise.",
            [Read(first, "cello_ucc", first.Fact.Claim!.Code!), Read(later, "cello_ucc", later.Fact.Claim!.Code!)]));
    }

    private static void NoteChangedIdentities(string newUserId, List<ToldFact> claims, List<UnclearCase> cases)
    {
        foreach (var other in claims.Where(c => c.Fact.Claim!.NewUserId is { } id && id != newUserId).DistinctBy(c => (c.Scope, c.Fact.CustomerId)))
        {
            cases.Add(new UnclearCase(ReviewKinds.IdentityChanged, $"{other.Scope}/{other.Fact.CustomerId}", other.Fact.CustomerId,
                $"Customer {other.Fact.CustomerId} was first {newUserId} and later {other.Fact.Claim!.NewUserId}. The first stays until a person decides otherwise.",
                [Read(other, "new_user_id", other.Fact.Claim!.NewUserId!)]));
        }
    }
}
