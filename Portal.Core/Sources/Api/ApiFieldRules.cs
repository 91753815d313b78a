namespace Portal.Core.Sources.Api;

/// <summary>
/// Which fields an event told through the API is checked for. Stricter than what the endpoint refuses: a request may be well formed, be
/// kept, and still not do its work.
/// </summary>
public static class ApiFieldRules
{
    private static readonly string[] Everywhere = [];
    private static readonly string[] People = [ApiTriggers.NewSignup, ApiTriggers.DemoCallAttended];
    private static readonly string[] Purchase = [ApiTriggers.InvoicePaid];
    private static readonly string[] Refund = [ApiTriggers.ChargeRefunded];
    private static readonly string[] Money = [ApiTriggers.InvoicePaid, ApiTriggers.ChargeRefunded];

    /// <summary>Every rule, in the order in which a page shows the checks.</summary>
    public static readonly IReadOnlyList<FieldRule> All =
    [
        new("trigger", Everywhere, ["$.context.event.trigger"], FieldNeed.Required, FieldShape.Word, $"One of {string.Join(", ", ApiTriggers.All)}.") { Words = ApiTriggers.All },
        new("timestamp", Everywhere, ["$.context.event.timestamp"], FieldNeed.Required, FieldShape.DateTime, "When it happened, in ISO 8601 such as 2026-05-01T09:30:00Z."),
        new("ucc", Everywhere, ["$.payload.ucc"], FieldNeed.Required, FieldShape.Code, "The referrer's code, 4 to 32 letters and digits."),
        new("newUserId", Everywhere, ["$.payload.newUserId"], FieldNeed.Required, FieldShape.Text, "Your own id of the new user, or of the organisation where whole organisations are referred."),
        new("newUser.id", Everywhere, ["$.context.newUser.id"], FieldNeed.Required, FieldShape.Text, "Your own id of the new user, also where an organisation is referred."),
        new("newUser.email", [.. People, .. Refund], ["$.context.newUser.email"], FieldNeed.Recommended, FieldShape.Email, "The new user's e-mail address: without it nobody can be recognised by it."),
        new("newUser.email", Purchase, ["$.context.newUser.email"], FieldNeed.Required, FieldShape.Email, "The new user's e-mail address."),
        new("newUser.name", People, ["$.context.newUser.name"], FieldNeed.Recommended, FieldShape.Text, "The new user's name, for people who look for it."),
        new("newUser.organizationId", Everywhere, ["$.context.newUser.organizationId"], FieldNeed.Informational, FieldShape.Text, "Your own id of the new user's organisation, where whole organisations are referred."),
        new("price", Purchase, ["$.payload.price"], FieldNeed.Required, FieldShape.MajorAmount, "What was paid without tax, in major units such as 19.99, no more decimals than the currency has."),
        new("price", Refund, ["$.payload.price"], FieldNeed.Required, FieldShape.MajorAmount, "What this refund gave back, in major units such as 19.99."),
        new("currency", Money, ["$.payload.currency"], FieldNeed.Required, FieldShape.Currency, "The currency's three letters, such as EUR."),
        new("subscription.invoiceId", Money, ["$.context.subscription.invoiceId"], FieldNeed.Required, FieldShape.Name, "The invoice's id: it is counted once by it, and refunds name it."),
        new("subscription.interval", Purchase, ["$.context.subscription.interval"], FieldNeed.Required, FieldShape.Word, $"One of {string.Join(", ", ApiTriggers.Intervals.Keys)}.") { Words = [.. ApiTriggers.Intervals.Keys] },
        new("subscription.productKey", Purchase, ["$.context.subscription.productKey"], FieldNeed.Required, FieldShape.Text, "The plan's or product's name."),
        new("subscription.productKey", Refund, ["$.context.subscription.productKey"], FieldNeed.Informational, FieldShape.Text, "The plan's or product's name."),
        new("subscription.id", Money, ["$.context.subscription.id"], FieldNeed.Informational, FieldShape.Name, "The subscription's id."),
        new("subscription.seatsUsed", Purchase, ["$.context.subscription.seatsUsed"], FieldNeed.Informational, FieldShape.Count, "How many seats are in use."),
    ];

    /// <summary>The rules for events of one trigger.</summary>
    public static IReadOnlyList<FieldRule> For(string trigger) => [.. All.Where(r => r.EventTypes.Count == 0 || r.EventTypes.Contains(trigger))];
}
