using Portal.Core.Campaigns;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Rates;
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
    private ((int WhoIsWho, int Known) AsOf, ILookup<string?, CustomerKey> Customers)? _byIdentity;

    public PortalEnvironment Environment => environment;

    public KnownFacts Facts { get; } = new(environment);

    public Dictionary<CustomerKey, Customer> Customers { get; } = [];

    /// <summary>By the identity's key.</summary>
    public Dictionary<string, Referral> Referrals { get; } = [];

    public Dictionary<string, RewardLine> Rewards { get; } = [];

    public Dictionary<(string Scope, string Kind, string ExternalId), TransactionLine> Transactions { get; } = [];

    /// <summary>The rewards of each referral.</summary>
    public Grouped<Referral, RewardLine> RewardsOf { get; } = new();

    /// <summary>The transactions that each customer has, or had at some moment of the run.</summary>
    public Grouped<CustomerKey, TransactionLine> TransactionsOf { get; } = new();

    public Dictionary<string, CaseLine> Cases { get; } = [];

    /// <summary>The decision that stands about each case, by the case's key.</summary>
    public Dictionary<string, Decision> Decisions { get; set; } = [];

    public List<InboundEvent> Waiting { get; } = [];

    public Dictionary<string, KnownCode> Codes { get; } = [];

    public Dictionary<string, RevisionHistory> Campaigns { get; } = [];

    public RateTable Rates { get; set; } = RateTable.Empty;

    /// <summary>The referrals of each code whose rules look across referrals.</summary>
    public Dictionary<string, ReferrerCircle> Circles { get; } = [];

    /// <summary>Codes whose other referrals must be folded again: what one of them brought has changed.</summary>
    public HashSet<string> Stirred { get; } = [];

    /// <summary>The request that this run answers: what the run stirs must be asked for anew.</summary>
    public long? Answers { get; init; }

    /// <summary>The last erasure before the book was loaded: after another one it holds what must not be written any more.</summary>
    public long? ErasuresUpTo { get; set; }

    /// <summary>Users of whom an organisation became known, or is so no longer: if they refer others, self-referral is to be judged again.</summary>
    public HashSet<string> Colleagues { get; } = [];

    /// <summary>The customers whose referrals, or who alone, were folded.</summary>
    public HashSet<CustomerKey> FoldedCustomers { get; } = [];

    /// <summary>How many folds that took.</summary>
    public int Folded { get; set; }

    /// <summary>Entities that exist and changed.</summary>
    public HashSet<object> Changed { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Entities that are new.</summary>
    public HashSet<object> Added { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The postings, in order.</summary>
    public List<(RewardLine Line, EntrySetKind Kind, long Amount, Cause Cause)> Postings { get; } = [];

    /// <summary>Whether an organisation may be one referral.</summary>
    public bool RewardsOrganizations => Campaigns.Values.Any(h => h.RewardsOrganizations);

    /// <summary>All customers of the book.</summary>
    public IEnumerable<CustomerKey> KnownCustomers => Facts.Customers.Union(Customers.Keys);

    /// <summary>Adds a reward.</summary>
    public RewardLine Add(RewardLine line)
    {
        Rewards[line.Key] = line;
        RewardsOf.Add(line.Referral, line);
        return line;
    }

    /// <summary>
    /// Who a customer is: the organisation that it was first said to belong to, where that is one referral; else the first user that it
    /// was said to be, unless a person moved it to a later one.
    /// </summary>
    public Identity? IdentityOf(CustomerKey customer)
    {
        if (OrganizationOf(customer) is { } organization && IsOneReferral(organization)) return Identity.Organization(organization);
        return UserOf(customer) is { } user ? Identity.User(user) : null;
    }

    /// <summary>The organisation that a customer was first said to belong to.</summary>
    public string? OrganizationOf(CustomerKey customer) =>
        Facts.ClaimsOf(customer).FirstOrDefault(c => c.Fact.Claim!.OrganizationId is not null)?.Fact.Claim!.OrganizationId;

    /// <summary>The user that a customer is.</summary>
    public string? UserOf(CustomerKey customer)
    {
        var claims = Facts.ClaimsOf(customer).Where(c => c.Fact.Claim!.NewUserId is not null).ToList();
        if (claims.Count == 0) return null;
        return claims.Skip(1).Select(later => Decisions.GetValueOrDefault(IdentityCase.Key(later)) is { Choice: ReviewKinds.Move } moved ? (Moved: moved.Id, later.Fact.Claim!.NewUserId) : default)
            .Where(m => m.NewUserId is not null).OrderByDescending(m => m.Moved).FirstOrDefault().NewUserId ?? claims[0].Fact.Claim!.NewUserId;
    }

    /// <summary>The customers that were first said to belong to an organisation.</summary>
    public List<CustomerKey> CustomersOf(string organization) => [.. KnownCustomers.Where(c => OrganizationOf(c) == organization)];

    /// <summary>The customers of each identity, by its key; those without one by none. Only where organisations are rewarded does who one is depend on others.</summary>
    public ILookup<string?, CustomerKey> CustomersByIdentity()
    {
        var asOf = (Facts.WhoIsWho, Customers.Count);
        if (_byIdentity is { } known && known.AsOf == asOf && !RewardsOrganizations) return known.Customers;
        var customers = KnownCustomers.ToLookup(c => IdentityOf(c)?.Key);
        _byIdentity = (asOf, customers);
        return customers;
    }

    /// <summary>All that a fold of these customers depends on.</summary>
    public ReferralStory Story(Identity? identity, IReadOnlyCollection<CustomerKey> customers) => new(identity, Facts.StoryOf(customers), Codes, Campaigns)
    {
        Decisions = Decisions,
        Rates = Rates,
        Circles = Circles.ToDictionary(c => c.Key, c => c.Value.Without(identity?.Key)),
    };

    /// <summary>Whether the first valid code among an organisation's customers is of a campaign that rewarded organisations at its signup.</summary>
    private bool IsOneReferral(string organization)
    {
        if (!RewardsOrganizations) return false;
        var customers = CustomersOf(organization);
        var claims = customers.SelectMany(Facts.ClaimsOf).Order(ToldFact.ByOccurrence).ToList();
        if (claims.Find(c => c.Fact.Claim!.Code is { } code && Codes.ContainsKey(code)) is not { } first) return false;
        var signedUpAt = customers.SelectMany(Facts.Of).Select(t => t.Fact).OfType<CustomerSeen>().Select(s => s.CreatedAt).Append(claims[0].Fact.OccurredAt).Min();
        return Campaigns.TryGetValue(Codes[first.Fact.Claim!.Code!].CampaignId, out var history) && history.BindingAt(signedUpAt).Terms.RewardOrganizations;
    }
}

/// <summary>Things by what they belong to; one thing may belong to several.</summary>
internal sealed class Grouped<TKey, T> where TKey : notnull
{
    private readonly Dictionary<TKey, HashSet<T>> _groups = [];

    public IReadOnlyCollection<T> this[TKey key] => _groups.TryGetValue(key, out var group) ? group : [];

    public void Add(TKey key, T thing)
    {
        if (!_groups.TryGetValue(key, out var group)) _groups[key] = group = [];
        group.Add(thing);
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

    /// <summary>It stood before and stands no longer.</summary>
    public bool Gone { get; set; }
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

    /// <summary>Later facts answered the question.</summary>
    public bool Answered { get; set; }
}
