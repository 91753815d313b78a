using System.Text.Json;
using Portal.Core.Facts;

namespace Portal.Core.Sources.Chargebee;

/// <summary>Reads an event of Chargebee: field checks for people, facts for the ledger. Pure: same bytes, same reading; and it throws for no input at all.</summary>
public static class ChargebeeReader
{
    /// <summary>Reads one event.</summary>
    /// <param name="body">The body exactly as received.</param>
    /// <param name="withChecks">Whether single fields are checked too, for people.</param>
    public static Reading Read(ReadOnlyMemory<byte> body, bool withChecks = true) => JsonBody.Read(body, root => Read(root, withChecks), Unreadable);

    private static Reading Read(JsonElement root, bool withChecks)
    {
        if (root.ValueKind != JsonValueKind.Object) return Unreadable("The body is JSON, but not an object: it cannot be an event.");
        if (root.Member("event_type").Name() is not { } type) return Unreadable("The event has no usable event_type.");
        var e = new ChargebeeEvent(root.Member("id").Name(), type, root.Member("occurred_at").Time(), root.Member("content"));
        if (!ChargebeeEventTypes.IsFollowed(type)) return new Reading([], [], e.CustomerId, e.Email, $"{Glimpse.Of(type)} is not a type the portal follows.", null);
        if (e.Content.ValueKind != JsonValueKind.Object) return Unreadable($"The {type} event has no object at $.content.");
        var facts = new List<Fact>();
        var ignored = Collect(e, facts);
        return new Reading(withChecks ? FieldChecks.Of(ChargebeeFieldRules.For(type), root) : [], [.. facts.DistinctBy(f => f.NaturalKey)], e.CustomerId, e.Email, ignored, null);
    }

    private static string? Collect(in ChargebeeEvent e, List<Fact> facts)
    {
        if (e.Type == "customer_deleted")
        {
            if (e is { At: { } gone, CustomerId: { } removed }) facts.Add(new CustomerRemoved { OccurredAt = gone, CustomerId = removed });
            return null;
        }
        if (e.Type == "payment_failed") return "Nothing was paid, so there is nothing to reward.";
        See(e, facts);
        if (ChargebeeEventTypes.Subscriptions.Contains(e.Type)) ReadSubscription(e, facts);
        else if (e.Type == "payment_succeeded") return ChargebeePayments.Paid(e, facts);
        else if (e.Type == "payment_refunded") ChargebeePayments.Refunded(e, facts);
        return null;
    }

    /// <summary>Every event that holds its customer tells what the customer is like.</summary>
    private static void See(in ChargebeeEvent e, List<Fact> facts)
    {
        if (e is not { Id: { } id, At: { } at } || e.Customer.Member("id").Text() is not { } customer) return;
        facts.Add(new CustomerSeen(id, e.Customer.Member("created_at").Time() ?? at, e.Email, e.Name, e.Claim()) { OccurredAt = at, CustomerId = customer });
    }

    private static void ReadSubscription(in ChargebeeEvent e, List<Fact> facts)
    {
        if (e is not { Id: { } id, At: { } at } || e.Subscription.Member("id").Text() is not { } subscription) return;
        if (e.Type is "subscription_cancelled" or "subscription_deleted")
            facts.Add(new SubscriptionEnded(subscription) { OccurredAt = e.Subscription.Member("cancelled_at").Time() ?? at, CustomerId = e.CustomerId });
        else
            facts.Add(new SubscriptionChanged(id, subscription, e.Subscription.Member("status").Text() ?? "active", null) { OccurredAt = at, CustomerId = e.CustomerId });
    }

    private static Reading Unreadable(string why) => new([], [], null, null, null, why);
}
