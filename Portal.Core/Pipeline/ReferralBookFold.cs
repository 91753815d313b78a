using System.Text.Json;
using Portal.Core.Facts;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Rewards;

namespace Portal.Core.Pipeline;

/// <summary>Folds the referrals of a book and notes the difference to what stands.</summary>
internal static class ReferralBookFold
{
    /// <summary>Folds all referrals and identity-less customers that these customers belong, or belonged, to; and the named referrals, whether or not they have customers.</summary>
    public static void Fold(this ReferralBook book, IEnumerable<CustomerKey> touched, Cause cause, IReadOnlyCollection<Identity>? named = null) =>
        book.Fold(touched.Select(c => (c, cause)), (named ?? []).Select(i => (i, cause)));

    /// <summary>The same for several causes at once; where one referral has several, the last counts.</summary>
    public static void Fold(this ReferralBook book, IEnumerable<(CustomerKey Customer, Cause Cause)> touched, IEnumerable<(Identity Identity, Cause Cause)>? named = null)
    {
        var concerned = new Dictionary<CustomerKey, Cause>();
        foreach (var (customer, cause) in touched) concerned[customer] = cause;
        foreach (var (organization, cause) in concerned.Select(c => (book.OrganizationOf(c.Key), c.Value)).Where(c => c.Item1 is not null).Distinct().ToList())
        {
            foreach (var colleague in book.CustomersOf(organization!)) concerned[colleague] = cause;   // whether it is one referral depends on all of them
        }
        var customersOf = book.CustomersByIdentity();
        var identities = (named ?? []).Where(i => customersOf.Contains(i.Identity.Key) || book.Referrals.ContainsKey(i.Identity.Key)).ToDictionary(i => i.Identity.Key);
        foreach (var (customer, cause) in concerned)
        {
            if (book.IdentityOf(customer) is { } identity) identities[identity.Key] = (identity, cause);
            else book.FoldStranger(customer);
            if (book.Customers.GetValueOrDefault(customer)?.IdentityKey is { } before && book.Referrals.TryGetValue(before, out var left)) identities[before] = (left.Identity, cause);
        }
        foreach (var (identity, cause) in identities.Values) book.FoldReferral(identity, [.. customersOf[identity.Key]], cause);
    }

    private static void FoldStranger(this ReferralBook book, CustomerKey customer)
    {
        var folded = ReferralFold.Fold(book.Story(null, [customer]));
        book.FoldedCustomers.Add(customer);
        book.Folded++;
        book.KeepCustomers([customer], null);
        book.KeepPayments([customer], null, folded);
    }

    private static void FoldReferral(this ReferralBook book, Identity identity, IReadOnlyList<CustomerKey> customers, Cause cause)
    {
        var folded = ReferralFold.Fold(book.Story(customers.Count == 0 ? null : identity, customers));
        book.FoldedCustomers.UnionWith(customers);
        book.Folded++;
        var referral = book.KeepReferral(identity, folded);
        book.KeepCustomers(customers, identity);
        book.KeepPayments(customers, referral, folded);
        book.KeepRewards(referral, folded, cause);
        book.KeepCases(referral, folded);
        book.Stir(referral, folded);
    }

    private static Referral KeepReferral(this ReferralBook book, Identity identity, FoldedReferral folded)
    {
        if (!book.Referrals.TryGetValue(identity.Key, out var referral))
        {
            referral = new Referral { Environment = book.Environment, IdentityKind = identity.Kind, NewUserId = identity.Id };
            book.Referrals.Add(identity.Key, referral);
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

    private static void KeepCustomers(this ReferralBook book, IReadOnlyList<CustomerKey> customers, Identity? identity)
    {
        foreach (var key in customers)
        {
            var facts = book.Facts.Of(key).Where(f => f.Fact is CustomerSeen or CustomerRemoved).Order(ToldFact.ByOccurrence).ToList();
            if (!book.Customers.TryGetValue(key, out var customer))
            {
                customer = new Customer { Environment = book.Environment, Scope = key.Scope, CustomerId = key.CustomerId };
                book.Customers.Add(key, customer);
                book.Added.Add(customer);
            }
            var seen = facts.Select(f => f.Fact).OfType<CustomerSeen>().ToList();
            var next = (seen.LastOrDefault(s => s.Email is not null)?.Email, seen.LastOrDefault(s => s.Name is not null)?.Name,
                book.UserOf(key), book.OrganizationOf(key), identity?.Key,
                seen.Count == 0 ? null : seen.Min(s => (DateTimeOffset?)s.CreatedAt), facts.Find(f => f.Fact is CustomerRemoved)?.Fact.OccurredAt);
            if (next == (customer.Email, customer.Name, customer.NewUserId, customer.OrganizationId, customer.IdentityKey, customer.CreatedAt, customer.RemovedAt)) continue;
            if ((customer.NewUserId, customer.OrganizationId) != (next.Item3, next.Item4))
            {
                if (customer is { NewUserId: { } was, OrganizationId: not null }) book.Colleagues.Add(was);
                if (next is { Item3: { } user, Item4: not null }) book.Colleagues.Add(user);
            }
            (customer.Email, customer.Name, customer.NewUserId, customer.OrganizationId, customer.IdentityKey, customer.CreatedAt, customer.RemovedAt) = next;
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
            if (payment.CustomerId is { } payer) book.TransactionsOf.Add(new CustomerKey(payment.Scope, payer), line);
        }
        foreach (var line in customers.SelectMany(c => book.TransactionsOf[c]))
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
            standing.Add(reward.Key);
            if (!book.Rewards.TryGetValue(reward.Key, out var line)) line = book.Add(new RewardLine(reward.Key, referral));
            (line.Standing, line.Code, line.RevisionNumber, line.Gone) = (reward, folded.Attribution.Code, folded.Attribution.Revision!.Number, false);
            book.Move(line, reward.Earned.Minor, reward.Reversed.Minor, cause);
        }
        foreach (var line in book.RewardsOf[referral].Where(l => !standing.Contains(l.Key)))
        {
            (line.Standing, line.Gone) = (null, true);
            book.Move(line, 0, 0, cause);
        }
    }

    private static void Move(this ReferralBook book, RewardLine line, long earned, long reversed, Cause cause)
    {
        foreach (var (kind, amount) in Journal.Difference((line.Earned, line.Reversed), (earned, reversed))) book.Postings.Add((line, kind, amount, cause));
        (line.Earned, line.Reversed) = (earned, reversed);
    }

    /// <summary>The cases of a referral as its last fold of the run left them: a case belongs to whoever's fold asked it last.</summary>
    private static void KeepCases(this ReferralBook book, Referral referral, FoldedReferral folded)
    {
        var asked = new HashSet<string>();
        foreach (var unclear in folded.Cases)
        {
            asked.Add(unclear.Key);
            if (!book.Cases.TryGetValue(unclear.Key, out var line)) book.Cases[unclear.Key] = line = new CaseLine();
            (line.Case, line.Referral, line.Answered) = (unclear, referral, false);
        }
        foreach (var (key, line) in book.Cases)
        {
            if (line.Referral == referral && !asked.Contains(key)) (line.Case, line.Answered) = (null, true);
        }
    }

    /// <summary>Tells the circles of what the referral brought; where that changed, the code's other referrals are to be folded again.</summary>
    private static void Stir(this ReferralBook book, Referral referral, FoldedReferral folded)
    {
        foreach (var (code, circle) in book.Circles)
        {
            var isOfCode = folded.Attribution.Code?.Code == code;
            if (circle.Set(referral.Identity.Key, isOfCode ? folded.FirstPaidAt : null, isOfCode ? ReferrerCircle.ClaimsOf(folded) : [])) book.Stirred.Add(code);
        }
    }

    private static void Touch(this ReferralBook book, object entity)
    {
        if (!book.Added.Contains(entity)) book.Changed.Add(entity);
    }

    /// <summary>As stored.</summary>
    public static string ToJson(this IReadOnlyList<Evidence> evidence) =>
        JsonSerializer.Serialize(evidence, ExplanationJson.Default.IReadOnlyListEvidence);

    /// <summary>As stored.</summary>
    public static string ToJson(this IReadOnlyList<CaseChoice> choices) =>
        JsonSerializer.Serialize(choices, ExplanationJson.Default.IReadOnlyListCaseChoice);
}
