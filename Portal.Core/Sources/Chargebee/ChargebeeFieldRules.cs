namespace Portal.Core.Sources.Chargebee;

/// <summary>Which fields an event of Chargebee is checked for.</summary>
public static class ChargebeeFieldRules
{
    private const string Content = "$.content.";

    private static readonly string[] Everywhere = [];
    private static readonly string[] Alive = ["customer_created", "customer_changed"];
    private static readonly string[] Customers = [.. ChargebeeEventTypes.Customers];
    private static readonly string[] Payments = [.. ChargebeeEventTypes.Payments];
    private static readonly string[] Paid = ["payment_succeeded"];
    private static readonly string[] Refunded = ["payment_refunded"];
    private static readonly string[] Subscriptions = [.. ChargebeeEventTypes.Subscriptions];

    /// <summary>Every rule, in the order in which a page shows the checks.</summary>
    public static readonly IReadOnlyList<FieldRule> All =
    [
        new("ucc", Alive, [Content + "customer.meta_data.cello_ucc", Content + "customer.cf_cello_ucc"], FieldNeed.RequiredForReferral, FieldShape.Code,
            "The referrer's code, 4 to 32 letters and digits, in meta_data.cello_ucc or the custom field cf_cello_ucc. A customer without both keys came by himself: nothing will be rewarded unless they are added.", "Not referred"),
        new("newUserId", Alive, [Content + "customer.meta_data.new_user_id", Content + "customer.cf_new_user_id"], FieldNeed.RequiredForReferral, FieldShape.Text,
            "Your own id of the new user, up to 255 characters, in meta_data.new_user_id or the custom field cf_new_user_id.", "Not referred"),
        new("newUserOrganizationId", Alive, [Content + "customer.meta_data.new_user_organization_id", Content + "customer.cf_new_user_organization_id"], FieldNeed.Informational, FieldShape.Text,
            "Your own id of the new user's organisation, where whole organisations are referred."),
        new("coupon", Alive, [Content + "customer.meta_data.coupon", Content + "customer.cf_coupon"], FieldNeed.Informational, FieldShape.Text, "The new user's discount."),
        new("customerId", Customers, [Content + "customer.id"], FieldNeed.Required, FieldShape.Text, "The customer's id."),
        new("email", Alive, [Content + "customer.email"], FieldNeed.Recommended, FieldShape.Email, "The customer's e-mail address: without it nobody can be recognised by it."),
        new("createdAt", Alive, [Content + "customer.created_at"], FieldNeed.Recommended, FieldShape.Time, "When the customer was created, in seconds since 1970: the signup."),
        new("transactionId", Payments, [Content + "transaction.id"], FieldNeed.Required, FieldShape.Text, "The transaction's id."),
        new("amount", Payments, [Content + "transaction.amount"], FieldNeed.Required, FieldShape.Amount, "The transaction's amount in minor units."),
        new("currency", Payments, [Content + "transaction.currency_code", Content + "invoice.currency_code"], FieldNeed.Required, FieldShape.Currency, "The currency's three letters."),
        new("customerId", Payments, [Content + "transaction.customer_id", Content + "customer.id"], FieldNeed.Required, FieldShape.Text, "The customer who paid."),
        new("invoiceId", Paid, [Content + "invoice.id"], FieldNeed.Recommended, FieldShape.Text, "The invoice that was paid: rewards are counted from invoices."),
        new("amountPaid", Paid, [Content + "invoice.amount_paid"], FieldNeed.Recommended, FieldShape.Amount, "What was paid of the invoice, in minor units."),
        new("total", Paid, [Content + "invoice.total"], FieldNeed.Recommended, FieldShape.SignedAmount, "The invoice's total with tax, in minor units."),
        new("tax", Paid, [Content + "invoice.tax"], FieldNeed.Recommended, FieldShape.SignedAmount, "The tax in the total, in minor units: 0 where there is none."),
        new("refundedTransactionId", Refunded, [Content + "transaction.refunded_txn_id"], FieldNeed.Required, FieldShape.Text, "The payment that was refunded."),
        new("invoiceId", Refunded, [Content + "invoice.id", Content + "credit_note.reference_invoice_id"], FieldNeed.Recommended, FieldShape.Text, "The invoice that the payment had paid: without it the refund is found by its payment only."),
        new("subscriptionId", Subscriptions, [Content + "subscription.id"], FieldNeed.Required, FieldShape.Text, "The subscription's id."),
        new("occurredAt", Everywhere, ["$.occurred_at"], FieldNeed.Required, FieldShape.Time, "When it happened, in seconds since 1970."),
        new("eventId", Everywhere, ["$.id"], FieldNeed.Required, FieldShape.Name, "The event's id: it is counted once by it."),
    ];

    /// <summary>The rules for events of one type.</summary>
    public static IReadOnlyList<FieldRule> For(string type) => !ChargebeeEventTypes.IsFollowed(type) ? [] : [.. All.Where(r => r.EventTypes.Count == 0 || r.EventTypes.Contains(type))];
}
