using System.Text.Json;
using Portal.Core.Facts;

namespace Portal.Core.Sources.Chargebee;

/// <summary>
/// An event whose outside has been read: what every kind of fact is made from (https://apidocs.chargebee.com/docs/api/events). Its content
/// holds every object that the event touched, so that a payment tells of its customer too.
/// </summary>
/// <param name="Id">The event's id; null when unusable.</param>
/// <param name="Type">The event's type, such as <c>payment_succeeded</c>.</param>
/// <param name="At">The event's time; null when unusable.</param>
/// <param name="Content">What it is about, <c>$.content</c>.</param>
internal readonly record struct ChargebeeEvent(string? Id, string Type, DateTimeOffset? At, JsonElement Content)
{
    private const string CustomerPath = "$.content.customer";

    private static readonly string[] Keys = ["cello_ucc", "new_user_id", "new_user_organization_id"];

    public JsonElement Customer => Content.Member("customer");

    public JsonElement Invoice => Content.Member("invoice");

    public JsonElement Transaction => Content.Member("transaction");

    public JsonElement Subscription => Content.Member("subscription");

    /// <summary>The customer that it concerns, whichever of its objects names it.</summary>
    public string? CustomerId => Customer.Member("id").Text() ?? Transaction.Member("customer_id").Text() ?? Invoice.Member("customer_id").Text()
        ?? Subscription.Member("customer_id").Text() ?? Content.Member("credit_note").Member("customer_id").Text();

    public string? Email => Customer.Member("email").Email();

    /// <summary>The customer's name: a person's, or else the company's.</summary>
    public string? Name => $"{Customer.Member("first_name").Text()} {Customer.Member("last_name").Text()}".Trim() is { Length: > 0 } name ? name : Customer.Member("company").Text();

    /// <summary>The referral metadata of the customer: in <c>meta_data</c>, or in custom fields of the same names behind <c>cf_</c>; null when none of it is there.</summary>
    public Claim? Claim()
    {
        var (code, user, organization) = (Value(Keys[0]).Code(), Value(Keys[1]).Text(), Value(Keys[2]).Text());
        if (code is null && user is null && organization is null) return null;
        return new Claim(code, user, organization, Customer.Member("meta_data").ValueKind == JsonValueKind.Object ? $"{CustomerPath}.meta_data" : CustomerPath);
    }

    private JsonElement Value(string key) =>
        Find(Customer.Member("meta_data"), key) is { ValueKind: not JsonValueKind.Undefined } inMetadata && inMetadata.IsGiven() ? inMetadata : Find(Customer, "cf_" + key);

    /// <summary>A member whatever its capitals: custom fields are named by people.</summary>
    private static JsonElement Find(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object) return default;
        if (element.TryGetProperty(name, out var exact)) return exact;
        foreach (var property in element.EnumerateObject())
        {
            if (string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase)) return property.Value;
        }
        return default;
    }
}
