using System.Globalization;
using Portal.Core.Campaigns;
using Portal.Core.Facts;
using Portal.Core.Referrals;
using Portal.Core.Reviews;

namespace Portal.Core.Rewards;

/// <summary>Who is credited: the first valid code in the order of what happened wins and stays. A later different code is a case for a person.</summary>
internal static class AttributionFold
{
    /// <summary>Finds the winning code among the claims of all customers of the referral.</summary>
    /// <param name="story">The referral.</param>
    /// <param name="facts">Its facts, in order of occurrence.</param>
    /// <param name="signedUpAt">When it signed up: decides which revision binds.</param>
    /// <param name="cases">Takes what no rule may decide.</param>
    public static Attribution Attribute(ReferralStory story, IReadOnlyList<ToldFact> facts, DateTimeOffset? signedUpAt, CaseBook cases)
    {
        var steps = new List<ExplanationStep>();
        if (story.Identity is not { } identity)
        {
            steps.Add(new("identity", "The customer carries no new_user_id, so there is nobody to attribute to. Add cello_ucc and new_user_id to the customer's metadata.", null, []));
            return new Attribution(null, null, null, ReasonCodes.NoIdentity, steps);
        }

        var claims = facts.Where(f => f.Fact.Claim is not null).ToList();
        var identified = claims.Find(f => Identifies(f.Fact.Claim!, identity)) ?? claims[0];
        steps.Add(identity.Kind == IdentityKind.User
            ? new("identity", $"Customer {identified.Fact.CustomerId} is the product's user {identity.Id}.", null, [Read(identified, "new_user_id", identity.Id)])
            : new("identity", $"Customer {identified.Fact.CustomerId} belongs to organisation {identity.Id}: the campaign rewards organisations, and all of its users and customers are one referral.", null,
                [Read(identified, "new_user_organization_id", identity.Id)]));
        NoteChangedIdentities(story, claims, cases);

        var valid = new List<(ToldFact Told, KnownCode Code)>();
        ToldFact? unknown = null, own = null;
        foreach (var told in claims)
        {
            var claim = told.Fact.Claim!;
            if (claim.Code is null || IsOfAnother(claim, identity)) continue;
            if (!story.Codes.TryGetValue(claim.Code, out var code)) unknown ??= told;
            else if (identity.Kind == IdentityKind.User && code.ProductUserId == identity.Id) own ??= told;
            else if (!valid.Exists(v => v.Code.Code == code.Code)) valid.Add((told, code));
        }
        if (valid.Count == 0) return Nobody(identity, own, unknown, steps);

        var (first, known) = Choose(identity, valid, cases, steps);
        var knownAt = valid[0].Told.Fact.OccurredAt > identified.Fact.OccurredAt ? valid[0].Told.Fact.OccurredAt : identified.Fact.OccurredAt;
        steps.Add(new("attribution",
            $"Code {known.Code} of referrer {known.ProductUserId} was {(first == valid[0].Told ? "the first valid one and stays" : "chosen by a person")}; it became known on {Day(knownAt)}.", null,
            [Read(first, "cello_ucc", known.Code)]));
        if (SelfReferral.Judge(story, identity, known, facts, cases) is var (self, waits))
        {
            steps.Add(self);
            if (!waits) return new Attribution(null, null, null, ReasonCodes.SelfReferral, steps);
        }
        var revision = Binding(story, known, signedUpAt ?? knownAt);
        steps.Add(new("revision", revision.Number == 0
            ? $"Campaign {known.CampaignId} had no rules when {identity} signed up on {Day(signedUpAt ?? knownAt)}."
            : $"Revision {revision.Number} of campaign {known.CampaignId} (from {Day(revision.EffectiveFrom)}) was in force at the signup on {Day(signedUpAt ?? knownAt)} and binds this referral.", null, []));
        return new Attribution(known, knownAt, revision, null, steps) { IsNoticed = first.Scope == ProductTelling.Noticed };
    }

    /// <summary>A date as explanations write it.</summary>
    internal static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The revision of a code's campaign that binds a signup.</summary>
    internal static Revision Binding(ReferralStory story, KnownCode code, DateTimeOffset signedUpAt) =>
        story.Campaigns.TryGetValue(code.CampaignId, out var history) ? history.BindingAt(signedUpAt) : Revision.None(code.CampaignId);

    private static Attribution Nobody(Identity identity, ToldFact? own, ToldFact? unknown, List<ExplanationStep> steps)
    {
        var (reason, says, evidence) = (own, unknown) switch
        {
            ({ } told, _) => (ReasonCodes.SelfReferral, $"Code {told.Fact.Claim!.Code} belongs to {identity}: nobody refers themselves.", Read(told, "cello_ucc", told.Fact.Claim.Code!)),
            (_, { } told) => (ReasonCodes.UnknownCode, $"Code {told.Fact.Claim!.Code} belongs to no referrer here.", Read(told, "cello_ucc", told.Fact.Claim.Code!)),
            _ => (ReasonCodes.NoCode, $"No referral code was ever seen for {identity}: the newcomer came without a referrer.", null),
        };
        steps.Add(new("attribution", says, null, evidence is null ? [] : [evidence]));
        return new Attribution(null, null, null, reason, steps);
    }

    /// <summary>The first valid code, unless a person gave the referral to a later one; of several such decisions the newest stands.</summary>
    private static (ToldFact Told, KnownCode Code) Choose(Identity identity, List<(ToldFact Told, KnownCode Code)> valid, CaseBook cases, List<ExplanationStep> steps)
    {
        var (winner, newest) = (valid[0], 0L);
        foreach (var later in valid.Skip(1))
        {
            var decision = cases.Ask(new UnclearCase(ReviewKinds.CodeChanged, $"{identity.Key}/{later.Code.Code}", later.Told.Fact.CustomerId,
                $"{identity} was referred by code {valid[0].Code.Code} of {valid[0].Code.ProductUserId}; later code {later.Code.Code} of {later.Code.ProductUserId} came. The first stays until a person decides otherwise.",
                [Read(valid[0].Told, "cello_ucc", valid[0].Code.Code), Read(later.Told, "cello_ucc", later.Code.Code)],
                [new(ReviewKinds.Keep, $"{valid[0].Code.ProductUserId} keeps the referral."), new(ReviewKinds.Switch, $"{later.Code.ProductUserId} is credited with the whole referral, from its start.")]));
            if (decision is not { Choice: ReviewKinds.Switch } || decision.Id < newest) continue;
            (winner, newest) = (later, decision.Id);
            steps.Add(new("review", $"A person gave the referral to code {later.Code.Code}.", null, [Read(later.Told, "cello_ucc", later.Code.Code)]));
        }
        return winner;
    }

    private static bool Identifies(Claim claim, Identity identity) =>
        identity.Kind == IdentityKind.User ? claim.NewUserId == identity.Id : claim.OrganizationId == identity.Id;

    private static bool IsOfAnother(Claim claim, Identity identity) =>
        identity.Kind == IdentityKind.User ? claim.NewUserId is { } user && user != identity.Id : claim.OrganizationId is { } other && other != identity.Id;

    private static Evidence Read(ToldFact told, string key, string value) =>
        new(told.EventId, told.ProviderEventId, $"{told.Fact.Claim!.Path}.{key}", value);

    private static void NoteChangedIdentities(ReferralStory story, List<ToldFact> claims, CaseBook cases)
    {
        if (story.Identity!.Kind == IdentityKind.Organization) return;   // all users of an organisation are one referral
        var isOfMoney = claims.Exists(c => c.Fact.Claim!.Code is { } code && story.Codes.ContainsKey(code));
        foreach (var customer in claims.Where(c => c.Fact.CustomerId is not null && c.Fact.Claim!.NewUserId is not null).GroupBy(c => (c.Scope, c.Fact.CustomerId)))
        {
            var first = customer.First();
            foreach (var later in customer.Where(c => c.Fact.Claim!.NewUserId != first.Fact.Claim!.NewUserId).DistinctBy(c => c.Fact.Claim!.NewUserId))
            {
                // A customer that was moved may have left the code, and the money, behind: the question stays, so that the decision can be taken back.
                if (isOfMoney || story.Decisions.GetValueOrDefault(IdentityCase.Key(later)) is { Choice: ReviewKinds.Move }) cases.Ask(IdentityCase.Of(first, later));
            }
        }
    }
}

/// <summary>A customer that was first one person and then another.</summary>
public static class IdentityCase
{
    /// <summary>The key of the case that a later identity opens.</summary>
    public static string Key(ToldFact later) => $"{ReviewKinds.IdentityChanged}:{Subject(later)}";

    /// <summary>The case.</summary>
    /// <param name="first">The telling of the first identity.</param>
    /// <param name="later">The first telling of the other one.</param>
    public static UnclearCase Of(ToldFact first, ToldFact later) => new(
        ReviewKinds.IdentityChanged, Subject(later), later.Fact.CustomerId,
        $"Customer {later.Fact.CustomerId} was first {first.Fact.Claim!.NewUserId} and later {later.Fact.Claim!.NewUserId}. The first stays until a person decides otherwise.",
        [new(first.EventId, first.ProviderEventId, $"{first.Fact.Claim.Path}.new_user_id", first.Fact.Claim.NewUserId!), new(later.EventId, later.ProviderEventId, $"{later.Fact.Claim.Path}.new_user_id", later.Fact.Claim.NewUserId!)],
        [new(ReviewKinds.Keep, $"The customer stays {first.Fact.Claim.NewUserId}."), new(ReviewKinds.Move, $"The customer is {later.Fact.Claim.NewUserId}, with all of its payments.")]);

    private static string Subject(ToldFact later) => $"{later.Scope}/{later.Fact.CustomerId}/{later.Fact.Claim!.NewUserId}";
}
