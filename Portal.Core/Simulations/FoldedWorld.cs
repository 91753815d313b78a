using Portal.Core.Campaigns;
using Portal.Core.Pipeline;
using Portal.Core.Referrals;
using Portal.Core.Rewards;

namespace Portal.Core.Simulations;

/// <summary>Some codes of a campaign, folded by one history of revisions: today's, or today's with the draft.</summary>
/// <param name="campaignId">The campaign.</param>
/// <param name="history">Its revisions.</param>
/// <param name="codes">The codes.</param>
/// <param name="period">What is kept.</param>
internal sealed class FoldedWorld(string campaignId, RevisionHistory history, IReadOnlyCollection<string> codes, SimulatedPeriod period)
{
    private readonly Dictionary<string, ReferrerCircle> _circles = codes.ToDictionary(c => c, _ => new ReferrerCircle(), StringComparer.Ordinal);
    private readonly Dictionary<string, string> _codeOf = [];
    private readonly HashSet<string> _folded = [];
    private readonly Dictionary<string, Dictionary<string, SimulatedReferral>> _referrals = codes.ToDictionary(c => c, _ => new Dictionary<string, SimulatedReferral>(), StringComparer.Ordinal);

    /// <summary>
    /// How often all referrals of a code are to be folded: a fold needs to know when the others first paid where shares depend on it, and
    /// after that what the others brought where a limit per referrer does.
    /// </summary>
    public int Passes => 1 + (history.HasTiersByReferral ? 1 : 0) + (history.HasCapPerReferrer ? 1 : 0);

    /// <summary>The referrals of a code by identity, as the last pass left them.</summary>
    public IReadOnlyDictionary<string, SimulatedReferral> Of(string code) => _referrals[code];

    /// <summary>Begins a pass over all customers of the codes.</summary>
    public void Begin() => _folded.Clear();

    /// <summary>Folds all referrals of some customers.</summary>
    public void Fold(ReferralBook book, IEnumerable<CustomerKey> customers)
    {
        book.Campaigns[campaignId] = history;
        var customersOf = book.KnownCustomers.Select(c => (Customer: c, Identity: book.IdentityOf(c))).ToLookup(c => c.Identity?.Key, c => c.Customer);
        foreach (var identity in customers.Select(book.IdentityOf).OfType<Identity>())
        {
            if (_folded.Add(identity.Key)) Fold(book, identity, [.. customersOf[identity.Key]]);
        }
    }

    private void Fold(ReferralBook book, Identity identity, IReadOnlyCollection<CustomerKey> customers)
    {
        var story = book.Story(identity, customers);
        if (_codeOf.TryGetValue(identity.Key, out var known)) story = story with { Circles = new Dictionary<string, Circle> { [known] = _circles[known].Without(identity.Key) } };
        var folded = ReferralFold.Fold(story);
        if (folded.Attribution.Code?.Code is not { } code || !_circles.TryGetValue(code, out var circle)) return;
        _referrals[code][identity.Key] = SimulatedReferral.Of(folded, period);
        if (!history.LooksAcrossReferrals) return;
        _codeOf[identity.Key] = code;
        circle.Set(identity.Key, folded.FirstPaidAt, ReferrerCircle.ClaimsOf(folded));
    }
}
