using System.Collections.Frozen;

namespace Portal.Core.Sources.Stripe;

/// <summary>
/// Which fields an event is checked for, as a table: the reader makes its checks from it, the pages list it, and a reader of the
/// code sees at one glance what a good event looks like.
/// </summary>
public static class StripeFieldRules
{
    private const string Object = "$.data.object.";

    private static readonly string[] Everywhere = [];
    private static readonly string[] Customer = ["customer.created", "customer.updated"];
    private static readonly string[] CustomerGone = ["customer.deleted"];
    private static readonly string[] Subscription =
        ["customer.subscription.created", "customer.subscription.updated", "customer.subscription.deleted"];

    private static readonly string[] SubscriptionAlive = ["customer.subscription.created", "customer.subscription.updated"];
    private static readonly string[] SubscriptionGone = ["customer.subscription.deleted"];
    private static readonly string[] Invoice = ["invoice.paid", "invoice.payment_succeeded"];
    private static readonly string[] InvoiceGivenUp = ["invoice.voided", "invoice.marked_uncollectible"];
    private static readonly string[] InvoicePayment = ["invoice_payment.paid"];
    private static readonly string[] Charge = ["charge.succeeded", "charge.updated", "charge.refunded"];
    private static readonly string[] ChargeMade = ["charge.succeeded", "charge.updated"];
    private static readonly string[] ChargeRefunded = ["charge.refunded"];
    private static readonly string[] Refund = ["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"];

    private static readonly string[] Dispute =
    [
        "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
    ];

    private static readonly string[] FraudWarning = ["radar.early_fraud_warning.created", "radar.early_fraud_warning.updated"];
    private static readonly string[] CreditNote = ["credit_note.created", "credit_note.updated", "credit_note.voided"];

    private static readonly string[] Code = [Object + "metadata.cello_ucc"];
    private static readonly string[] NewUser = [Object + "metadata.new_user_id", Object + "metadata.product_user_id"];
    private static readonly string[] Organization = [Object + "metadata.new_user_organization_id"];

    private static readonly string[] InvoiceCode =
    [
        Object + "metadata.cello_ucc", Object + "parent.subscription_details.metadata.cello_ucc",
        Object + "subscription_details.metadata.cello_ucc", Object + "lines.data[0].metadata.cello_ucc",
    ];

    /// <summary>Every rule, in the order in which a page shows the checks.</summary>
    public static readonly IReadOnlyList<FieldRule> All =
    [
        // Who referred whom
        new("ucc", Customer, Code, FieldNeed.RequiredForReferral, FieldShape.Code,
            "The referrer's code, 4 to 32 letters and digits, in metadata.cello_ucc. A customer without both keys came by himself: nothing will be rewarded unless cello_ucc and new_user_id are added.",
            "Not referred"),
        new("newUserId", Customer, NewUser, FieldNeed.RequiredForReferral, FieldShape.Text,
            "Your own id of the new user, up to 255 characters, in metadata.new_user_id, together with cello_ucc.",
            "Not referred"),
        new("newUserOrganizationId", Customer, Organization, FieldNeed.Informational, FieldShape.Text,
            "Your own id of the new user's organisation, where whole organisations are referred."),
        new("ucc", [.. CustomerGone, .. Subscription], Code, FieldNeed.Informational, FieldShape.Code,
            "Nothing: the code is taken from the customer. One that stands here is read too."),
        new("newUserId", [.. CustomerGone, .. Subscription], NewUser, FieldNeed.Informational, FieldShape.Text,
            "Nothing: the new user is taken from the customer. One that stands here is read too."),
        new("ucc", Invoice, InvoiceCode, FieldNeed.Informational, FieldShape.Code,
            "Nothing: the code is taken from the customer. One on the invoice, its subscription or its first line is read too."),

        // Customers
        new("customerId", [.. Customer, .. CustomerGone], [Object + "id"], FieldNeed.Required, FieldShape.Name, "The customer's id, cus_…"),
        new("email", Customer, [Object + "email"], FieldNeed.Recommended, FieldShape.Email,
            "The customer's e-mail address: helps with attribution and with finding self-referrals."),
        new("email", CustomerGone, [Object + "email"], FieldNeed.Informational, FieldShape.Email, "The customer's e-mail address."),
        new("customerCreated", Customer, [Object + "created"], FieldNeed.Recommended, FieldShape.Time,
            "When the customer was created, in seconds since 1970; else the event's own time is used."),

        // Subscriptions
        new("subscriptionId", Subscription, [Object + "id"], FieldNeed.Required, FieldShape.Name, "The subscription's id, sub_…"),
        new("customerId", Subscription, [Object + "customer"], FieldNeed.Required, FieldShape.Reference,
            "The subscription's customer, cus_…"),
        new("status", SubscriptionAlive, [Object + "status"], FieldNeed.Required, FieldShape.Name,
            "The subscription's status, such as active."),
        new("endedAt", SubscriptionGone, [Object + "ended_at"], FieldNeed.Informational, FieldShape.Time,
            "When the subscription ended, in seconds since 1970; else the event's own time is used."),

        // Invoices
        new("invoiceId", [.. Invoice, .. InvoiceGivenUp], [Object + "id"], FieldNeed.Required, FieldShape.Name, "The invoice's id, in_…"),
        new("customerId", [.. Invoice, .. InvoiceGivenUp, .. Charge], [Object + "customer"], FieldNeed.Recommended, FieldShape.Reference,
            "A customer, cus_…: without one the payment cannot be attributed to anybody.", "No customer: cannot be attributed"),
        new("currency", Invoice, [Object + "currency"], FieldNeed.Required, FieldShape.Currency, "An ISO currency code of three letters."),
        new("amountPaid", Invoice, [Object + "amount_paid"], FieldNeed.Required, FieldShape.Amount,
            "What was collected, in whole minor units (cents), 0 or more."),
        new("paidOutOfBand", Invoice, [Object + "paid_out_of_band"], FieldNeed.Informational, FieldShape.Flag,
            "true when somebody marked it paid outside Stripe; API versions from 2025-03-31 on say it with its payments."),
        new("total", Invoice, [Object + "total"], FieldNeed.Required, FieldShape.SignedAmount, "The total with tax, in whole minor units."),
        new("totalExcludingTax", Invoice,
            [
                Object + "total_excluding_tax", Object + "tax", Object + "total_taxes", Object + "total_tax_amounts",
                Object + "subtotal_excluding_tax", Object + "total",
            ],
            FieldNeed.Required, FieldShape.NetTotal,
            "The total without tax, in whole minor units, no more than the total; computed from the tax where the API version has no such field."),
        new("paidAt", Invoice, [Object + "status_transitions.paid_at"], FieldNeed.Recommended, FieldShape.Time,
            "When it was paid, in seconds since 1970; else the event's own time is used."),
        new("email", Invoice, [Object + "customer_email"], FieldNeed.Recommended, FieldShape.Email, "The customer's e-mail address."),
        new("subscriptionId", Invoice, [Object + "parent.subscription_details.subscription", Object + "subscription"],
            FieldNeed.Informational, FieldShape.Reference, "The subscription that it bills, sub_…"),
        new("billingReason", Invoice, [Object + "billing_reason"], FieldNeed.Informational, FieldShape.Name, "Why it was issued."),
        new("lines", Invoice, [Object + "lines"], FieldNeed.Recommended, FieldShape.Lines,
            "All lines of the invoice with their amounts, discounts and taxes; where some are missing, rewards for single products may need a person.",
            "Not all"),
        new("invoiceId", InvoicePayment, [Object + "invoice"], FieldNeed.Required, FieldShape.Reference, "The invoice that was paid, in_…"),
        new("payment", InvoicePayment, [Object + "payment.payment_intent", Object + "payment.charge", Object + "payment.payment_record"],
            FieldNeed.Required, FieldShape.Reference,
            "The payment intent (pi_…) or charge (ch_…) that paid it, or the record of a payment outside Stripe."),

        // Charges
        new("chargeId", Charge, [Object + "id"], FieldNeed.Required, FieldShape.Name, "The charge's id, ch_… or py_…"),
        new("currency", Charge, [Object + "currency"], FieldNeed.Required, FieldShape.Currency, "An ISO currency code of three letters."),
        new("amount", Charge, [Object + "amount"], FieldNeed.Required, FieldShape.Amount,
            "What was charged, in whole minor units (cents)."),
        new("amountRefunded", ChargeRefunded, [Object + "amount_refunded"], FieldNeed.Required, FieldShape.RefundedTotal,
            "How much has been refunded in all, in whole minor units, no more than was charged."),
        new("amountRefunded", ChargeMade, [Object + "amount_refunded"], FieldNeed.Informational, FieldShape.RefundedTotal,
            "How much has been refunded in all, in whole minor units, no more than was charged."),
        new("chargedAt", Charge, [Object + "created"], FieldNeed.Recommended, FieldShape.Time,
            "When it was charged, in seconds since 1970; else the event's own time is used."),
        new("paymentIntentId", Charge, [Object + "payment_intent"], FieldNeed.Informational, FieldShape.Reference,
            "The payment intent behind it, pi_…"),
        new("invoiceId", Charge, [Object + "invoice"], FieldNeed.Informational, FieldShape.Reference,
            "The invoice that it pays, in_…; API versions from 2025-03-31 on do not say."),

        // Money going back
        new("refundId", Refund, [Object + "id"], FieldNeed.Required, FieldShape.Name, "The refund's id, re_…"),
        new("disputeId", Dispute, [Object + "id"], FieldNeed.Required, FieldShape.Name, "The dispute's id, du_… or dp_…"),
        new("currency", [.. Refund, .. Dispute], [Object + "currency"], FieldNeed.Required, FieldShape.Currency,
            "An ISO currency code of three letters."),
        new("amount", [.. Refund, .. Dispute], [Object + "amount"], FieldNeed.Required, FieldShape.Amount,
            "In whole minor units (cents), 0 or more."),
        new("payment", [.. Refund, .. Dispute], [Object + "payment_intent", Object + "charge"], FieldNeed.Recommended, FieldShape.Reference,
            "The payment that it concerns, pi_… or ch_…: without one it cannot be matched with an invoice."),
        new("status", Refund, [Object + "status"], FieldNeed.Recommended, FieldShape.RefundStatus,
            "pending, requires_action, succeeded, failed or canceled; anything else is taken for pending, or for failed in refund.failed."),
        new("status", Dispute, [Object + "status"], FieldNeed.Required, FieldShape.Name, "The dispute's status, such as needs_response."),
        new("warningId", FraudWarning, [Object + "id"], FieldNeed.Required, FieldShape.Name, "The warning's id, issfr_…"),
        new("payment", FraudWarning, [Object + "charge", Object + "payment_intent"], FieldNeed.Required, FieldShape.Reference,
            "The charge (ch_…) or payment intent (pi_…) that may be fraud: without one nothing can be held."),
        new("warnedAt", FraudWarning, [Object + "created"], FieldNeed.Recommended, FieldShape.Time,
            "When the issuer warned, in seconds since 1970; else the event's own time is used."),
        new("creditNoteId", CreditNote, [Object + "id"], FieldNeed.Required, FieldShape.Name, "The credit note's id, cn_…"),
        new("invoiceId", CreditNote, [Object + "invoice"], FieldNeed.Required, FieldShape.Reference, "The invoice that it corrects, in_…"),
        new("currency", CreditNote, [Object + "currency"], FieldNeed.Required, FieldShape.Currency,
            "An ISO currency code of three letters."),
        new("amount", CreditNote, [Object + "amount"], FieldNeed.Required, FieldShape.Amount,
            "The credited total with tax, in whole minor units."),
        new("status", CreditNote, [Object + "status"], FieldNeed.Recommended, FieldShape.Name,
            "issued or void; else the event's type decides."),
        new("outOfBandAmount", CreditNote, [Object + "out_of_band_amount"], FieldNeed.Informational, FieldShape.Amount,
            "What of it was given back outside Stripe, in whole minor units."),
        new("refundId", CreditNote, [Object + "refunds[0].refund", Object + "refund"], FieldNeed.Informational, FieldShape.Reference,
            "The refunds that are part of it: the same money, not more of it."),

        // The event itself
        new("eventId", Everywhere, ["$.id"], FieldNeed.Required, FieldShape.Name, "The event's id, evt_…"),
        new("eventType", Everywhere, ["$.type"], FieldNeed.Required, FieldShape.Name, "The event's type, such as invoice.paid."),
        new("created", Everywhere, ["$.created"], FieldNeed.Required, FieldShape.Time, "When it happened, in seconds since 1970."),
        new("livemode", Everywhere, ["$.livemode"], FieldNeed.Required, FieldShape.Flag, "true for real money, false for tests."),
        new("apiVersion", Everywhere, ["$.api_version"], FieldNeed.Informational, FieldShape.Name,
            "The API version that shaped the event."),
    ];

    private static readonly FieldRule[] ForAnyType = [.. All.Where(rule => rule.EventTypes.Count == 0)];

    private static readonly FrozenDictionary<string, FieldRule[]> ByType = All
        .SelectMany(rule => rule.EventTypes)
        .Distinct()
        .ToFrozenDictionary(
            type => type,
            type => All.Where(rule => rule.EventTypes.Count == 0 || rule.EventTypes.Contains(type)).ToArray());

    /// <summary>The rules for one type of event, in the order of <see cref="All"/>; those of every event for a type that is not followed.</summary>
    public static IReadOnlyList<FieldRule> For(string eventType) => ByType.GetValueOrDefault(eventType) ?? ForAnyType;
}
