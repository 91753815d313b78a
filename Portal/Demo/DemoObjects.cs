using System.Text.Json.Nodes;

namespace Portal.Demo;

/// <summary>
/// The provider's objects, as far as anybody reads them: https://docs.stripe.com/api. Since 2025-03-31.basil a subscription stands under
/// an invoice's <c>parent</c>, and a charge no longer names its invoice.
/// </summary>
internal static class DemoObjects
{
    public static JsonObject Customer(DemoCustomer c, DateTimeOffset at)
    {
        var (code, newUserId) = c.MetadataAt(at);
        var metadata = new JsonObject();
        if (code is not null) metadata["cello_ucc"] = code;
        if (newUserId is not null) metadata["new_user_id"] = newUserId;
        return new JsonObject
        {
            ["id"] = c.Id,
            ["object"] = "customer",
            ["address"] = null,
            ["balance"] = 0,
            ["created"] = Seconds(c.CreatedAt),
            ["currency"] = null,
            ["delinquent"] = false,
            ["description"] = null,
            ["email"] = c.Email,
            ["livemode"] = false,
            ["metadata"] = metadata,
            ["name"] = c.Name,
            ["phone"] = null,
            ["preferred_locales"] = new JsonArray(),
            ["shipping"] = null,
            ["tax_exempt"] = "none",
        };
    }

    public static JsonObject Subscription(
        DemoCustomer c, string id, string status, int plan, int quantity, DateTimeOffset startedAt, DateTimeOffset periodStart, DateTimeOffset periodEnd,
        DateTimeOffset? endedAt, bool basil)
    {
        var item = new JsonObject
        {
            ["id"] = "si_" + id[4..18],
            ["object"] = "subscription_item",
            ["price"] = new JsonObject
            {
                ["id"] = $"price_{c.Currency}_{DemoCustomer.Plans[plan].ToLowerInvariant()}",
                ["object"] = "price",
                ["currency"] = c.Currency,
                ["recurring"] = new JsonObject { ["interval"] = c.Story == DemoStory.Yearly ? "year" : "month", ["interval_count"] = 1 },
                ["unit_amount"] = c.Prices[plan],
            },
            ["quantity"] = quantity,
            ["subscription"] = id,
        };
        var subscription = new JsonObject
        {
            ["id"] = id,
            ["object"] = "subscription",
            ["cancel_at_period_end"] = false,
            ["canceled_at"] = Seconds(endedAt),
            ["collection_method"] = "charge_automatically",
            ["created"] = Seconds(startedAt),
            ["currency"] = c.Currency,
            ["customer"] = c.Id,
            ["ended_at"] = Seconds(endedAt),
            ["items"] = List(item),
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["start_date"] = Seconds(startedAt),
            ["status"] = status,
        };
        var holder = basil ? item : subscription;   // the period moved to the items
        (holder["current_period_start"], holder["current_period_end"]) = (Seconds(periodStart), Seconds(periodEnd));
        return subscription;
    }

    public static JsonObject Invoice(DemoCustomer c, DemoInvoice v, string subscription, bool basil)
    {
        var line = new JsonObject
        {
            ["id"] = "il_" + v.Id[3..],
            ["object"] = "line_item",
            ["amount"] = c.Tax.IsInclusive ? v.Total : v.Net,
            ["currency"] = c.Currency,
            ["description"] = $"{v.Quantity} × {v.Plan}",
            ["metadata"] = new JsonObject(),
            ["period"] = new JsonObject { ["start"] = Seconds(v.PaidAt), ["end"] = Seconds(v.PeriodEnd) },
            ["quantity"] = v.Quantity,
        };
        var invoice = new JsonObject
        {
            ["id"] = v.Id,
            ["object"] = "invoice",
            ["amount_due"] = v.Total,
            ["amount_paid"] = v.Total,
            ["amount_remaining"] = 0,
            ["billing_reason"] = v.Reason,
            ["collection_method"] = "charge_automatically",
            ["created"] = Seconds(v.PaidAt.AddSeconds(-4)),
            ["currency"] = c.Currency,
            ["customer"] = c.Id,
            ["customer_email"] = c.Email,
            ["customer_name"] = c.Name,
            ["lines"] = List(line),
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["number"] = v.Number,
            ["period_end"] = Seconds(v.PeriodEnd),
            ["period_start"] = Seconds(v.PaidAt),
            ["status"] = "paid",
            ["status_transitions"] = new JsonObject { ["finalized_at"] = Seconds(v.PaidAt.AddSeconds(-4)), ["paid_at"] = Seconds(v.PaidAt), ["voided_at"] = null },
            ["subtotal"] = c.Tax.IsInclusive ? v.Total : v.Net,
            ["total"] = v.Total,
            ["total_excluding_tax"] = v.Net,
        };
        var tax = new JsonObject { ["amount"] = v.Tax, ["taxable_amount"] = v.Net };
        if (basil)
        {
            tax["tax_behavior"] = c.Tax.IsInclusive ? "inclusive" : "exclusive";
            invoice["parent"] = new JsonObject
            {
                ["type"] = "subscription_details",
                ["subscription_details"] = new JsonObject { ["subscription"] = subscription, ["metadata"] = new JsonObject() },
            };
            invoice["total_taxes"] = v.Tax > 0 ? new JsonArray(tax) : [];
            return invoice;
        }
        tax["inclusive"] = c.Tax.IsInclusive;
        invoice["subscription"] = subscription;
        invoice["charge"] = v.ChargeId;
        invoice["payment_intent"] = v.IntentId;
        invoice["paid"] = true;
        invoice["tax"] = v.Tax > 0 ? v.Tax : null;
        invoice["total_tax_amounts"] = v.Tax > 0 ? new JsonArray(tax) : [];
        return invoice;
    }

    public static JsonObject Charge(
        DemoCustomer c, string id, string intent, string? invoice, long amount, long refunded, DateTimeOffset at, bool settled, bool basil)
    {
        var charge = new JsonObject
        {
            ["id"] = id,
            ["object"] = "charge",
            ["amount"] = amount,
            ["amount_captured"] = amount,
            ["amount_refunded"] = refunded,
            ["balance_transaction"] = settled ? "txn_" + id[3..] : null,
            ["billing_details"] = new JsonObject { ["address"] = null, ["email"] = null, ["name"] = c.Name, ["phone"] = null },
            ["captured"] = true,
            ["created"] = Seconds(at),
            ["currency"] = c.Currency,
            ["customer"] = c.Id,
            ["description"] = invoice is null ? "One-off purchase" : "Subscription update",
            ["disputed"] = false,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["paid"] = true,
            ["payment_intent"] = intent,
            ["payment_method_details"] = new JsonObject { ["type"] = "card", ["card"] = new JsonObject { ["brand"] = "visa", ["last4"] = "4242" } },
            ["refunded"] = refunded == amount,
            ["status"] = "succeeded",
        };
        if (!basil) charge["invoice"] = invoice;
        return charge;
    }

    public static JsonObject Refund(DemoCustomer c, DemoInvoice v, string id, long amount, DateTimeOffset at) => new()
    {
        ["id"] = id,
        ["object"] = "refund",
        ["amount"] = amount,
        ["charge"] = v.ChargeId,
        ["created"] = Seconds(at),
        ["currency"] = c.Currency,
        ["metadata"] = new JsonObject(),
        ["payment_intent"] = v.IntentId,
        ["reason"] = "requested_by_customer",
        ["status"] = "succeeded",
    };

    public static JsonObject InvoicePayment(DemoCustomer c, DemoInvoice v) => new()
    {
        ["id"] = "inpay_" + v.Id[3..],
        ["object"] = "invoice_payment",
        ["amount_paid"] = v.Total,
        ["amount_requested"] = v.Total,
        ["created"] = Seconds(v.PaidAt),
        ["currency"] = c.Currency,
        ["invoice"] = v.Id,
        ["is_default"] = true,
        ["livemode"] = false,
        ["payment"] = new JsonObject { ["type"] = "payment_intent", ["payment_intent"] = v.IntentId },
        ["status"] = "paid",
        ["status_transitions"] = new JsonObject { ["canceled_at"] = null, ["paid_at"] = Seconds(v.PaidAt) },
    };

    private static JsonObject List(JsonObject only) => new() { ["object"] = "list", ["data"] = new JsonArray(only), ["has_more"] = false, ["total_count"] = 1 };

    private static long Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds();

    private static JsonNode? Seconds(DateTimeOffset? at) => at?.ToUnixTimeSeconds();
}
