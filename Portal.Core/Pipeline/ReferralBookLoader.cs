using Microsoft.EntityFrameworkCore;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Core.Erasure;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Rates;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Reviews;
using Portal.Core.Rewards;

namespace Portal.Core.Pipeline;

/// <summary>
/// Loads the book of all referrals that some customers and facts may touch: their customers, the customers that share an
/// identity with them, everything known about each, and everything that stands. A handful of queries, whatever the size of the batch.
/// </summary>
/// <param name="db">Where from.</param>
/// <param name="environment">Whose.</param>
/// <param name="answers">The request that the folds answer, if any.</param>
/// <param name="inputs">What persons entered, where a long run keeps it.</param>
/// <param name="corrections">What is laid over the database, where the book is only to be compared with it: such a book leaves waiting events alone.</param>
internal sealed class ReferralBookLoader(PortalDb db, PortalEnvironment environment, long? answers = null, FoldInputs? inputs = null, Corrections? corrections = null)
{
    private readonly ReferralBook _book = new(environment) { Answers = answers };
    private readonly HashSet<CustomerKey> _customers = [];
    private readonly HashSet<string> _identities = [];
    private readonly HashSet<string> _organizations = [];
    private readonly HashSet<(string Kind, string Id)> _links = [];

    private static readonly (string Kind, string Property)[] LinkProperties =
        [("invoice", nameof(StoredFact.InvoiceId)), ("paymentIntent", nameof(StoredFact.PaymentIntentId)), ("charge", nameof(StoredFact.ChargeId))];

    private (string, object?) Ours => (nameof(StoredFact.Environment), environment);

    /// <summary>
    /// Revisions of a campaign that are only tried. Organisations are followed by these and by those in force; what the referrers' other
    /// referrals brought is left out, for under other rules it is not what is stored.
    /// </summary>
    public (string CampaignId, RevisionHistory History)? Tried { get; init; }

    /// <summary>Loads for facts about to be told, and customers and referrals to be folded again.</summary>
    public async Task<ReferralBook> LoadAsync(IReadOnlyList<ToldFact> told, IEnumerable<CustomerKey> seeds, CancellationToken ct, IEnumerable<Identity>? named = null)
    {
        _book.ErasuresUpTo = await db.Erasures.MaxAsync(e => (long?)e.Id, ct);
        await LoadInputsAsync(ct);
        if (Tried is { } tried) _book.Campaigns[tried.CampaignId] = tried.History;
        var customers = seeds.ToHashSet();
        foreach (var identity in named ?? []) Follow(identity);
        foreach (var fact in told)
        {
            if (fact.Fact.CustomerId is { } id) customers.Add(new CustomerKey(fact.Scope, id));
            else Follow(fact.Fact.Links);
            Follow(fact.Fact.Claim);
        }
        foreach (var fact in await ToldBeforeAsync(told, ct))   // the same fact may have been told of another customer
        {
            if (fact.CustomerId is not null) customers.Add(new CustomerKey(fact.Scope, fact.CustomerId));
        }
        foreach (var fact in await FollowLinksAsync(onlyOrphans: false, ct))   // refund → payment intent → invoice → customer
        {
            if (fact.CustomerId is not null) customers.Add(new CustomerKey(fact.Scope, fact.CustomerId));
        }
        await FollowIdentitiesAsync(customers, ct);

        foreach (var fact in told) Follow(fact.Fact.Links);
        await FollowLinksAsync(onlyOrphans: true, ct);   // customer → invoice → payment intent → refund
        await LoadWhatStandsAsync(ct);
        await LoadCodesAsync(told, ct);
        if (Tried is null) await LoadCirclesAsync(ct);
        if (Tried is null && corrections is null) await LoadWaitingAsync(told, ct);
        return _book;
    }

    /// <summary>By what the loaded book must be held, so that no other run changes what it rests on.</summary>
    public HashSet<string> Names()
    {
        var names = new HashSet<string>();
        foreach (var customer in _customers) names.Add(LockNames.OfCustomer(environment, customer));
        foreach (var identity in _identities) names.Add(LockNames.OfIdentity(environment, identity));
        foreach (var organization in _organizations) names.Add(LockNames.OfIdentity(environment, Identity.Organization(organization).Key));
        foreach (var code in _book.Circles.Keys) names.Add(LockNames.OfCircle(environment, code));
        foreach (var orphan in _book.Facts.All.Where(f => f.CustomerId is null)) names.UnionWith(LockNames.OfLinks(environment, new Links(orphan.InvoiceId, orphan.PaymentIntentId, orphan.ChargeId)));
        return names;
    }

    private async Task<List<StoredFact>> ToldBeforeAsync(IReadOnlyList<ToldFact> told, CancellationToken ct)
    {
        var before = new List<StoredFact>();
        foreach (var some in told.GroupBy(t => t.Scope))
            before.AddRange(await StoredRows<StoredFact>.FindAsync(db, nameof(StoredFact.NaturalKey), [.. some.Select(t => t.Fact.NaturalKey)], ct, Ours, (nameof(StoredFact.Scope), some.Key)));
        foreach (var fact in before) _book.Facts.Load(fact);
        return before;
    }

    private async Task LoadInputsAsync(CancellationToken ct)
    {
        if (inputs is null)
        {
            foreach (var campaign in await db.Campaigns.Where(c => c.Environment == environment).Select(c => c.CampaignId).ToListAsync(ct))
                _book.Campaigns[campaign] = await CampaignRevisions.HistoryAsync(db, environment, campaign, ct);
            _book.Rates = await RateBook.TableAsync(db, environment, ct);
            return;
        }
        await inputs.RefreshAsync(db, ct);
        foreach (var (campaign, history) in inputs.Campaigns) _book.Campaigns[campaign] = history;
        _book.Rates = inputs.Rates;
        _book.Decisions = inputs.Decisions;
    }

    /// <summary>Loads facts until no payment object leads to another one.</summary>
    private async Task<List<StoredFact>> FollowLinksAsync(bool onlyOrphans, CancellationToken ct)
    {
        var found = new List<StoredFact>();
        var asked = new HashSet<(string Kind, string Id)>();
        while (_links.Except(asked).ToList() is { Count: > 0 } fresh)
        {
            asked.UnionWith(fresh);
            foreach (var fact in await FactsJoinedByAsync(fresh, onlyOrphans, ct))
            {
                _book.Facts.Load(fact);
                Follow(new Links(fact.InvoiceId, fact.PaymentIntentId, fact.ChargeId));
                found.Add(fact);
            }
        }
        return found;
    }

    /// <summary>Loads customers until no identity, and no organisation where they are rewarded, leads to another one.</summary>
    private async Task FollowIdentitiesAsync(HashSet<CustomerKey> customers, CancellationToken ct)
    {
        var fresh = customers;
        var (asked, askedOrganizations) = (new HashSet<string>(), new HashSet<string>());
        while (fresh.Count > 0 || _identities.Except(asked).Any() || _organizations.Except(askedOrganizations).Any())
        {
            _customers.UnionWith(fresh);
            var ids = fresh.Select(c => c.CustomerId).Distinct().ToList();
            var facts = await StoredRows<StoredFact>.FindAsync(db, nameof(StoredFact.CustomerId), ids, ct, Ours);
            foreach (var fact in corrections?.Right(facts, "customer", ids) ?? facts)
            {
                if (!_customers.Contains(new CustomerKey(fact.Scope, fact.CustomerId!))) continue;
                _book.Facts.Load(fact);
                Follow(new Links(fact.InvoiceId, fact.PaymentIntentId, fact.ChargeId));
                if (fact.MayClaim) Follow(fact.Told().Fact.Claim);
            }
            foreach (var some in fresh.GroupBy(c => c.Scope))
            {
                foreach (var customer in await StoredRows<Customer>.FindAsync(db, nameof(Customer.CustomerId), [.. some.Select(c => c.CustomerId)], ct, Ours, (nameof(Customer.Scope), some.Key))) Keep(customer);
            }

            var (people, organizations) = (_identities.Except(asked).ToList(), _organizations.Except(askedOrganizations).ToList());
            asked.UnionWith(people);
            askedOrganizations.UnionWith(organizations);
            var kin = await StoredRows<Customer>.FindAsync(db, nameof(Customer.IdentityKey), people, ct, Ours);
            kin.AddRange(await StoredRows<Customer>.FindAsync(db, nameof(Customer.OrganizationId), organizations, ct, Ours));
            fresh = kin.Select(c => new CustomerKey(c.Scope, c.CustomerId)).Concat(corrections?.Kin(people, organizations) ?? []).Where(k => !_customers.Contains(k)).ToHashSet();
        }
    }

    private void Keep(Customer customer)
    {
        var key = new CustomerKey(customer.Scope, customer.CustomerId);
        if (!_customers.Contains(key)) return;
        _book.Customers.TryAdd(key, customer);
        if (customer.IdentityKey is not null) _identities.Add(customer.IdentityKey);
    }

    private void Keep(ReviewCase review, Dictionary<long, Referral> byId) =>
        _book.Cases.TryAdd(review.Key, new CaseLine { Stored = review, Referral = review.ReferralId is { } id ? byId.GetValueOrDefault(id) : null });

    private void Keep(Transaction transaction)
    {
        var line = new TransactionLine { Stored = transaction };
        if (!_book.Transactions.TryAdd((transaction.Scope, transaction.Kind, transaction.ExternalId), line)) return;
        if (transaction.CustomerId is { } payer) _book.TransactionsOf.Add(new CustomerKey(transaction.Scope, payer), line);
    }

    private void Follow(Claim? claim)
    {
        if (claim?.NewUserId is { } user) _identities.Add(Identity.User(user).Key);
        if (claim?.OrganizationId is { } organization && _book.Campaigns.Values.Any(c => c.RewardsOrganizations)) Follow(Identity.Organization(organization));
    }

    private void Follow(Identity identity)
    {
        _identities.Add(identity.Key);
        if (identity.Kind == IdentityKind.Organization) _organizations.Add(identity.Id);
    }

    private void Follow(Links links)
    {
        if (links.InvoiceId is not null) _links.Add(("invoice", links.InvoiceId));
        if (links.PaymentIntentId is not null) _links.Add(("paymentIntent", links.PaymentIntentId));
        if (links.ChargeId is not null) _links.Add(("charge", links.ChargeId));
    }

    private async Task<List<StoredFact>> FactsJoinedByAsync(List<(string Kind, string Id)> links, bool onlyOrphans, CancellationToken ct)
    {
        var found = new List<StoredFact>();
        foreach (var (kind, property) in LinkProperties)
        {
            var ids = links.Where(l => l.Kind == kind).Select(l => l.Id).ToList();
            var stored = onlyOrphans
                ? await StoredRows<StoredFact>.FindAsync(db, property, ids, ct, Ours, (nameof(StoredFact.CustomerId), null))
                : await StoredRows<StoredFact>.FindAsync(db, property, ids, ct, Ours);
            found.AddRange(ids.Count == 0 ? [] : corrections?.Right(stored, kind, ids, onlyOrphans) ?? stored);
        }
        return found;
    }

    private async Task LoadWhatStandsAsync(CancellationToken ct)
    {
        var people = _identities.Select(k => k[(k.IndexOf(':', StringComparison.Ordinal) + 1)..]).Distinct().ToList();
        foreach (var referral in await StoredRows<Referral>.FindAsync(db, nameof(Referral.NewUserId), people, ct, Ours))
        {
            if (_identities.Contains(referral.Identity.Key)) _book.Referrals[referral.Identity.Key] = referral;
        }
        var byId = _book.Referrals.Values.ToDictionary(r => r.Id);
        foreach (var reward in await StoredRows<Reward>.FindAsync(db, nameof(Reward.ReferralId), byId.Keys, ct))
        {
            _book.Add(new RewardLine(reward.Key, byId[reward.ReferralId])
            {
                Stored = reward,
                Earned = reward.Earned,
                Reversed = reward.Reversed,
            });
        }
        var customers = _customers.Select(c => c.CustomerId).ToList();
        var payments = _links.Where(l => l.Kind != "paymentIntent").Select(l => l.Id).ToList();   // one that came without a customer may have one now
        foreach (var transaction in await StoredRows<Transaction>.FindAsync(db, nameof(Transaction.CustomerId), customers, ct, Ours)) Keep(transaction);
        foreach (var transaction in await StoredRows<Transaction>.FindAsync(db, nameof(Transaction.ExternalId), payments, ct, Ours)) Keep(transaction);
        foreach (var review in await StoredRows<ReviewCase>.FindAsync(db, nameof(ReviewCase.ReferralId), byId.Keys, ct)) Keep(review, byId);
        foreach (var review in await StoredRows<ReviewCase>.FindAsync(db, nameof(ReviewCase.CustomerId), customers, ct, Ours)) Keep(review, byId);
        if (inputs is not null) return;
        var cases = _book.Cases.Keys.ToList();
        if (cases.Count == 0) return;
        foreach (var decision in await db.ReviewDecisions.Where(d => d.Environment == environment && cases.Contains(d.CaseKey)).OrderBy(d => d.Id).ToListAsync(ct))
            _book.Decisions[decision.CaseKey] = decision.AsFact();   // the newest stands
    }

    private async Task LoadCodesAsync(IReadOnlyList<ToldFact> told, CancellationToken ct)
    {
        var codes = _book.Facts.All.Select(f => f.Code).Concat(told.Select(t => t.Fact.Claim?.Code)).Concat(_book.Referrals.Values.Select(r => r.Code)).OfType<string>().Distinct().ToList();
        var digest = await AddressDigest.FindAsync(db, ct);
        var known = await db.ReferralCodes.Where(c => c.Environment == environment && codes.Contains(c.Code))
            .Select(c => new KnownCode(c.Code, c.ReferrerId, c.Referrer!.ProductUserId, c.CampaignId) { Email = c.Referrer.Email, AddressMark = c.Referrer.AddressMark }).ToListAsync(ct);
        if (digest is not null) known = known.ConvertAll(k => k.Email is { } email ? k with { AddressMark = digest.Of(email) } : k);
        var referrers = known.Select(k => k.ProductUserId).ToList();
        var organizations = (await db.Customers.Where(c => c.Environment == environment && referrers.Contains(c.NewUserId!) && c.OrganizationId != null)
            .Select(c => new { c.Scope, c.CustomerId, c.NewUserId, c.OrganizationId }).ToListAsync(ct))
            .Where(c => corrections?.Customers.ContainsKey(new CustomerKey(c.Scope, c.CustomerId)) != true).Select(c => (c.NewUserId, OrganizationId: c.OrganizationId!))
            .Concat(corrections?.Customers.Values.Where(c => c is { NewUserId: not null, OrganizationId: not null }).Select(c => (c.NewUserId, OrganizationId: c.OrganizationId!)) ?? [])
            .Distinct().ToLookup(c => c.NewUserId, c => c.OrganizationId);
        foreach (var code in known) _book.Codes[code.Code] = code with { Organizations = [.. organizations[code.ProductUserId].Order(StringComparer.Ordinal)] };
    }

    private async Task LoadCirclesAsync(CancellationToken ct)
    {
        foreach (var code in _book.Codes.Values.Where(c => _book.Campaigns.TryGetValue(c.CampaignId, out var history) && history.LooksAcrossReferrals))
        {
            var circle = _book.Circles[code.Code] = new ReferrerCircle();
            var members = db.Referrals.Where(r => r.Environment == environment && r.Code == code.Code);
            foreach (var member in await members.Where(r => r.FirstPaidAt != null).Select(r => new { r.IdentityKind, r.NewUserId, r.FirstPaidAt }).ToListAsync(ct))
                circle.Load(new Identity(member.IdentityKind, member.NewUserId).Key, member.FirstPaidAt!.Value);
            var claims = await db.Rewards.Where(r => r.Environment == environment && r.Code == code.Code && r.NetBeforeCap != null)
                .Join(members, r => r.ReferralId, m => m.Id, (r, m) => new { m.IdentityKind, m.NewUserId, r.Key, r.PaidAt, r.Currency, r.NetBeforeCap, r.RevisionNumber }).ToListAsync(ct);
            foreach (var claim in claims)
            {
                if (_book.Campaigns[code.CampaignId].Find(claim.RevisionNumber)?.Terms.CapPerReferrer is not { } cap) continue;
                circle.Load(new Identity(claim.IdentityKind, claim.NewUserId).Key, new PeerClaim(claim.Key, claim.PaidAt, new Money(claim.NetBeforeCap!.Value, Currency.Parse(claim.Currency)), cap));
            }
            corrections?.Right(code.Code, circle);
        }
    }

    private async Task LoadWaitingAsync(IReadOnlyList<ToldFact> told, CancellationToken ct)
    {
        var keys = _customers.Select(c => c.WaitsFor).ToList();
        foreach (var scope in _customers.Select(c => c.Scope).Concat(told.Select(t => t.Scope)).Distinct()) keys.AddRange(_links.Select(l => $"{l.Kind}:{scope}/{l.Id}"));
        var waiting = await StoredRows<InboundEvent>.FindAsync(db, nameof(InboundEvent.WaitsFor), keys, ct);
        _book.Waiting.AddRange(waiting.Where(e => e.Environment == environment && e.State == EventState.Waiting));
    }
}
