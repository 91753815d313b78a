using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Reviews;
using Portal.Core.Rewards;

namespace Portal.Core.Erasure;

/// <summary>
/// Everything that is stored of one person: as a referrer, as the customers of a referred person, and wherever else one of the person's
/// addresses stands. Of others who share an address only that address is the person's.
/// </summary>
internal sealed class PersonTraces
{
    private const int AtOnce = 500;

    /// <summary>By which id it was looked for.</summary>
    public required string Subject { get; init; }

    /// <summary>The person as one who refers.</summary>
    public List<Referrer> Referrers { get; } = [];

    /// <summary>The person as the provider knows it.</summary>
    public List<Customer> Customers { get; } = [];

    /// <summary>Referrers who share an address with the person.</summary>
    public List<Referrer> OtherReferrers { get; } = [];

    /// <summary>Customers who share an address with the person.</summary>
    public List<Customer> OtherCustomers { get; } = [];

    /// <summary>The referrals of all these customers.</summary>
    public List<Referral> Referrals { get; } = [];

    /// <summary>The person's addresses as they are written somewhere.</summary>
    public HashSet<string> Addresses { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The person's names as they are written somewhere.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Snapshots of all these customers.</summary>
    public List<StoredFact> Facts { get; } = [];

    /// <summary>Events that tell of all these customers or name an address.</summary>
    public List<InboundEvent> Events { get; } = [];

    /// <summary>Those that have failed and still have their payload, by the provider's ids.</summary>
    public List<string> Failed => [.. Events.Where(e => e.State == EventState.Failed && e.PayloadRemovedAt is null).Select(e => e.ProviderEventId)];

    /// <summary>Whether there is anything at all.</summary>
    public bool IsNobody => Referrers.Count + Customers.Count == 0;

    /// <summary>Whether a snapshot is of the person, not only of somebody who shares an address.</summary>
    public bool IsOwn(StoredFact fact) => Customers.Exists(c => c.Scope == fact.Scope && c.CustomerId == fact.CustomerId);

    /// <summary>Whether an address is one of the person's, as mailboxes are compared.</summary>
    public bool HasAddress(string? address) => address is not null && Addresses.Any(a => SelfReferral.Normalize(a) == SelfReferral.Normalize(address));

    /// <summary>Looks for everything.</summary>
    public static PersonTraces Find(PortalDb db, PortalEnvironment environment, string? userId, string? customerId)
    {
        var traces = new PersonTraces { Subject = userId is not null ? $"user:{userId}" : $"customer:{customerId}" };
        if (userId is not null)
        {
            traces.Referrers.AddRange(db.Referrers.AsNoTracking().Where(r => r.Environment == environment && r.ProductUserId == userId));
            var keys = db.Referrals.AsNoTracking().Where(r => r.Environment == environment && r.NewUserId == userId).ToList().ConvertAll(r => r.Identity.Key);
            traces.Customers.AddRange(db.Customers.AsNoTracking().Where(c => c.Environment == environment && (c.NewUserId == userId || keys.Contains(c.IdentityKey!))));
        }
        else
        {
            traces.Customers.AddRange(db.Customers.AsNoTracking().Where(c => c.Environment == environment && c.CustomerId == customerId));
        }
        if (traces.IsNobody) return traces;
        traces.FindWhatIsPersonal(db, environment);
        traces.FindOthers(db, environment);
        traces.FindTheRest(db, environment);
        return traces;
    }

    private void FindWhatIsPersonal(PortalDb db, PortalEnvironment environment)
    {
        foreach (var referrer in Referrers)
        {
            Note(Addresses, referrer.Email);
            Note(Names, $"{referrer.FirstName} {referrer.LastName}");
        }
        Facts.AddRange(SnapshotsOf(db, environment, Customers));
        foreach (var seen in Facts.Select(f => (CustomerSeen)f.Told().Fact))
        {
            Note(Addresses, seen.Email);
            Note(Names, seen.Name);
        }
        foreach (var customer in Customers)
        {
            Note(Addresses, customer.Email);
            Note(Names, customer.Name);
            foreach (var email in db.Events.Where(e => e.Environment == environment && e.CustomerId == customer.CustomerId && e.Email != null).Select(e => e.Email).Distinct()) Note(Addresses, email);
        }
    }

    /// <summary>Whoever has one of the addresses: found by the address itself, and, where only a mailbox is shared, by who refers whom.</summary>
    private void FindOthers(PortalDb db, PortalEnvironment environment)
    {
        var lower = Addresses.Select(a => a.ToLowerInvariant()).ToList();
        var (ownReferrers, ownCustomers) = (Referrers.Select(r => r.Id).ToHashSet(), Customers.Select(c => c.Id).ToHashSet());
        var named = db.Events.Where(e => e.Environment == environment && lower.Contains(e.Email!) && e.CustomerId != null).Select(e => e.CustomerId!).Distinct().ToList();
        var referred = db.Referrals.AsNoTracking().Where(r => r.Environment == environment && r.Email != null && r.ReferrerId != null && ownReferrers.Contains(r.ReferrerId.Value)).ToList()
            .Where(r => HasAddress(r.Email)).Select(r => r.Identity.Key).ToList();
        var alike = db.Referrals.AsNoTracking().Where(r => r.Environment == environment && lower.Contains(EF.Property<string>(r, ReferralSearch.EmailLower))).ToList().Select(r => r.Identity.Key);
        var asked = SelfReferralCases(db, environment);
        var ownCodes = db.ReferralCodes.AsNoTracking().Where(c => c.Environment == environment && ownReferrers.Contains(c.ReferrerId)).Select(c => c.Code).ToList();
        var identities = referred.Union(alike).Union(asked.Where(a => ownCodes.Contains(a.Code)).Select(a => a.Identity)).ToList();
        OtherCustomers.AddRange(db.Customers.AsNoTracking().Where(c => c.Environment == environment && named.Contains(c.CustomerId)).ToList()
            .Concat(db.Customers.AsNoTracking().Where(c => c.Environment == environment && identities.Contains(c.IdentityKey!)).ToList())
            .DistinctBy(c => c.Id).Where(c => !ownCustomers.Contains(c.Id) && (named.Contains(c.CustomerId) || HasAddress(c.Email) || SnapshotsOf(db, environment, [c]).Exists(f => HasAddress(((CustomerSeen)f.Told().Fact).Email)))));

        var all = Customers.Concat(OtherCustomers).Select(c => c.IdentityKey).OfType<string>().Distinct().Select(Identity.OfKey).ToList();
        var ids = all.ConvertAll(i => i.Id);
        Referrals.AddRange(db.Referrals.AsNoTracking().Where(r => r.Environment == environment && ids.Contains(r.NewUserId)).ToList().Where(r => all.Contains(r.Identity)));
        foreach (var referral in Referrals.Where(r => Customers.Exists(c => c.IdentityKey == r.Identity.Key))) Note(Addresses, referral.Email);
        var codes = asked.Where(a => all.Exists(i => i.Key == a.Identity)).Select(a => a.Code).ToList();
        var referrers = Referrals.Select(r => r.ReferrerId).OfType<long>().Concat(db.ReferralCodes.Where(c => c.Environment == environment && codes.Contains(c.Code)).Select(c => c.ReferrerId)).Distinct().ToList();
        OtherReferrers.AddRange(db.Referrers.AsNoTracking().Where(r => r.Environment == environment && lower.Contains(EF.Property<string>(r, ReferrerWords.EmailLower))).ToList()
            .Concat(db.Referrers.AsNoTracking().Where(r => referrers.Contains(r.Id)).ToList().Where(r => HasAddress(r.Email)))
            .DistinctBy(r => r.Id).Where(r => !ownReferrers.Contains(r.Id)));
        Facts.AddRange(SnapshotsOf(db, environment, OtherCustomers));
        foreach (var address in OtherReferrers.Select(r => r.Email).Concat(OtherCustomers.Select(c => c.Email)).Concat(Facts.Select(f => ((CustomerSeen)f.Told().Fact).Email)).Where(HasAddress).ToList()) Note(Addresses, address);
    }

    /// <summary>Whom the fold asked about as one who may refer himself: rejected, nobody is credited, and only the question tells of both.</summary>
    private static List<(string Identity, string Code)> SelfReferralCases(PortalDb db, PortalEnvironment environment)
    {
        var keys = db.ReviewCases.Where(c => c.Environment == environment && c.Kind == ReviewKinds.SelfReferral).Select(c => c.Key).ToList();
        return keys.ConvertAll(k => (k[(k.IndexOf(':', StringComparison.Ordinal) + 1)..k.LastIndexOf('/')], k[(k.LastIndexOf('/') + 1)..]));
    }

    private void FindTheRest(PortalDb db, PortalEnvironment environment)
    {
        var lower = Addresses.Select(a => a.ToLowerInvariant()).ToList();
        var customers = Customers.Concat(OtherCustomers).Select(c => c.CustomerId).Distinct().ToList();
        var events = db.Events.AsNoTracking().Where(e => e.Environment == environment && customers.Contains(e.CustomerId!)).ToList();
        events.AddRange(db.Events.AsNoTracking().Where(e => e.Environment == environment && lower.Contains(e.Email!)).ToList());
        foreach (var some in PaymentsOf(db, environment, customers).Chunk(AtOnce)) events.AddRange(db.Events.AsNoTracking().Where(e => some.Contains(e.Id)).ToList());
        events.AddRange(Unreadable(db, environment));
        Events.AddRange(events.DistinctBy(e => e.Id));
    }

    /// <summary>Events of which nothing could be read, and whose payloads name the person.</summary>
    private List<InboundEvent> Unreadable(PortalDb db, PortalEnvironment environment)
    {
        var words = new Scrubber([.. Addresses, .. Customers.Select(c => c.CustomerId)]);
        var failed = db.Events.AsNoTracking().Where(e => e.Environment == environment && e.State == EventState.Failed && e.CustomerId == null && e.Email == null);
        var bodies = failed.Join(db.Deliveries, e => (long?)e.Id, d => d.EventId, (e, d) => new { e.Id, d.Body });
        var ids = bodies.AsEnumerable().Where(b => b.Body is not null && words.FindsInJson(Encoding.UTF8.GetString(b.Body))).Select(b => b.Id).Distinct().ToList();
        return [.. db.Events.AsNoTracking().Where(e => ids.Contains(e.Id))];
    }

    /// <summary>Events that told something of these customers' payments without naming a customer: their payloads may name the person all the same.</summary>
    private static List<long> PaymentsOf(PortalDb db, PortalEnvironment environment, List<string> customers)
    {
        var facts = db.Facts.AsNoTracking().Where(f => f.Environment == environment && customers.Contains(f.CustomerId!)).ToList();
        var (found, asked) = (facts.Select(f => f.EventId).ToHashSet(), new HashSet<string>());
        while (facts.Count > 0)
        {
            var ids = facts.SelectMany(f => new[] { f.InvoiceId, f.PaymentIntentId, f.ChargeId }).OfType<string>().Where(asked.Add).ToList();
            facts = [];
            foreach (var some in ids.Chunk(AtOnce))
            {
                var orphans = db.Facts.AsNoTracking().Where(f => f.Environment == environment && f.CustomerId == null);
                facts.AddRange(orphans.Where(f => some.Contains(f.InvoiceId!)));
                facts.AddRange(orphans.Where(f => some.Contains(f.PaymentIntentId!)));
                facts.AddRange(orphans.Where(f => some.Contains(f.ChargeId!)));
            }
            found.UnionWith(facts.Select(f => f.EventId));
        }
        return [.. found];
    }

    private static List<StoredFact> SnapshotsOf(PortalDb db, PortalEnvironment environment, List<Customer> customers)
    {
        var ids = customers.ConvertAll(c => c.CustomerId);
        return [.. db.Facts.AsNoTracking().Where(f => f.Environment == environment && ids.Contains(f.CustomerId!) && f.Kind == "customerSeen").ToList()
            .Where(f => customers.Exists(c => c.Scope == f.Scope && c.CustomerId == f.CustomerId))];
    }

    private static void Note(HashSet<string> values, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value)) values.Add(value.Trim());
    }
}
