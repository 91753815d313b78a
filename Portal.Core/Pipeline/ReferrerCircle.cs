using Portal.Core.Rewards;

namespace Portal.Core.Pipeline;

/// <summary>All referrals of one code, as far as what one of them earns may depend on the others.</summary>
internal sealed class ReferrerCircle
{
    private readonly Dictionary<string, DateTimeOffset> _firstPayments = [];
    private readonly Dictionary<string, (string Identity, PeerClaim Claim)> _claims = [];

    /// <summary>What a fold found otherwise than it stood, by identity.</summary>
    public Dictionary<string, (DateTimeOffset? FirstPaidAt, IReadOnlyList<PeerClaim> Claims)> Moved { get; } = [];

    /// <summary>What the others have brought, seen from one of them.</summary>
    public Circle Without(string? identity) => new(
        [.. _firstPayments.Where(f => f.Key != identity).Select(f => f.Value)],
        [.. _claims.Values.Where(c => c.Identity != identity).Select(c => c.Claim)]);

    /// <summary>What a fold found under a limit per referrer, before that limit.</summary>
    public static IReadOnlyList<PeerClaim> ClaimsOf(FoldedReferral folded) => folded.Attribution.Revision?.Terms.CapPerReferrer is { } cap
        ? [.. folded.Rewards.Where(r => r.NetBeforeCap is not null).Select(r => new PeerClaim(r.Key, r.At, r.Earned with { Minor = r.NetBeforeCap!.Value }, cap))]
        : [];

    /// <summary>Adds what is stored of a referral.</summary>
    public void Load(string identity, DateTimeOffset firstPaidAt) => _firstPayments[identity] = firstPaidAt;

    /// <summary>Adds what is stored of a reward under a limit per referrer.</summary>
    public void Load(string identity, PeerClaim claim) => _claims[claim.Key] = (identity, claim);

    /// <summary>Takes what a fold found of one referral.</summary>
    /// <param name="identity">The referral.</param>
    /// <param name="firstPaidAt">When it first paid; null when it did not, or is not of this code.</param>
    /// <param name="claims">Its rewards under a limit per referrer.</param>
    /// <returns>Whether the others must be folded again.</returns>
    public bool Set(string identity, DateTimeOffset? firstPaidAt, IReadOnlyList<PeerClaim> claims)
    {
        var before = _claims.Values.Where(c => c.Identity == identity).Select(c => c.Claim).ToHashSet();
        var changed = !before.SetEquals(claims) || (_firstPayments.TryGetValue(identity, out var was) ? was : null) != firstPaidAt;
        if (changed) Moved[identity] = (firstPaidAt, claims);
        foreach (var gone in before) _claims.Remove(gone.Key);
        foreach (var claim in claims) Load(identity, claim);
        if (firstPaidAt is { } at) _firstPayments[identity] = at;
        else _firstPayments.Remove(identity);
        return changed && (_firstPayments.Keys.Any(k => k != identity) || _claims.Values.Any(c => c.Identity != identity));
    }
}
