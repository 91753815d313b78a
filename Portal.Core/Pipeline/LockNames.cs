using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Referrals;

namespace Portal.Core.Pipeline;

/// <summary>
/// By which names runs keep out of each other's way: whatever two of them could both change, both hold a name of. Customers, the
/// identities and organisations behind them, payment objects that may yet lead to a customer, and codes whose rules look across referrals.
/// </summary>
internal static class LockNames
{
    /// <summary>What facts about to be told will concern, by themselves and by who their customers are: nearly always all that loading them shows.</summary>
    public static async Task<HashSet<string>> GuessAsync(PortalDb db, PortalEnvironment environment, IReadOnlyList<ToldFact> told, CancellationToken ct)
    {
        var names = Of(environment, told);
        foreach (var some in told.Where(t => t.Fact.CustomerId is not null).GroupBy(t => t.Scope))
        {
            var ids = some.Select(t => t.Fact.CustomerId!).ToList();
            foreach (var known in await StoredRows<Customer>.FindAsync(db, nameof(Customer.CustomerId), ids, ct, (nameof(Customer.Environment), environment), (nameof(Customer.Scope), some.Key)))
            {
                if (known.IdentityKey is { } identity) names.Add(OfIdentity(environment, identity));
                if (known.OrganizationId is { } organization) names.Add(OfIdentity(environment, Identity.Organization(organization).Key));
            }
        }
        return names;
    }

    private static HashSet<string> Of(PortalEnvironment environment, IEnumerable<ToldFact> told)
    {
        var names = new HashSet<string>();
        foreach (var fact in told)
        {
            names.Add(OfFact(environment, fact.Scope, fact.Fact.NaturalKey));
            if (fact.Fact.CustomerId is { } customer) names.Add(OfCustomer(environment, new CustomerKey(fact.Scope, customer)));
            if (fact.Fact.Claim?.NewUserId is { } user) names.Add(OfIdentity(environment, Identity.User(user).Key));
            if (fact.Fact.Claim?.OrganizationId is { } organization) names.Add(OfIdentity(environment, Identity.Organization(organization).Key));
            names.UnionWith(OfLinks(environment, fact.Fact.Links));
        }
        return names;
    }

    /// <summary>A fact: its first telling is inserted once.</summary>
    private static string OfFact(PortalEnvironment environment, string scope, string naturalKey) => $"{environment.Word()}/fact/{scope}/{naturalKey}";

    /// <summary>A customer.</summary>
    public static string OfCustomer(PortalEnvironment environment, CustomerKey customer) => $"{environment.Word()}/customer/{customer.Scope}/{customer.CustomerId}";

    /// <summary>A person or organisation, by its key.</summary>
    public static string OfIdentity(PortalEnvironment environment, string key) => $"{environment.Word()}/{key}";

    /// <summary>A code whose rules look across referrals.</summary>
    public static string OfCircle(PortalEnvironment environment, string code) => $"{environment.Word()}/code/{code}";

    /// <summary>The payment objects that a fact speaks of.</summary>
    public static IEnumerable<string> OfLinks(PortalEnvironment environment, Links links)
    {
        if (links.InvoiceId is not null) yield return $"{environment.Word()}/invoice/{links.InvoiceId}";
        if (links.PaymentIntentId is not null) yield return $"{environment.Word()}/paymentIntent/{links.PaymentIntentId}";
        if (links.ChargeId is not null) yield return $"{environment.Word()}/charge/{links.ChargeId}";
    }
}
