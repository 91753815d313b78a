using System.Text.Json;
using Portal.Core.Facts;

namespace Portal.Core.Sources.Stripe;

/// <summary>An event whose outside has been read: what every kind of fact is made from.</summary>
/// <param name="Id">The event's id; null when unusable.</param>
/// <param name="Type">The event's type.</param>
/// <param name="Created">The event's time; null when unusable.</param>
/// <param name="Object">The object it is about, <c>$.data.object</c>.</param>
internal readonly record struct StripeEvent(string? Id, string Type, DateTimeOffset? Created, JsonElement Object)
{
    private const string ObjectPath = "$.data.object";

    /// <summary>The type's last word, such as <c>created</c>.</summary>
    public string Movement => Type[(Type.LastIndexOf('.') + 1)..];

    /// <summary>The customer that the object names; for customer events the object itself.</summary>
    public string? CustomerId =>
        IsAboutCustomer ? Object.Member("id").Name() : Object.Member("customer").Reference();

    /// <summary>The customer's address, wherever this kind of object has it.</summary>
    public string? Email =>
        Object.Member("email").Email() ?? Object.Member("customer_email").Email()
        ?? Object.Member("customer_details").Member("email").Email() ?? Object.Member("billing_details").Member("email").Email()
        ?? Object.Member("receipt_email").Email() ?? Object.Member("customer").Member("email").Email();

    /// <summary>The referral metadata on the object itself; null when none of its keys is there.</summary>
    public Claim? Claim() => ClaimAt(Object.Member("metadata"), $"{ObjectPath}.metadata");

    /// <summary>
    /// The referral metadata of an invoice, from the nearest place that has any: the invoice, the snapshot of its subscription's
    /// metadata (2025-03-31.basil and later, then the older place), its first line that has some.
    /// </summary>
    public Claim? InvoiceClaim()
    {
        var snapshot = Object.Member("parent").Member("subscription_details").Member("metadata");
        var olderSnapshot = Object.Member("subscription_details").Member("metadata");
        var claim = Claim()
            ?? ClaimAt(snapshot, $"{ObjectPath}.parent.subscription_details.metadata")
            ?? ClaimAt(olderSnapshot, $"{ObjectPath}.subscription_details.metadata");
        if (claim is not null) return claim;

        var index = 0;
        foreach (var line in Object.Member("lines").Items())
        {
            if (ClaimAt(line.Member("metadata"), $"{ObjectPath}.lines.data[{index++}].metadata") is { } found) return found;
        }

        return null;
    }

    private bool IsAboutCustomer =>
        Type is "customer.created" or "customer.updated" or "customer.deleted"
        || (!StripeEventTypes.IsFollowed(Type) && Object.Member("object").Raw() == "customer");

    private static Claim? ClaimAt(JsonElement metadata, string path)
    {
        var code = metadata.Member("cello_ucc").Code();
        var user = metadata.Member("new_user_id").Text() ?? metadata.Member("product_user_id").Text();
        var organization = metadata.Member("new_user_organization_id").Text();
        return code is null && user is null && organization is null ? null : new Claim(code, user, organization, path);
    }
}
