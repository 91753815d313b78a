using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Tests;

/// <summary>Requests as a product sends them to <c>POST /api/{environment}/events</c>.</summary>
internal static class ApiSamples
{
    public static string Event(
        string trigger, string userId = "user-1", string ucc = SmallWorld.Ann, DateTimeOffset? at = null, JsonNode? price = null, string? currency = null,
        string? invoice = null, string? interval = "monthly", string? email = "user1@example.com", string? organization = null, string? newUserId = null)
    {
        var subscription = invoice is null ? null : new JsonObject { ["invoiceId"] = invoice, ["interval"] = interval, ["productKey"] = "pro" };
        return new JsonObject
        {
            ["eventName"] = "ReferralUpdated",
            ["payload"] = new JsonObject { ["ucc"] = ucc, ["newUserId"] = newUserId ?? userId, ["price"] = price, ["currency"] = currency },
            ["context"] = new JsonObject
            {
                ["event"] = new JsonObject { ["trigger"] = trigger, ["timestamp"] = (at ?? StripeSamples.Noon).ToString("O") },
                ["newUser"] = new JsonObject { ["id"] = userId, ["email"] = email, ["name"] = "New User", ["organizationId"] = organization },
                ["subscription"] = subscription,
            },
        }.ToJsonString();
    }

    public static string Signup(string userId = "user-1", string ucc = SmallWorld.Ann, DateTimeOffset? at = null) => Event("new-signup", userId, ucc, at);

    public static string Paid(string invoice = "in_1", decimal price = 100, string currency = "USD", string userId = "user-1", string ucc = SmallWorld.Ann, DateTimeOffset? at = null, string interval = "monthly") =>
        Event("invoice-paid", userId, ucc, at ?? StripeSamples.Noon.AddMinutes(5), JsonValue.Create(price), currency, invoice, interval);

    public static string Refunded(string invoice = "in_1", decimal price = 100, string currency = "USD", string userId = "user-1", string ucc = SmallWorld.Ann, DateTimeOffset? at = null) =>
        Event("charge-refunded", userId, ucc, at ?? StripeSamples.Noon.AddDays(1), JsonValue.Create(price), currency, invoice);

    /// <summary>A sample with one member, named by its path, set to something else, or taken away.</summary>
    public static string With(string body, string path, string? json)
    {
        var root = JsonNode.Parse(body)!;
        var names = path.Split('.');
        var parent = names[..^1].Aggregate(root, (node, name) => node[name]!);
        if (json is null) parent.AsObject().Remove(names[^1]);
        else parent[names[^1]] = JsonNode.Parse(json);
        return root.ToJsonString();
    }

    public static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
