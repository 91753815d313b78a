namespace Portal.Core.Sources.Chargebee;

/// <summary>Which of Chargebee's event types the portal follows (https://apidocs.chargebee.com/docs/api/events#event_types).</summary>
public static class ChargebeeEventTypes
{
    /// <summary>The source's name.</summary>
    public const string Source = "chargebee";

    /// <summary>Who referred whom.</summary>
    public static readonly IReadOnlyList<string> Customers = ["customer_created", "customer_changed", "customer_deleted"];

    /// <summary>What was paid and given back.</summary>
    public static readonly IReadOnlyList<string> Payments = ["payment_succeeded", "payment_refunded", "payment_failed"];

    /// <summary>A subscription's life: its end ends what rules reward of it.</summary>
    public static readonly IReadOnlyList<string> Subscriptions =
        ["subscription_created", "subscription_started", "subscription_activated", "subscription_changed", "subscription_renewed", "subscription_reactivated", "subscription_cancelled", "subscription_deleted"];

    /// <summary>All of them, in the order in which a page lists them.</summary>
    public static readonly IReadOnlyList<string> All = [.. Customers, .. Payments, .. Subscriptions];

    /// <summary>Whether events of a type are processed.</summary>
    public static bool IsFollowed(string type) => All.Contains(type);
}
