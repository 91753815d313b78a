namespace Portal.Core.Sources;

/// <summary>How much depends on a field.</summary>
public enum FieldNeed
{
    /// <summary>Without it the event cannot do its work: missing or malformed is an error.</summary>
    Required,

    /// <summary>Better with it: missing or malformed is a warning.</summary>
    Recommended,

    /// <summary>Only shown: missing is fine, malformed is a warning.</summary>
    Informational,

    /// <summary>
    /// Required as soon as the other half of the referral is there. Where both halves are missing the customer came by himself, which
    /// is no failure: a warning says that nothing will be rewarded.
    /// </summary>
    RequiredForReferral,
}

/// <summary>What a field's value must look like.</summary>
public enum FieldShape
{
    /// <summary>One of a provider's ids or words: 1 to 255 visible ASCII characters.</summary>
    Name,

    /// <summary>An id, or the object that it names (expanded).</summary>
    Reference,

    /// <summary>Whole minor units from 0 to <see cref="Money.Largest"/>.</summary>
    Amount,

    /// <summary>Whole minor units of either sign.</summary>
    SignedAmount,

    /// <summary>A currency's three letters, in any case.</summary>
    Currency,

    /// <summary>Seconds since 1970, up to the year 9999.</summary>
    Time,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>A referral code: 4 to 32 ASCII letters and digits.</summary>
    Code,

    /// <summary>1 to 255 characters without control characters, surrounding blanks aside.</summary>
    Text,

    /// <summary>A number in major units, such as 19.99, from 0 to what <see cref="Money.Largest"/> is in the payload's currency.</summary>
    MajorAmount,

    /// <summary>A date and time in ISO 8601, or as <c>YYYY-MM-DD HH:MM:SS</c> in UTC.</summary>
    DateTime,

    /// <summary>One of the words of its rule.</summary>
    Word,

    /// <summary>A whole number that is not negative.</summary>
    Count,

    /// <summary>A refund's status word.</summary>
    RefundStatus,

    /// <summary>An invoice's total without tax, directly or as it follows from the other totals.</summary>
    NetTotal,

    /// <summary>An amount refunded, no more than was charged.</summary>
    RefundedTotal,

    /// <summary>All lines of an invoice, with amounts that can be known.</summary>
    Lines,
}

/// <summary>One row of a source's table of rules: a field that events of some types are checked for.</summary>
/// <param name="Field">Our name for it, such as <c>ucc</c>.</param>
/// <param name="EventTypes">The types it is checked on; empty for every type.</param>
/// <param name="Paths">Where it stands, newest shape first; the first place with a value counts.</param>
/// <param name="Need">How much depends on it.</param>
/// <param name="Shape">What its value must look like.</param>
/// <param name="Expected">What would be right, for the person who sees that it is not.</param>
/// <param name="MissingLabel">The label when it is missing; null for the usual one of its need.</param>
public sealed record FieldRule(
    string Field, IReadOnlyList<string> EventTypes, IReadOnlyList<string> Paths, FieldNeed Need, FieldShape Shape, string Expected,
    string? MissingLabel = null)
{
    /// <summary>What a <see cref="FieldShape.Word"/> may be.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The paths, ready to be followed.</summary>
    internal IReadOnlyList<JsonPath> Places { get; } = [.. Paths.Select(path => new JsonPath(path))];
}
