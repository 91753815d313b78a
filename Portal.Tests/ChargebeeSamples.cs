using System.Text.Json.Nodes;

namespace Portal.Tests;

/// <summary>Events as Chargebee sends them.</summary>
internal static class ChargebeeSamples
{
    public static string Event(string type, JsonObject content, DateTimeOffset? at = null, string? id = null) => new JsonObject
    {
        ["id"] = id ?? "ev_" + Guid.NewGuid().ToString("N")[..16], ["occurred_at"] = (at ?? StripeSamples.Noon).ToUnixTimeSeconds(), ["source"] = "api", ["object"] = "event", ["api_version"] = "v2",
        ["content"] = content, ["event_type"] = type,
    }.ToJsonString();

    public static string Customer(string type = "customer_created", string customer = "cb_1", string? ucc = SmallWorld.Ann, string? newUserId = "user-1", bool inCustomFields = false, DateTimeOffset? at = null, string? id = null) =>
        Event(type, new JsonObject { ["customer"] = CustomerObject(customer, ucc, newUserId, inCustomFields, at) }, at, id);

    public static string Paid(string invoice = "22", long amount = 10_000, long tax = 0, string currency = "USD", string customer = "cb_1", string payment = "txn_1", string status = "paid",
        string? ucc = SmallWorld.Ann, string? newUserId = "user-1", DateTimeOffset? at = null) =>
        Event("payment_succeeded", new JsonObject
        {
            ["transaction"] = Transaction(payment, "payment", amount, currency, customer, at),
            ["invoice"] = InvoiceObject(invoice, amount, tax, currency, customer, payment, status, at),
            ["customer"] = CustomerObject(customer, ucc, newUserId, false, at),
        }, at ?? StripeSamples.Noon.AddMinutes(5));

    public static string Refunded(string invoice = "22", long amount = 10_000, string currency = "USD", string customer = "cb_1", string payment = "txn_1", string refund = "txn_r1", DateTimeOffset? at = null)
    {
        var transaction = Transaction(refund, "refund", amount, currency, customer, at ?? StripeSamples.Noon.AddDays(1));
        transaction["refunded_txn_id"] = payment;
        return Event("payment_refunded", new JsonObject { ["transaction"] = transaction, ["invoice"] = InvoiceObject(invoice, 10_000, 0, currency, customer, payment, "paid", null) }, at ?? StripeSamples.Noon.AddDays(1));
    }

    private static JsonObject CustomerObject(string customer, string? ucc, string? newUserId, bool inCustomFields, DateTimeOffset? at)
    {
        var made = new JsonObject { ["id"] = customer, ["first_name"] = "Tax", ["last_name"] = "Payer", ["email"] = "payer@example.com", ["created_at"] = (at ?? StripeSamples.Noon).ToUnixTimeSeconds(), ["object"] = "customer" };
        if (inCustomFields) (made["cf_Cello_Ucc"], made["cf_new_user_id"]) = (ucc, newUserId);
        else made["meta_data"] = new JsonObject { ["cello_ucc"] = ucc, ["new_user_id"] = newUserId };
        return made;
    }

    private static JsonObject Transaction(string id, string type, long amount, string currency, string customer, DateTimeOffset? at) => new()
    {
        ["id"] = id, ["customer_id"] = customer, ["type"] = type, ["date"] = (at ?? StripeSamples.Noon.AddMinutes(5)).ToUnixTimeSeconds(), ["amount"] = amount, ["status"] = "success", ["currency_code"] = currency,
    };

    private static JsonObject InvoiceObject(string id, long amount, long tax, string currency, string customer, string payment, string status, DateTimeOffset? at) => new()
    {
        ["id"] = id, ["customer_id"] = customer, ["subscription_id"] = "sub 1", ["status"] = status, ["price_type"] = "tax_exclusive", ["total"] = amount, ["amount_paid"] = amount, ["tax"] = tax, ["currency_code"] = currency,
        ["paid_at"] = (at ?? StripeSamples.Noon.AddMinutes(5)).ToUnixTimeSeconds(), ["linked_payments"] = new JsonArray(new JsonObject { ["txn_id"] = payment }),
        ["line_items"] = new JsonArray(new JsonObject { ["amount"] = amount - tax, ["entity_id"] = "pro", ["entity_type"] = "plan", ["date_from"] = StripeSamples.Noon.ToUnixTimeSeconds(), ["date_to"] = StripeSamples.Noon.AddMonths(1).ToUnixTimeSeconds() }),
    };
}
