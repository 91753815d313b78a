using System.Text.Json;

namespace Portal.Core.Sources;

/// <summary>Holds a payload against a table of rules.</summary>
internal static class FieldChecks
{
    /// <summary>One check for each rule, in the order of the table.</summary>
    /// <param name="rules">Those of the payload's type.</param>
    /// <param name="root">The payload.</param>
    /// <param name="own">What a source checks in its own way: the check of a rule, or null for the usual one.</param>
    public static IReadOnlyList<FieldCheck> Of(IReadOnlyList<FieldRule> rules, JsonElement root, Func<FieldRule, JsonElement, FieldCheck?>? own = null)
    {
        var isReferred = rules.Any(rule => rule.Need == FieldNeed.RequiredForReferral && Find(rule, root).Value.IsGiven());
        return [.. rules.Select(rule => own?.Invoke(rule, root) ?? Check(rule, root, isReferred))];
    }

    /// <summary>The check of a rule whose value is there and fits, or does not.</summary>
    public static FieldCheck Judge(FieldRule rule, JsonElement root, Func<JsonElement, bool> fits)
    {
        var place = Find(rule, root);
        if (!place.Value.IsGiven()) return Missing(rule, place, isReferred: false);
        return fits(place.Value)
            ? Result(rule, place, CheckLevel.Ok, "OK")
            : Result(rule, place, IsNeeded(rule) ? CheckLevel.Error : CheckLevel.Warning, "Invalid");
    }

    private static FieldCheck Check(FieldRule rule, JsonElement root, bool isReferred)
    {
        var place = Find(rule, root);
        return place.Value.IsGiven() ? Judge(rule, root, value => Fits(rule, value)) : Missing(rule, place, isReferred);
    }

    private static FieldCheck Missing(FieldRule rule, Place place, bool isReferred) => rule.Need switch
    {
        FieldNeed.Required => Result(rule, place, CheckLevel.Error, rule.MissingLabel ?? "Required"),
        FieldNeed.RequiredForReferral when isReferred => Result(rule, place, CheckLevel.Error, "Required"),
        FieldNeed.Informational => Result(rule, place, CheckLevel.Ok, rule.MissingLabel ?? "Optional"),
        _ => Result(rule, place, CheckLevel.Warning, rule.MissingLabel ?? "Recommended"),
    };

    private static bool IsNeeded(FieldRule rule) => rule.Need is FieldNeed.Required or FieldNeed.RequiredForReferral;

    private static bool Fits(FieldRule rule, JsonElement value) => rule.Shape switch
    {
        FieldShape.Name => value.Name() is not null,
        FieldShape.Reference => value.Reference() is not null,
        FieldShape.Amount => value.Amount() is not null,
        FieldShape.SignedAmount => value.SignedAmount() is not null,
        FieldShape.Currency => value.Currency() is not null,
        FieldShape.Time => value.Time() is not null,
        FieldShape.DateTime => value.DateTime() is not null,
        FieldShape.Flag => value.Flag() is not null,
        FieldShape.Email => value.Email() is not null,
        FieldShape.Code => value.Code() is not null,
        FieldShape.Text => value.Text() is not null,
        FieldShape.Word => value.Raw() is { } word && rule.Words.Contains(word),
        FieldShape.Count => value.Count() is not null,
        _ => true,
    };

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
