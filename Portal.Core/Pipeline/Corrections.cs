using Portal.Core.Facts;
using Portal.Core.Referrals;
using Portal.Core.Rewards;

namespace Portal.Core.Pipeline;

/// <summary>A fact that should stand otherwise than it is stored.</summary>
/// <param name="Stored">As stored when it was looked at; null where it is missing.</param>
/// <param name="Stands">As it should be; null where no event tells it.</param>
internal sealed record FactCorrection(StoredFact? Stored, StoredFact? Stands);

/// <summary>
/// What a rebuild found otherwise than stored, laid over what the database gives: its folds depend on nothing that is derived and wrong.
/// Nothing of it is written from here.
/// </summary>
internal sealed class Corrections
{
    private readonly Dictionary<(string Scope, string NaturalKey), FactCorrection> _facts = [];
    private readonly Dictionary<(string Kind, string Id), List<StoredFact>> _missing = [];
    private readonly Dictionary<CustomerKey, Customer> _customers = [];
    private readonly Dictionary<string, Dictionary<string, (DateTimeOffset? FirstPaidAt, IReadOnlyList<PeerClaim> Claims)>> _circles = [];

    /// <summary>The facts, by scope and natural key.</summary>
    public IReadOnlyDictionary<(string Scope, string NaturalKey), FactCorrection> Facts => _facts;

    /// <summary>Customers that are somebody else than stored, as they should be.</summary>
    public IReadOnlyDictionary<CustomerKey, Customer> Customers => _customers;

    /// <summary>The customers that corrected facts name.</summary>
    public IEnumerable<CustomerKey> NamedCustomers => _facts.Values.SelectMany(c => new[] { c.Stored, c.Stands }).OfType<StoredFact>()
        .Where(f => f.CustomerId is not null).Select(f => new CustomerKey(f.Scope, f.CustomerId!));

    /// <summary>Notes how a fact should be.</summary>
    public void Correct((string Scope, string NaturalKey) key, FactCorrection correction)
    {
        if (_facts.TryGetValue(key, out var before) && before.Stands is { } was) ForEachId(was, (list, fact) => list.Remove(fact));
        _facts[key] = correction;
        if (correction.Stands is { } stands) ForEachId(stands, (list, fact) => list.Add(fact));
    }

    /// <summary>Notes who a customer should be.</summary>
    public void Correct(CustomerKey key, Customer customer) => _customers[key] = customer;

    /// <summary>Notes what referrals brought otherwise than stored; false where that was noted already.</summary>
    public bool Correct(string code, ReferrerCircle circle)
    {
        var changed = false;
        if (circle.Moved.Count > 0 && !_circles.ContainsKey(code)) _circles[code] = [];
        foreach (var (identity, (firstPaidAt, claims)) in circle.Moved)
        {
            if (_circles[code].TryGetValue(identity, out var was) && was.FirstPaidAt == firstPaidAt && was.Claims.ToHashSet().SetEquals(claims)) continue;
            _circles[code][identity] = (firstPaidAt, claims);
            changed = true;
        }
        return changed;
    }

    /// <summary>What a query found of facts with these ids, put right: what is wrong is exchanged or left out, what is missing is added.</summary>
    /// <param name="found">What is stored.</param>
    /// <param name="kind">The ids' kind: <c>customer</c>, <c>invoice</c>, <c>paymentIntent</c> or <c>charge</c>.</param>
    /// <param name="ids">What was asked for.</param>
    /// <param name="onlyOrphans">Only facts that name no customer.</param>
    public List<StoredFact> Right(List<StoredFact> found, string kind, IEnumerable<string> ids, bool onlyOrphans = false)
    {
        if (_facts.Count == 0) return found;
        var right = found.Select(Right).OfType<StoredFact>().Where(f => !onlyOrphans || f.CustomerId is null).ToHashSet();
        var keys = found.Select(f => (f.Scope, f.NaturalKey)).ToHashSet();
        foreach (var id in ids)
        {
            foreach (var fact in _missing.GetValueOrDefault((kind, id)) ?? [])
            {
                if (!keys.Contains((fact.Scope, fact.NaturalKey)) && (!onlyOrphans || fact.CustomerId is null)) right.Add(fact);
            }
        }
        return [.. right];
    }

    /// <summary>Customers that should belong to one of these identities or organisations.</summary>
    public IEnumerable<CustomerKey> Kin(IReadOnlyCollection<string> identities, IReadOnlyCollection<string> organizations) => _customers
        .Where(c => (c.Value.IdentityKey is { } identity && identities.Contains(identity)) || (c.Value.OrganizationId is { } organization && organizations.Contains(organization)))
        .Select(c => c.Key);

    /// <summary>The referrals of a code that brought something else than stored.</summary>
    public IEnumerable<string> PeersOf(string code) => _circles.TryGetValue(code, out var moved) ? moved.Keys : [];

    /// <summary>Puts right what is stored of a code's referrals.</summary>
    public void Right(string code, ReferrerCircle circle)
    {
        if (!_circles.TryGetValue(code, out var moved)) return;
        foreach (var (identity, (firstPaidAt, claims)) in moved) circle.Set(identity, firstPaidAt, claims);
        circle.Moved.Clear();
    }

    private StoredFact? Right(StoredFact stored)
    {
        if (!_facts.TryGetValue((stored.Scope, stored.NaturalKey), out var correction)) return stored;
        if (correction.Stored is { } looked && (looked.EventId, looked.Data, looked.CustomerId) == (stored.EventId, stored.Data, stored.CustomerId)) return correction.Stands;
        // An event told it anew meanwhile.
        return correction.Stands is { } stands && !stored.ComesBefore(stands) ? stands : stored;
    }

    private void ForEachId(StoredFact fact, Action<List<StoredFact>, StoredFact> action)
    {
        foreach (var (kind, id) in new[] { ("customer", fact.CustomerId), ("invoice", fact.InvoiceId), ("paymentIntent", fact.PaymentIntentId), ("charge", fact.ChargeId) })
        {
            if (id is null) continue;
            if (!_missing.TryGetValue((kind, id), out var list)) _missing[(kind, id)] = list = [];
            action(list, fact);
        }
    }
}
