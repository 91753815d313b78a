using System.Text.Json;

namespace Portal.Core.Sources.Stripe;

/// <summary>A refund's status words: https://docs.stripe.com/api/refunds/object#refund_object-status.</summary>
internal static class RefundStatus
{
    /// <summary>The status; null when it is none of the five.</summary>
    public static string? Of(JsonElement element) =>
        element.Raw() is ("pending" or "requires_action" or "succeeded" or "failed" or "canceled") and var status ? status : null;

    /// <summary>The status that the type of the event implies, for refunds without one: a refund counts until it is known to have failed.</summary>
    public static string ImpliedBy(string eventType) => eventType == "refund.failed" ? "failed" : "pending";
}
