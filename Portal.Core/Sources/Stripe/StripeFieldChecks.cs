using System.Text.Json;

namespace Portal.Core.Sources.Stripe;

/// <summary>Holds a Stripe event against the table of rules, with what only Stripe's invoices, charges and refunds have.</summary>
internal static class StripeFieldChecks
{
    /// <summary>One check for each rule of the event's type, in the order of the table.</summary>
    public static IReadOnlyList<FieldCheck> Of(string eventType, JsonElement root) => FieldChecks.Of(StripeFieldRules.For(eventType), root, Own);

    private static FieldCheck? Own(FieldRule rule, JsonElement root) => rule.Shape switch
    {
        FieldShape.NetTotal => NetTotal(rule, root),
        FieldShape.Lines => Lines(rule, root),
        FieldShape.RefundStatus => FieldChecks.Judge(rule, root, value => RefundStatus.Of(value) is not null),
        FieldShape.RefundedTotal => FieldChecks.Judge(rule, root, _ => ChargeFacts.Refunded(ObjectOf(root)) is not null),
        _ => null,
    };

    private static FieldCheck NetTotal(FieldRule rule, JsonElement root)
    {
        var net = InvoiceNet.Of(ObjectOf(root));
        var path = net.IsDerived ? "$.data.object.total" : rule.Paths[0];
        if (net.Minor is not null) return new(rule.Field, path, CheckLevel.Ok, "OK", net.Found, rule.Expected);
        return new(rule.Field, path, CheckLevel.Error, net.Found is null ? "Required" : "Invalid", net.Found, rule.Expected);
    }

    private static FieldCheck Lines(FieldRule rule, JsonElement root)
    {
        var lines = InvoiceLines.Of(ObjectOf(root));
        var found = $"{lines.Read.Count} read";
        return lines.AreAll
            ? new(rule.Field, rule.Paths[0], CheckLevel.Ok, "OK", found, rule.Expected)
            : new(rule.Field, rule.Paths[0], CheckLevel.Warning, rule.MissingLabel ?? "Recommended", found, rule.Expected);
    }

    private static JsonElement ObjectOf(JsonElement root) => root.Member("data").Member("object");
}
