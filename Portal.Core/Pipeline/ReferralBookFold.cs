using System.Text.Json;
using Portal.Core.Facts;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Rewards;

namespace Portal.Core.Pipeline;

/// <summary>Folds the referrals of a book and notes the difference to what stands.</summary>
internal static class ReferralBookFold
{
    /// <summary>Folds all referrals and identity-less customers that these customers belong, or belonged, to.</summary>
    public static void Fold(this ReferralBook book, IEnumerable<CustomerKey> touched, Cause cause, DateTimeOffset now)
    {
        var people = new HashSet<string>();
        var strangers = new HashSet<CustomerKey>();
        foreach (var customer in touched)
        {
            var current = book.IdentityOf(customer);
            var before = book.Customers.GetValueOrDefault(customer)?.NewUserId;
            if (current is null) strangers.Add(customer);
            else people.Add(current);
            if (before is not null) people.Add(before);
        }
        foreach (var customer in strangers)
        {
            var folded = ReferralFold.Fold(new ReferralStory(null, book.StoryOf([customer]), book.Codes, book.Campaigns));
            book.KeepCustomers([customer], null);
            book.KeepPayments([customer], null, folded);
        }
        foreach (var person in people) book.FoldPerson(person, cause, now);
    }

    private static void FoldPerson(this ReferralBook book, string person, Cause cause, DateTimeOffset now)
    {
        var customers = book.KnownCustomers.Where(c => book.IdentityOf(c) == person).ToList();
        var folded = ReferralFold.Fold(new ReferralStory(customers.Count == 0 ? null : person, book.StoryOf(customers), book.Codes, book.Campaigns));
        var referral = book.KeepReferral(person, folded);
        book.KeepCustomers(customers, person);
        book.KeepPayments(customers, referral, folded);
        book.KeepRewards(referral, folded, cause);
        book.KeepCases(referral, folded, now);
    }

    private static Referral KeepReferral(this ReferralBook book, string person, FoldedReferral folded)
    {
        if (!book.Referrals.TryGetValue(person, out var referral))
        {
            referral = new Referral { Environment = book.Environment, NewUserId = person };
            book.Referrals.Add(person, referral);
            book.Added.Add(referral);
        }
        var a = folded.Attribution;
        var next = (a.Code?.ReferrerId, a.Code?.Code, a.KnownAt, folded.SignedUpAt, folded.FirstPaidAt, a.Revision?.Number, a.Reason, folded.Email);
        if (next == (referral.ReferrerId, referral.Code, referral.AttributedAt, referral.SignedUpAt, referral.FirstPaidAt, referral.RevisionNumber, referral.Reason, referral.Email))
            return referral;
        (referral.ReferrerId, referral.Code, referral.AttributedAt, referral.SignedUpAt, referral.FirstPaidAt, referral.RevisionNumber, referral.Reason, referral.Email) = next;
        book.Touch(referral);
        return referral;
    }

    private static void KeepCustomers(this ReferralBook book, IReadOnlyList<CustomerKey> customers, string? person)
    {
        foreach (var key in customers)
        {
            var facts = book.StoryOf([key]).Where(f => f.Fact.CustomerId == key.CustomerId).Order(ToldFact.ByOccurrence).ToList();
            if (!book.Customers.TryGetValue(key, out var customer))
            {
                customer = new Customer { Environment = book.Environment, Scope = key.Scope, CustomerId = key.CustomerId };
                book.Customers.Add(key, customer);
                book.Added.Add(customer);
            }
            var seen = facts.Select(f => f.Fact).OfType<CustomerSeen>().ToList();
            var next = (seen.LastOrDefault(s => s.Email is not null)?.Email, seen.LastOrDefault(s => s.Name is not null)?.Name, person,
                seen.Count == 0 ? null : seen.Min(s => (DateTimeOffset?)s.CreatedAt), facts.Find(f => f.Fact is CustomerRemoved)?.Fact.OccurredAt);
            if (next == (customer.Email, customer.Name, customer.NewUserId, customer.CreatedAt, customer.RemovedAt)) continue;
            (customer.Email, customer.Name, customer.NewUserId, customer.CreatedAt, customer.RemovedAt) = next;
            book.Touch(customer);
        }
    }

    private static void KeepPayments(this ReferralBook book, IReadOnlyList<CustomerKey> customers, Referral? referral, FoldedReferral folded)
    {
        var standing = new HashSet<TransactionLine>();
        foreach (var payment in folded.Payments)
        {
            var key = (payment.Scope, payment.Kind, payment.ExternalId);
            if (!book.Transactions.TryGetValue(key, out var line)) book.Transactions[key] = line = new TransactionLine();
            (line.Payment, line.Referral) = (payment, referral);
            standing.Add(line);
        }
        foreach (var line in book.Transactions.Values)
        {
            var owner = line.Payment is { } p ? (p.Scope, p.CustomerId) : line.Stored is { } s ? (s.Scope, s.CustomerId) : default;
            if (owner.CustomerId is null || standing.Contains(line) || !customers.Contains(new CustomerKey(owner.Scope, owner.CustomerId))) continue;
            line.Payment = null;   // no longer stands on its own
            line.Gone = true;
        }
        foreach (var line in standing) line.Gone = false;
    }

    private static void KeepRewards(this ReferralBook book, Referral referral, FoldedReferral folded, Cause cause)
    {
        var standing = new HashSet<string>();
        foreach (var reward in folded.Rewards)
        {
            var code = folded.Attribution.Code!;
            var key = $"{code.Code}/{referral.NewUserId}/{reward.Component}/{reward.Scope}/{reward.InvoiceId}";
            standing.Add(key);
            if (!book.Rewards.TryGetValue(key, out var line)) book.Rewards[key] = line = new RewardLine(key, referral);
            (line.Standing, line.Code, line.RevisionNumber) = (reward, code, folded.Attribution.Revision!.Number);
            book.Move(line, reward.Earned.Minor, reward.Reversed.Minor, cause);
        }
        foreach (var line in book.Rewards.Values.Where(l => l.Referral == referral && !standing.Contains(l.Key))) book.Move(line, 0, 0, cause);
    }

    private static void Move(this ReferralBook book, RewardLine line, long earned, long reversed, Cause cause)
    {
        foreach (var (kind, amount) in Journal.Difference((line.Earned, line.Reversed), (earned, reversed))) book.Postings.Add((line, kind, amount, cause));
        (line.Earned, line.Reversed) = (earned, reversed);
    }

    private static void KeepCases(this ReferralBook book, Referral referral, FoldedReferral folded, DateTimeOffset now)
    {
        var open = new HashSet<string>();
        foreach (var unclear in folded.Cases)
        {
            var key = $"{unclear.Kind}:{unclear.Subject}";
            open.Add(key);
            if (!book.Cases.TryGetValue(key, out var line)) book.Cases[key] = line = new CaseLine();
            (line.Case, line.Referral) = (unclear, referral);
        }
        foreach (var (key, line) in book.Cases)
        {
            if (open.Contains(key) || line.Stored is not { SettledAt: null } stored || stored.ReferralId != referral.Id || referral.Id == 0) continue;
            stored.SettledAt = now;   // later facts answered the question
            line.Case = null;
            book.Touch(stored);
        }
    }

    private static void Touch(this ReferralBook book, object entity)
    {
        if (!book.Added.Contains(entity)) book.Changed.Add(entity);
    }

    /// <summary>As stored.</summary>
    public static string ToJson(this IReadOnlyList<Evidence> evidence) =>
        JsonSerializer.Serialize(evidence, ExplanationJson.Default.IReadOnlyListEvidence);
}
