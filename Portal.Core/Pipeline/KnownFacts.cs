using Portal.Core.Facts;

namespace Portal.Core.Pipeline;

/// <summary>The facts of some referrals, joined to customers by the ids of their payments. What an event adds is noted, to be saved.</summary>
internal sealed class KnownFacts(PortalEnvironment environment)
{
    private readonly Dictionary<(string Scope, string NaturalKey), StoredFact> _facts = [];
    private readonly Dictionary<CustomerKey, List<StoredFact>> _byCustomer = [];
    private readonly Dictionary<LinkKey, List<StoredFact>> _byLink = [];
    private readonly Dictionary<CustomerKey, List<ToldFact>> _claims = [];

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<StoredFact> All => _facts.Values;

    /// <summary>Those that are new.</summary>
    public HashSet<StoredFact> Added { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Those of which an earlier telling came.</summary>
    public HashSet<StoredFact> Retold { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The customers that facts name.</summary>
    public IEnumerable<CustomerKey> Customers => _byCustomer.Keys;

    /// <summary>Rises where customers may have become somebody else.</summary>
    public int WhoIsWho { get; private set; }

    /// <summary>Adds what is stored.</summary>
    public void Load(StoredFact fact)
    {
        if (!_facts.TryAdd((fact.Scope, fact.NaturalKey), fact)) return;
        WhoIsWho++;
        Index(fact);
    }

    /// <summary>Lets an event tell a fact; the earliest telling of a fact stands.</summary>
    /// <returns>The customer that it was taken for until now and is not of: to be folded again too.</returns>
    public CustomerKey? Tell(ToldFact told)
    {
        if (!_facts.TryGetValue((told.Scope, told.Fact.NaturalKey), out var stored))
        {
            stored = StoredFact.From(environment, told);
            _facts.Add((told.Scope, told.Fact.NaturalKey), stored);
            Added.Add(stored);
            if (SaysWho(told)) WhoIsWho++;
            Index(stored);
            return null;
        }
        if (!told.ComesBefore(stored.Told())) return null;
        WhoIsWho++;
        var before = stored.CustomerId;
        Unindex(stored);
        stored.Retell(told);
        Index(stored);
        if (!Added.Contains(stored)) Retold.Add(stored);
        return before is not null && before != stored.CustomerId ? new CustomerKey(stored.Scope, before) : null;
    }

    /// <summary>Whether the fact is known, by this telling or another.</summary>
    public bool Knows(ToldFact told) => _facts.ContainsKey((told.Scope, told.Fact.NaturalKey));

    /// <summary>Whether telling a fact would change anything.</summary>
    public bool IsNews(ToldFact told) => !_facts.TryGetValue((told.Scope, told.Fact.NaturalKey), out var stored) || told.ComesBefore(stored.Told());

    /// <summary>Whether the payment that a fact speaks of is known for more than having been paid: refunds, disputes, credits.</summary>
    public bool IsJoinedToMoneyBack(string scope, Fact fact) => Reached(scope, fact.Links).Any(f => f.Kind is not ("chargeSucceeded" or "invoicePaid" or "paymentLinked"));

    /// <summary>The customer that a fact concerns: the one it names, else the one that another fact of the same payment names.</summary>
    public CustomerKey? CustomerOf(string scope, Fact fact)
    {
        if (fact.CustomerId is not null) return new CustomerKey(scope, fact.CustomerId);
        // Payment objects may stand between: refund → charge → payment intent → invoice → customer.
        return Reached(scope, fact.Links).Where(f => f.CustomerId is not null).Select(f => (CustomerKey?)new CustomerKey(scope, f.CustomerId!))
            .OrderBy(c => c!.Value.CustomerId, StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>Whether the payment object that a fact speaks of is known, and known to have no customer.</summary>
    public bool IsKnownWithoutCustomer(string scope, Fact fact) =>
        LinkKey.Of(scope, fact.Links).Any(link => _byLink.GetValueOrDefault(link)?.Exists(o => o.CustomerId is null && o.Kind is "chargeSucceeded" or "invoicePaid") ?? false);

    /// <summary>What was claimed of a customer, in order of occurrence.</summary>
    public IReadOnlyList<ToldFact> ClaimsOf(CustomerKey customer)
    {
        if (_claims.TryGetValue(customer, out var claims)) return claims;
        claims = [.. (_byCustomer.GetValueOrDefault(customer) ?? []).Where(f => f.MayClaim).Select(f => f.Told()).Where(t => t.Fact.Claim is not null).Order(ToldFact.ByOccurrence)];
        return _claims[customer] = claims;
    }

    /// <summary>The facts that name a customer.</summary>
    public IEnumerable<ToldFact> Of(CustomerKey customer) => (_byCustomer.GetValueOrDefault(customer) ?? []).Select(f => f.Told());

    /// <summary>The facts of some customers, with those of their payments that name no customer.</summary>
    public List<ToldFact> StoryOf(IReadOnlyCollection<CustomerKey> customers)
    {
        var story = new HashSet<StoredFact>(ReferenceEqualityComparer.Instance);
        foreach (var customer in customers)
        {
            foreach (var fact in _byCustomer.GetValueOrDefault(customer) ?? []) story.Add(fact);
        }
        var open = new Queue<StoredFact>(story);
        while (open.TryDequeue(out var fact))
        {
            foreach (var link in LinkKey.Of(fact))
            {
                foreach (var joined in _byLink[link])
                {
                    if (joined.CustomerId is null && story.Add(joined)) open.Enqueue(joined);
                }
            }
        }
        return [.. story.Select(f => f.Told())];
    }

    /// <summary>Whether a fact tells of a customer that is new, or anything else of who it is than was said before.</summary>
    private bool SaysWho(ToldFact told)
    {
        if (told.Fact.CustomerId is not { } id) return false;
        var customer = new CustomerKey(told.Scope, id);
        if (!_byCustomer.ContainsKey(customer)) return true;
        if (told.Fact.Claim is not { } claim) return false;
        var before = ClaimsOf(customer);
        return before.Count == 0 || before.Any(b => b.Fact.Claim!.NewUserId != claim.NewUserId || b.Fact.Claim.OrganizationId != claim.OrganizationId);
    }

    private HashSet<StoredFact> Reached(string scope, Links from)
    {
        var reached = new HashSet<StoredFact>(ReferenceEqualityComparer.Instance);
        var open = new Queue<Links>([from]);
        while (open.TryDequeue(out var links))
        {
            foreach (var link in LinkKey.Of(scope, links))
            {
                foreach (var fact in _byLink.GetValueOrDefault(link) ?? [])
                {
                    if (reached.Add(fact) && fact.CustomerId is null) open.Enqueue(new Links(fact.InvoiceId, fact.PaymentIntentId, fact.ChargeId));
                }
            }
        }
        return reached;
    }

    private void Index(StoredFact fact)
    {
        foreach (var link in LinkKey.Of(fact))
        {
            if (!_byLink.TryGetValue(link, out var joined)) _byLink[link] = joined = [];
            joined.Add(fact);
        }
        if (fact.CustomerId is null) return;
        var key = new CustomerKey(fact.Scope, fact.CustomerId);
        if (!_byCustomer.TryGetValue(key, out var list)) _byCustomer[key] = list = [];
        list.Add(fact);
        if (fact.MayClaim) _claims.Remove(key);
    }

    private void Unindex(StoredFact fact)
    {
        foreach (var link in LinkKey.Of(fact)) _byLink[link].Remove(fact);
        if (fact.CustomerId is null) return;
        var key = new CustomerKey(fact.Scope, fact.CustomerId);
        _byCustomer[key].Remove(fact);
        _claims.Remove(key);
    }
}

/// <summary>A payment object, with its kind, since two of a provider's objects may share an id.</summary>
internal readonly record struct LinkKey(string Scope, char Kind, string Id)
{
    public static IEnumerable<LinkKey> Of(StoredFact fact) => Of(fact.Scope, new Links(fact.InvoiceId, fact.PaymentIntentId, fact.ChargeId));

    public static IEnumerable<LinkKey> Of(string scope, Links links)
    {
        if (links.InvoiceId is not null) yield return new LinkKey(scope, 'i', links.InvoiceId);
        if (links.PaymentIntentId is not null) yield return new LinkKey(scope, 'p', links.PaymentIntentId);
        if (links.ChargeId is not null) yield return new LinkKey(scope, 'c', links.ChargeId);
    }
}
