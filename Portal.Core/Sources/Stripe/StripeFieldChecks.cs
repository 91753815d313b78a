using System.Text.Json;

namespace Portal.Core.Sources.Stripe;

/// <summary>Holds an event against the table of rules.</summary>
internal static class StripeFieldChecks
{
    /// <summary>One check for each rule of the event's type, in the order of the table.</summary>
    public static IReadOnlyList<FieldCheck> Of(string eventType, JsonElement root)
    {
        var rules = StripeFieldRules.For(eventType);
        var isReferred = rules.Any(rule => rule.Need == FieldNeed.RequiredForReferral && Find(rule, root).Value.IsGiven());
        return [.. rules.Select(rule => Check(rule, root, isReferred))];
    }

    private static FieldCheck Check(FieldRule rule, JsonElement root, bool isReferred)
    {
        var place = Find(rule, root);
        if (rule.Shape == FieldShape.NetTotal) return NetTotal(rule, root);
        if (rule.Shape == FieldShape.Lines) return Lines(rule, root);
        if (!place.Value.IsGiven()) return Missing(rule, place, isReferred);
        return Fits(rule.Shape, place.Value, root)
            ? Result(rule, place, CheckLevel.Ok, "OK")
            : Result(rule, place, IsNeeded(rule) ? CheckLevel.Error : CheckLevel.Warning, "Invalid");
    }

    private static FieldCheck Missing(FieldRule rule, Place place, bool isReferred) => rule.Need switch
    {
        FieldNeed.Required => Result(rule, place, CheckLevel.Error, rule.MissingLabel ?? "Required"),
        FieldNeed.RequiredForReferral when isReferred => Result(rule, place, CheckLevel.Error, "Required"),
        FieldNeed.Informational => Result(rule, place, CheckLevel.Ok, rule.MissingLabel ?? "Optional"),
        _ => Result(rule, place, CheckLevel.Warning, rule.MissingLabel ?? "Recommended"),
    };

    private static bool IsNeeded(FieldRule rule) => rule.Need is FieldNeed.Required or FieldNeed.RequiredForReferral;

    private static bool Fits(FieldShape shape, JsonElement value, JsonElement root) => shape switch
    {
        FieldShape.Name => value.Name() is not null,
        FieldShape.Reference => value.Reference() is not null,
        FieldShape.Amount => value.Amount() is not null,
        FieldShape.SignedAmount => value.SignedAmount() is not null,
        FieldShape.Currency => value.Currency() is not null,
        FieldShape.Time => value.Time() is not null,
        FieldShape.Flag => value.Flag() is not null,
        FieldShape.Email => value.Email() is not null,
        FieldShape.Code => value.Code() is not null,
        FieldShape.Text => value.Text() is not null,
        FieldShape.RefundStatus => RefundStatus.Of(value) is not null,
        FieldShape.RefundedTotal => ChargeFacts.Refunded(ObjectOf(root)) is not null,
        _ => true,
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

    /// <summary>The first place with a value; where there is none, the first place.</summary>
    private static Place Find(FieldRule rule, JsonElement root)
    {
        foreach (var path in rule.Places)
        {
            var value = path.Follow(root);
            if (value.IsGiven()) return new Place(path.Text, value);
        }

        return new Place(rule.Places[0].Text, rule.Places[0].Follow(root));
    }

    private static FieldCheck Result(FieldRule rule, Place place, CheckLevel level, string label) =>
        new(rule.Field, place.Path, level, label, Glimpse.Of(place.Value), rule.Expected);

    private readonly record struct Place(string Path, JsonElement Value);
}
