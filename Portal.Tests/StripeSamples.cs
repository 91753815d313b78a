using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Tests;

/// <summary>The two shapes that Stripe's payloads come in.</summary>
public enum StripeShape
{
    /// <summary>2025-03-31.basil and later: an invoice has a parent and payments, a charge knows no invoice.</summary>
    Basil,

    /// <summary>Before that (here 2022-11-15): an invoice names its subscription, charge and payment intent, a charge its invoice.</summary>
    Classic,
}

/// <summary>
/// Stripe events as JSON: partial, but every field the portal reads is there, with defaults that form one story (cus_1 signs up, pays
/// in_1 by pi_1 and ch_1, and gets re_1 back). Name only what your test is about.
/// </summary>
public static class StripeSamples
{
    /// <summary>When things happen, unless told otherwise.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The secret that <see cref="Sign"/> uses, unless told otherwise.</summary>
    public const string Secret = "whsec_samplesamplesamplesample";

    /// <summary>A customer that signed up; <paramref name="type"/> may be <c>customer.updated</c> or <c>customer.deleted</c> too.</summary>
    public static string Customer(
        string type = "customer.created", string customer = "cus_1", string? ucc = "abcDEF12345", string? newUserId = "user-1",
        string? organization = null, string? email = "new.user@example.com", string? name = "New User", DateTimeOffset? created = null,
        DateTimeOffset? at = null, string? eventId = null, StripeShape shape = StripeShape.Basil) =>
        Event(type, new JsonObject
        {
            ["id"] = customer,
            ["object"] = "customer",
            ["created"] = Seconds(created ?? at ?? Noon),
            ["email"] = email,
            ["livemode"] = false,
            ["metadata"] = Metadata(ucc, newUserId, organization),
            ["name"] = name,
        }, at, eventId, shape);

    /// <summary>A subscription; <paramref name="type"/> may be <c>….updated</c> or <c>….deleted</c> too.</summary>
    public static string Subscription(
        string type = "customer.subscription.created", string subscription = "sub_1", string? customer = "cus_1", string status = "active",
        DateTimeOffset? endedAt = null, string? ucc = null, string? newUserId = null, DateTimeOffset? at = null, string? eventId = null,
        StripeShape shape = StripeShape.Basil) =>
        Event(type, new JsonObject
        {
            ["id"] = subscription,
            ["object"] = "subscription",
            ["canceled_at"] = null,
            ["customer"] = customer,
            ["ended_at"] = endedAt is { } end ? Seconds(end) : null,
            ["metadata"] = Metadata(ucc, newUserId, null),
            ["status"] = status,
        }, at, eventId, shape);

    /// <summary>A paid invoice. Both ids of the payment are in the classic shape; the other has them only with <paramref name="embedPayments"/>.</summary>
    public static string InvoicePaid(
        string? customer = "cus_1", string invoice = "in_1", long amountPaid = 12_000, long total = 12_000, long totalExcludingTax = 10_000,
        string currency = "usd", DateTimeOffset? paidAt = null, StripeShape shape = StripeShape.Basil, string type = "invoice.paid",
        string? subscription = "sub_1", string billingReason = "subscription_cycle", string? email = "new.user@example.com",
        string? paymentIntent = "pi_1", string? charge = "ch_1", bool embedPayments = false, JsonObject? metadata = null,
        JsonObject? subscriptionMetadata = null, JsonNode[]? lines = null, bool outside = false, DateTimeOffset? at = null, string? eventId = null)
    {
        var o = new JsonObject
        {
            ["id"] = invoice,
            ["object"] = "invoice",
            ["amount_due"] = amountPaid,
            ["amount_paid"] = amountPaid,
            ["billing_reason"] = billingReason,
            ["currency"] = currency,
            ["customer"] = customer,
            ["customer_email"] = email,
            ["lines"] = List(lines ?? []),
            ["metadata"] = metadata ?? [],
            ["status"] = "paid",
            ["status_transitions"] = new JsonObject { ["paid_at"] = Seconds(paidAt ?? at ?? Noon), ["voided_at"] = null },
            ["total"] = total,
            ["total_excluding_tax"] = totalExcludingTax,
        };
        if (shape == StripeShape.Basil)
        {
            o["parent"] = subscription is null ? null : new JsonObject
            {
                ["type"] = "subscription_details",
                ["subscription_details"] = new JsonObject { ["metadata"] = subscriptionMetadata ?? [], ["subscription"] = subscription },
            };
            o["total_taxes"] = new JsonArray(new JsonObject { ["amount"] = total - totalExcludingTax });
            if (embedPayments || outside)
            {
                o["payments"] = List(Payment(
                    "inpay_1", invoice, outside ? null : paymentIntent, outside ? null : charge, currency, amountPaid, paidAt ?? at ?? Noon));
            }
        }
        else
        {
            o["charge"] = outside ? null : charge;
            o["payment_intent"] = outside ? null : paymentIntent;
            o["paid_out_of_band"] = outside;
            if (outside) o["amount_paid"] = 0;
            o["subscription"] = subscription;
            o["subscription_details"] = new JsonObject { ["metadata"] = subscriptionMetadata ?? [] };
            o["tax"] = total - totalExcludingTax;
            o["total_tax_amounts"] = new JsonArray(new JsonObject { ["amount"] = total - totalExcludingTax });
        }

        return Event(type, o, at ?? paidAt, eventId, shape);
    }

    /// <summary>One line of an invoice, for a year from <see cref="Noon"/>. The tax is included in the amount where <paramref name="inclusive"/>, else on top of it.</summary>
    public static JsonObject Line(
        long amount, string? product = "prod_1", string? price = "price_1", long discount = 0, long grant = 0, long tax = 0,
        bool inclusive = true, StripeShape shape = StripeShape.Basil)
    {
        var credits = new JsonArray();
        if (discount != 0) credits.Add(new JsonObject { ["amount"] = discount, ["discount"] = "di_1", ["type"] = "discount" });
        if (grant != 0) credits.Add(new JsonObject { ["amount"] = grant, ["credit_balance_transaction"] = "cbtxn_1", ["type"] = "credit_balance_transaction" });
        var line = new JsonObject
        {
            ["id"] = "il_1",
            ["object"] = "line_item",
            ["amount"] = amount,
            ["discount_amounts"] = discount == 0 ? [] : new JsonArray(new JsonObject { ["amount"] = discount, ["discount"] = "di_1" }),
            ["metadata"] = new JsonObject(),
            ["period"] = new JsonObject { ["start"] = Seconds(Noon), ["end"] = Seconds(Noon.AddYears(1)) },
            ["pretax_credit_amounts"] = credits,
        };
        if (shape == StripeShape.Basil)
        {
            line["pricing"] = new JsonObject { ["price_details"] = new JsonObject { ["price"] = price, ["product"] = product }, ["type"] = "price_details" };
            line["taxes"] = new JsonArray(new JsonObject { ["amount"] = tax, ["tax_behavior"] = inclusive ? "inclusive" : "exclusive" });
        }
        else
        {
            line["plan"] = new JsonObject { ["id"] = price, ["object"] = "plan", ["product"] = product };
            line["price"] = new JsonObject { ["id"] = price, ["object"] = "price", ["product"] = product };
            line["tax_amounts"] = new JsonArray(new JsonObject { ["amount"] = tax, ["inclusive"] = inclusive });
        }

        return line;
    }

    /// <summary>An invoice declared void.</summary>
    public static string InvoiceVoided(string invoice = "in_1", string? customer = "cus_1", DateTimeOffset? voidedAt = null, string? eventId = null) =>
        Event("invoice.voided", new JsonObject
        {
            ["id"] = invoice,
            ["object"] = "invoice",
            ["customer"] = customer,
            ["status"] = "void",
            ["status_transitions"] = new JsonObject { ["paid_at"] = null, ["voided_at"] = Seconds(voidedAt ?? Noon) },
        }, voidedAt, eventId, StripeShape.Basil);

    /// <summary>An invoice given up as uncollectible.</summary>
    public static string InvoiceWrittenOff(string invoice = "in_1", string? customer = "cus_1", DateTimeOffset? at = null, string? eventId = null) =>
        Event("invoice.marked_uncollectible", new JsonObject
        {
            ["id"] = invoice,
            ["object"] = "invoice",
            ["customer"] = customer,
            ["status"] = "uncollectible",
            ["status_transitions"] = new JsonObject { ["marked_uncollectible_at"] = Seconds(at ?? Noon), ["paid_at"] = null },
        }, at, eventId, StripeShape.Basil);

    /// <summary>The link between an invoice and its payment, as newer API versions send it; with neither id, a payment outside Stripe.</summary>
    public static string InvoicePaymentPaid(
        string invoice = "in_1", string? paymentIntent = "pi_1", string? charge = null, long amountPaid = 12_000, string currency = "usd",
        DateTimeOffset? at = null, string? eventId = null) =>
        Event("invoice_payment.paid", Payment("inpay_1", invoice, paymentIntent, charge, currency, amountPaid, at ?? Noon), at, eventId, StripeShape.Basil);

    /// <summary>A charge that succeeded; give <paramref name="amountRefunded"/> and <c>charge.refunded</c> for one that went back.</summary>
    public static string Charge(
        string type = "charge.succeeded", string charge = "ch_1", string? customer = "cus_1", string? invoice = "in_1",
        string? paymentIntent = "pi_1", long amount = 12_000, long amountRefunded = 0, string currency = "usd", bool captured = true,
        string status = "succeeded", DateTimeOffset? chargedAt = null, DateTimeOffset? at = null, string? eventId = null,
        StripeShape shape = StripeShape.Basil)
    {
        var o = new JsonObject
        {
            ["id"] = charge,
            ["object"] = "charge",
            ["amount"] = amount,
            ["amount_refunded"] = amountRefunded,
            ["billing_details"] = new JsonObject { ["email"] = null },
            ["captured"] = captured,
            ["created"] = Seconds(chargedAt ?? at ?? Noon),
            ["currency"] = currency,
            ["customer"] = customer,
            ["paid"] = status == "succeeded",
            ["payment_intent"] = paymentIntent,
            ["refunded"] = amountRefunded == amount,
            ["status"] = status,
        };
        if (shape == StripeShape.Classic) o["invoice"] = invoice;
        return Event(type, o, at ?? chargedAt, eventId, shape);
    }

    /// <summary>One refund; <paramref name="type"/> may be <c>refund.updated</c>, <c>refund.failed</c> or <c>charge.refund.updated</c> too.</summary>
    public static string Refund(
        string type = "refund.created", string refund = "re_1", string? charge = "ch_1", string? paymentIntent = "pi_1",
        long amount = 12_000, string currency = "usd", string? status = "succeeded", DateTimeOffset? at = null, string? eventId = null,
        StripeShape shape = StripeShape.Basil) =>
        Event(type, new JsonObject
        {
            ["id"] = refund,
            ["object"] = "refund",
            ["amount"] = amount,
            ["charge"] = charge,
            ["created"] = Seconds(at ?? Noon),
            ["currency"] = currency,
            ["payment_intent"] = paymentIntent,
            ["status"] = status,
        }, at, eventId, shape);

    /// <summary>A movement of a dispute: <c>created</c>, <c>updated</c>, <c>closed</c>, <c>funds_withdrawn</c> or <c>funds_reinstated</c>.</summary>
    public static string Dispute(
        string movement = "created", string dispute = "du_1", string charge = "ch_1", string? paymentIntent = "pi_1", long amount = 12_000,
        string currency = "usd", string status = "needs_response", long[]? balanceTransactions = null, string? settledIn = null,
        DateTimeOffset? at = null, string? eventId = null) =>
        Event("charge.dispute." + movement, new JsonObject
        {
            ["id"] = dispute,
            ["object"] = "dispute",
            ["amount"] = amount,
            ["balance_transactions"] = new JsonArray([.. (balanceTransactions ?? [])
                .Select(moved => new JsonObject { ["amount"] = moved, ["currency"] = settledIn ?? currency })]),
            ["charge"] = charge,
            ["currency"] = currency,
            ["payment_intent"] = paymentIntent,
            ["status"] = status,
        }, at, eventId, StripeShape.Basil);

    /// <summary>A warning of fraud by a card's issuer; <paramref name="type"/> may be <c>….updated</c> too.</summary>
    public static string FraudWarning(
        string type = "radar.early_fraud_warning.created", string warning = "issfr_1", string? charge = "ch_1", string? paymentIntent = "pi_1",
        DateTimeOffset? warnedAt = null, DateTimeOffset? at = null, string? eventId = null) =>
        Event(type, new JsonObject
        {
            ["id"] = warning,
            ["object"] = "radar.early_fraud_warning",
            ["actionable"] = true,
            ["charge"] = charge,
            ["created"] = Seconds(warnedAt ?? at ?? Noon),
            ["fraud_type"] = "misc",
            ["payment_intent"] = paymentIntent,
        }, at, eventId, StripeShape.Basil);

    /// <summary>A credit note; <paramref name="type"/> may be <c>….updated</c> or <c>….voided</c> too.</summary>
    public static string CreditNote(
        string type = "credit_note.created", string creditNote = "cn_1", string invoice = "in_1", string? customer = "cus_1",
        long amount = 12_000, string currency = "usd", string status = "issued", string[]? refunds = null, long? outOfBand = null,
        long prePayment = 0, DateTimeOffset? at = null, string? eventId = null, StripeShape shape = StripeShape.Basil)
    {
        var o = new JsonObject
        {
            ["id"] = creditNote,
            ["object"] = "credit_note",
            ["amount"] = amount,
            ["currency"] = currency,
            ["customer"] = customer,
            ["invoice"] = invoice,
            ["out_of_band_amount"] = outOfBand,
            ["status"] = status,
            ["type"] = prePayment == 0 ? "post_payment" : prePayment == amount ? "pre_payment" : "mixed",
        };
        if (shape == StripeShape.Classic)
        {
            o["refund"] = refunds?.FirstOrDefault();
        }
        else
        {
            o["refunds"] = new JsonArray([.. (refunds ?? []).Select(refund => new JsonObject { ["refund"] = refund })]);
            o["pre_payment_amount"] = prePayment;
            o["post_payment_amount"] = amount - prePayment;
        }

        return Event(type, o, at, eventId, shape);
    }

    /// <summary>Any object in an event's envelope. Without an id of its own the event gets one that its type, object and time determine.</summary>
    public static string Event(string type, JsonNode? about, DateTimeOffset? at, string? eventId, StripeShape shape, bool liveMode = false) =>
        new JsonObject
        {
            ["id"] = eventId ?? $"evt_{type.Replace('.', '_')}_{about?["id"]}_{Seconds(at ?? Noon)}",
            ["object"] = "event",
            ["api_version"] = shape == StripeShape.Basil ? "2025-03-31.basil" : "2022-11-15",
            ["created"] = Seconds(at ?? Noon),
            ["data"] = new JsonObject { ["object"] = about },
            ["livemode"] = liveMode,
            ["pending_webhooks"] = 1,
            ["request"] = new JsonObject { ["id"] = null, ["idempotency_key"] = null },
            ["type"] = type,
        }.ToJsonString();

    /// <summary>Referral metadata with only the keys that are given.</summary>
    public static JsonObject Metadata(string? ucc, string? newUserId, string? organization)
    {
        var metadata = new JsonObject();
        if (ucc is not null) metadata["cello_ucc"] = ucc;
        if (newUserId is not null) metadata["new_user_id"] = newUserId;
        if (organization is not null) metadata["new_user_organization_id"] = organization;
        return metadata;
    }

    /// <summary>The <c>Stripe-Signature</c> header for a body, made independently of the code that checks it.</summary>
    public static string Sign(string body, string secret = Secret, DateTimeOffset? at = null)
    {
        var t = Seconds(at ?? Noon);
        return $"t={t},v1={Digest(body, secret, t)}";
    }

    /// <summary>One <c>v1</c> value: lower-case hexadecimal HMAC-SHA256 over the time, a full stop and the body.</summary>
    public static string Digest(string body, string secret, long seconds) => Convert.ToHexStringLower(HMACSHA256.HashData(
        Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}.{body}"))));

    /// <summary>A moment as Stripe counts it.</summary>
    public static long Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds();

    private static JsonObject List(params JsonNode[] data) => new() { ["object"] = "list", ["data"] = new JsonArray([.. data]), ["has_more"] = false };

    private static JsonObject Payment(
        string id, string invoice, string? paymentIntent, string? charge, string currency, long amountPaid, DateTimeOffset paidAt) => new()
        {
            ["id"] = id,
            ["object"] = "invoice_payment",
            ["amount_paid"] = amountPaid,
            ["currency"] = currency,
            ["invoice"] = invoice,
            ["payment"] = new JsonObject
            {
                ["type"] = paymentIntent is not null ? "payment_intent" : charge is not null ? "charge" : "payment_record",
                ["payment_intent"] = paymentIntent,
                ["charge"] = charge,
                ["payment_record"] = paymentIntent is null && charge is null ? "pr_1" : null,
            },
            ["status"] = "paid",
            ["status_transitions"] = new JsonObject { ["paid_at"] = Seconds(paidAt) },
        };
}
