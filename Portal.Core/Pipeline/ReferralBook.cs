using Portal.Core.Campaigns;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Reviews;
using Portal.Core.Rewards;

namespace Portal.Core.Pipeline;

/// <summary>A customer of one provider account.</summary>
internal readonly record struct CustomerKey(string Scope, string CustomerId)
{
    /// <summary>What an event that waits for this customer's identity names.</summary>
    public string WaitsFor => $"customer:{Scope}/{CustomerId}";
}

/// <summary>
/// All that is stored about some referrals, in memory, with what a run changes: loaded whole, folded event by event,
/// written in one transaction.
/// </summary>
internal sealed class ReferralBook(PortalEnvironment environment)
{
    public PortalEnvironment Environment => environment;

    public Dictionary<(string Scope, string NaturalKey), StoredFact> Facts { get; } = [];

    public Dictionary<CustomerKey, Customer> Customers { get; } = [];

    public Dictionary<string, Referral> Referrals { get; } = [];

    public Dictionary<string, RewardLine> Rewards { get; } = [];

    public Dictionary<(string Scope, string Kind, string ExternalId), TransactionLine> Transactions { get; } = [];

    public Dictionary<string, CaseLine> Cases { get; } = [];

    public List<InboundEvent> Waiting { get; } = [];

    public Dictionary<string, KnownCode> Codes { get; } = [];

    public Dictionary<string, RevisionHistory> Campaigns { get; } = [];

    /// <summary>Entities that exist and changed.</summary>
    public HashSet<object> Changed { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Entities that are new.</summary>
    public HashSet<object> Added { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The postings, in order.</summary>
    public List<(RewardLine Line, EntrySetKind Kind, long Amount, Cause Cause)> Postings { get; } = [];

    private readonly Dictionary<CustomerKey, List<StoredFact>> _factsByCustomer = [];
    private readonly List<StoredFact> _orphans = [];

    /// <summary>Adds what is stored.</summary>
    public void Load(StoredFact fact)
    {
        if (!Facts.TryAdd((fact.Scope, fact.NaturalKey), fact)) return;
        Index(fact);
    }

    /// <summary>Lets an event tell a fact; the earliest telling of a fact stands.</summary>
    public void Tell(ToldFact told)
    {
        if (!Facts.TryGetValue((told.Scope, told.Fact.NaturalKey), out var stored))
        {
            stored = StoredFact.From(environment, told);
            Facts.Add((told.Scope, told.Fact.NaturalKey), stored);
            Added.Add(stored);
            Index(stored);
            return;
        }
        if (!told.ComesBefore(stored.Told())) return;
        Unindex(stored);
        stored.Retell(told);
        Index(stored);
        if (!Added.Contains(stored)) Changed.Add(stored);
    }

    /// <summary>The customer that a fact concerns: the one it names, else the one that another fact of the same payment names.</summary>
    public CustomerKey? CustomerOf(string scope, Fact fact)
    {
        if (fact.CustomerId is not null) return new CustomerKey(scope, fact.CustomerId);
        // Payment objects may stand between: refund → charge → payment intent → invoice → customer.
        var reached = new List<Links> { fact.Links };
        var followed = new HashSet<StoredFact>();
        for (var i = 0; i < reached.Count; i++)
        {
            foreach (var (key, facts) in _factsByCustomer)
            {
                if (key.Scope == scope && facts.Exists(f => Joins(f, reached[i]))) return key;
            }
            foreach (var orphan in _orphans.Where(o => o.Scope == scope && Joins(o, reached[i])))
            {
                if (followed.Add(orphan)) reached.Add(new Links(orphan.InvoiceId, orphan.PaymentIntentId, orphan.ChargeId));
            }
        }
        return null;
    }

    /// <summary>Whether the payment object that a fact speaks of is known, and known to have no customer.</summary>
    public bool IsKnownWithoutCustomer(string scope, Fact fact) =>
        _orphans.Exists(o => o.Scope == scope && o.Kind is "chargeSucceeded" or "invoicePaid" && Joins(o, fact.Links));

    /// <summary>Who a customer is: the first identity that was ever told of it.</summary>
    public string? IdentityOf(CustomerKey customer) =>
        _factsByCustomer.TryGetValue(customer, out var facts)
            ? facts.Select(f => f.Told()).Where(t => t.Fact.Claim?.NewUserId is not null).Order(ToldFact.ByOccurrence).FirstOrDefault()?.Fact.Claim!.NewUserId
            : null;

    /// <summary>All customers of the book.</summary>
    public IEnumerable<CustomerKey> KnownCustomers => _factsByCustomer.Keys.Union(Customers.Keys);

    /// <summary>The facts of some customers, with those of their payments that name no customer.</summary>
    public List<ToldFact> StoryOf(IReadOnlyCollection<CustomerKey> customers)
    {
        var own = customers.SelectMany(c => _factsByCustomer.GetValueOrDefault(c) ?? []).ToList();
        var story = new List<StoredFact>(own);
        var open = _orphans.ToList();
        for (var grown = true; grown;)
        {
            var joined = open.Where(o => story.Exists(f => f.Scope == o.Scope && Joins(f, new Links(o.InvoiceId, o.PaymentIntentId, o.ChargeId)))).ToList();
            open.RemoveAll(joined.Contains);
            story.AddRange(joined);
            grown = joined.Count > 0;
        }
        return story.ConvertAll(f => f.Told());
    }

    private static bool Joins(StoredFact fact, Links links) =>
        (fact.ChargeId is not null && fact.ChargeId == links.ChargeId)
        || (fact.PaymentIntentId is not null && fact.PaymentIntentId == links.PaymentIntentId)
        || (fact.InvoiceId is not null && fact.InvoiceId == links.InvoiceId);

    private void Index(StoredFact fact)
    {
        if (fact.CustomerId is null)
        {
            _orphans.Add(fact);
            return;
        }
        var key = new CustomerKey(fact.Scope, fact.CustomerId);
        if (!_factsByCustomer.TryGetValue(key, out var list)) _factsByCustomer[key] = list = [];
        list.Add(fact);
    }

    private void Unindex(StoredFact fact)
    {
        if (fact.CustomerId is null) _orphans.Remove(fact);
        else _factsByCustomer[new CustomerKey(fact.Scope, fact.CustomerId)].Remove(fact);
    }
}

/// <summary>A reward as it stands, new or stored, with what the run makes of it.</summary>
internal sealed class RewardLine(string key, Referral referral)
{
    public string Key => key;

    public Referral Referral => referral;

    public Reward? Stored { get; set; }

    public long Earned { get; set; }

    public long Reversed { get; set; }

    public StandingReward? Standing { get; set; }

    public KnownCode? Code { get; set; }

    public int RevisionNumber { get; set; }
}

/// <summary>A transaction as it stands, new or stored.</summary>
internal sealed class TransactionLine
{
    public Transaction? Stored { get; set; }

    public Referral? Referral { get; set; }

    public Payment? Payment { get; set; }

    /// <summary>It no longer stands: a charge that turned out to belong to an invoice.</summary>
    public bool Gone { get; set; }
}

/// <summary>A review case as it stands, new or stored.</summary>
internal sealed class CaseLine
{
    public ReviewCase? Stored { get; set; }

    public Referral? Referral { get; set; }

    public UnclearCase? Case { get; set; }
}
