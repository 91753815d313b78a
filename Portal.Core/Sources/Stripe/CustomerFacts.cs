using Portal.Core.Facts;

namespace Portal.Core.Sources.Stripe;

/// <summary>What customer and subscription events tell: https://docs.stripe.com/api/customers, https://docs.stripe.com/api/subscriptions.</summary>
internal static class CustomerFacts
{
    /// <summary>A snapshot of a customer with its referral metadata.</summary>
    public static void Seen(in StripeEvent e, List<Fact> facts)
    {
        if (e is not { Id: { } eventId, Created: { } at, CustomerId: { } customer }) return;
        var created = e.Object.Member("created").Time() ?? at;
        facts.Add(new CustomerSeen(eventId, created, e.Object.Member("email").Email(), e.Object.Member("name").Text(), e.Claim())
        {
            OccurredAt = at,
            CustomerId = customer,
        });
    }

    /// <summary>The customer was deleted.</summary>
    public static void Removed(in StripeEvent e, List<Fact> facts)
    {
        if (e is { Created: { } at, CustomerId: { } customer }) facts.Add(new CustomerRemoved { OccurredAt = at, CustomerId = customer });
    }

    /// <summary>A subscription was created or changed.</summary>
    public static void SubscriptionChanged(in StripeEvent e, List<Fact> facts)
    {
        if (e is not { Id: { } eventId, Created: { } at, CustomerId: { } customer }) return;
        if (e.Object.Member("id").Name() is not { } id || e.Object.Member("status").Name() is not { } status) return;
        facts.Add(new SubscriptionChanged(eventId, id, status, e.Claim()) { OccurredAt = at, CustomerId = customer });
    }

    /// <summary>A subscription came to its end; <c>canceled_at</c> is when that was asked for and does not count.</summary>
    public static void SubscriptionEnded(in StripeEvent e, List<Fact> facts)
    {
        if ((e.Object.Member("ended_at").Time() ?? e.Created) is not { } at) return;
        if (e.Object.Member("id").Name() is not { } id || e.CustomerId is not { } customer) return;
        facts.Add(new SubscriptionEnded(id) { OccurredAt = at, CustomerId = customer });
    }
}
