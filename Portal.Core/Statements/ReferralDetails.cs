using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Reviews;
using Portal.Core.Rewards;

namespace Portal.Core.Statements;

/// <summary>Reads one referral with its customers, rewards and cases, and lays out what happened in order of occurrence.</summary>
public sealed class ReferralDetails(PortalStore store, TimeProvider clock)
{
    /// <summary>The most facts, and the most postings, that a timeline shows.</summary>
    public const int MostFacts = 2_000;

    /// <summary>The referral, or null where the environment has none of that id.</summary>
    public async Task<ReferralDetail?> FindAsync(PortalEnvironment environment, long id, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        if (await ReferralSearch.Rows(db, db.Referrals.Where(r => r.Id == id && r.Environment == environment)).SingleOrDefaultAsync(ct) is not { } referral) return null;
        var identity = new Identity(referral.Kind, referral.NewUserId).Key;
        var customers = await db.Customers.Where(c => c.Environment == environment && c.IdentityKey == identity).OrderBy(c => c.Id)
            .Select(c => new CustomerRow(c.Scope, c.CustomerId, c.Name, c.Email, c.CreatedAt, c.RemovedAt)).Take(200).ToListAsync(ct);
        var facts = await FactsAsync(db, environment, customers, ct);
        var rewards = await RewardSearch.RowsAsync(db, db.Rewards.Where(r => r.ReferralId == id).OrderBy(r => r.Id).Take(MostFacts), clock.GetUtcNow(), ct);
        var rewardIds = rewards.ConvertAll(r => r.Id);
        var sets = await db.LedgerEntrySets.Where(s => rewardIds.Contains(s.RewardId)).OrderBy(s => s.Id).Take(MostFacts).ToListAsync(ct);
        var cases = await db.ReviewCases.Where(c => c.ReferralId == id).OrderBy(c => c.Id)
            .Select(c => new TimelineCase(c.Id, c.Kind, c.Question, c.OpenedAt, c.SettledAt)).Take(200).ToListAsync(ct);
        var payments = await PaymentsAsync(db, environment, customers, ct);
        return new ReferralDetail
        {
            Referral = referral,
            ReferrerName = await db.Referrers.Where(r => r.Environment == environment && r.ProductUserId == referral.Referrer)
                .Select(r => ((r.FirstName ?? "") + " " + (r.LastName ?? "")).Trim() == "" ? r.Email : ((r.FirstName ?? "") + " " + (r.LastName ?? "")).Trim()).FirstOrDefaultAsync(ct),
            Customers = customers,
            Timeline = [.. Items(referral, facts, payments, rewards, sets, cases).OrderBy(i => i.At).ThenBy(i => i.Kind).ThenBy(i => i.Told?.Fact.NaturalKey, StringComparer.Ordinal).ThenBy(i => i.Set?.Id)],
            IsCut = facts.Count >= MostFacts || rewards.Count >= MostFacts || sets.Count >= MostFacts,
            Rewards = rewards,
            Cases = cases,
        };
    }

    private static IEnumerable<TimelineItem> Items(
        ReferralRow referral, List<ToldFact> facts, List<TransactionRow> payments, List<RewardRow> rewards, List<LedgerEntrySet> sets, List<TimelineCase> cases)
    {
        var claims = new Dictionary<string, Claim?>(StringComparer.Ordinal);
        foreach (var told in facts)
        {
            yield return new TimelineItem(told.Fact.OccurredAt, TimelineKind.Fact)
            {
                Told = told,
                Payment = payments.Find(p => p.Scope == told.Scope && (p.ExternalId == told.Fact.Links.InvoiceId || p.ExternalId == told.Fact.Links.ChargeId)),
                IsDetail = IsDetail(told.Fact, payments, claims),
            };
        }
        if (referral is { Referrer: not null, AttributedAt: { } attributedAt }) yield return new TimelineItem(attributedAt, TimelineKind.Attributed);
        foreach (var set in sets)
        {
            var reward = rewards.Find(r => r.Id == set.RewardId)!;
            var at = OccurredAt(set, facts);
            yield return new TimelineItem(at < reward.PaidAt ? reward.PaidAt : at, TimelineKind.Posted) { Set = set.WithoutLines(), InvoiceId = reward.InvoiceId };
        }
        foreach (var unclear in cases)
        {
            yield return new TimelineItem(unclear.OpenedAt, TimelineKind.CaseOpened) { Case = unclear };
            if (unclear.SettledAt is { } settledAt) yield return new TimelineItem(settledAt, TimelineKind.CaseSettled) { Case = unclear };
        }
    }

    /// <summary>
    /// What an event caused happened with it, and what was taken back no earlier than the newest correction known by then: the event
    /// that led to it may only have joined an earlier refund to its invoice.
    /// </summary>
    private static DateTimeOffset OccurredAt(LedgerEntrySet set, List<ToldFact> facts)
    {
        if (set.CauseKind != "event" || !long.TryParse(set.CauseId, NumberStyles.None, CultureInfo.InvariantCulture, out var cause)) return set.PostedAt;
        var told = facts.FindLast(f => f.EventId == cause);
        if (told is null) return set.PostedAt;
        var corrected = set.Kind == EntrySetKind.Reversed
            ? facts.FindLast(f => f.EventId <= cause && f.Fact is not (CustomerSeen or InvoicePaid or ChargeSucceeded or PaymentLinked or SubscriptionChanged or SubscriptionEnded))
            : null;
        return corrected is not null && corrected.Fact.OccurredAt > told.Fact.OccurredAt ? corrected.Fact.OccurredAt : told.Fact.OccurredAt;
    }

    /// <summary>A snapshot that says no more of the person than the one before, and what only joins payment objects. Facts come in order.</summary>
    private static bool IsDetail(Fact fact, List<TransactionRow> payments, Dictionary<string, Claim?> claims)
    {
        if (fact is PaymentLinked or SubscriptionChanged) return true;
        if (fact is ChargeSucceeded charge) return !payments.Exists(p => p.Kind == "charge" && p.ExternalId == charge.ChargeId);
        if (fact is not CustomerSeen { CustomerId: { } customer } seen) return false;
        var known = claims.TryGetValue(customer, out var before);
        claims[customer] = seen.Metadata ?? before;
        return known && (seen.Metadata is null || (seen.Metadata with { Path = "" }) == (before is null ? null : before with { Path = "" }));
    }

    private static async Task<List<TransactionRow>> PaymentsAsync(PortalDb db, PortalEnvironment environment, List<CustomerRow> customers, CancellationToken ct)
    {
        var ids = customers.ConvertAll(c => c.CustomerId);
        var payments = await TransactionSearch.RowsAsync(db, db.Transactions
            .Where(t => t.CustomerId != null && ids.Contains(t.CustomerId) && t.Environment == environment).OrderBy(t => t.Id).Take(MostFacts), ct);
        return payments.FindAll(p => customers.Exists(c => c.Scope == p.Scope && c.CustomerId == p.CustomerId));
    }

    /// <summary>The facts of the customers, and those of their payments that name no customer, in order of occurrence.</summary>
    private static async Task<List<ToldFact>> FactsAsync(PortalDb db, PortalEnvironment environment, List<CustomerRow> customers, CancellationToken ct)
    {
        var facts = new Dictionary<long, StoredFact>();
        foreach (var customer in customers)
        {
            var own = db.Facts.Where(f => f.CustomerId == customer.CustomerId && f.Environment == environment && f.Scope == customer.Scope);
            foreach (var fact in await own.OrderBy(f => f.Id).Take(MostFacts).ToListAsync(ct)) facts.TryAdd(fact.Id, fact);
        }
        // Payment objects may stand between: refund → charge → payment intent → invoice → customer.
        for (var reached = facts.Values.ToList(); reached.Count > 0 && facts.Count < MostFacts;)
        {
            var joined = new List<StoredFact>();
            foreach (var scope in reached.GroupBy(f => f.Scope))
            {
                var orphans = db.Facts.Where(f => f.Environment == environment && f.Scope == scope.Key && f.CustomerId == null);
                var (invoices, intents, charges) = (Named(scope, f => f.InvoiceId), Named(scope, f => f.PaymentIntentId), Named(scope, f => f.ChargeId));
                joined.AddRange(await orphans.Where(f => f.InvoiceId != null && invoices.Contains(f.InvoiceId)).Take(MostFacts).ToListAsync(ct));
                joined.AddRange(await orphans.Where(f => f.PaymentIntentId != null && intents.Contains(f.PaymentIntentId)).Take(MostFacts).ToListAsync(ct));
                joined.AddRange(await orphans.Where(f => f.ChargeId != null && charges.Contains(f.ChargeId)).Take(MostFacts).ToListAsync(ct));
            }
            reached = joined.FindAll(f => facts.TryAdd(f.Id, f));
        }
        return [.. facts.Values.Select(f => f.Told()).Order(ToldFact.ByOccurrence).Take(MostFacts)];
    }

    private static List<string> Named(IEnumerable<StoredFact> facts, Func<StoredFact, string?> id) => [.. facts.Select(id).OfType<string>().Distinct()];
}
