using Portal.Core.Facts;

namespace Portal.Core.Sources;

/// <summary>How serious a field check's finding is; an event's status is the worst of its checks.</summary>
public enum CheckLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Accepted, but something non-critical is missing or odd.</summary>
    Warning,

    /// <summary>A required field is missing or malformed: the event cannot do its work.</summary>
    Error,
}

/// <summary>One field of a payload, looked at.</summary>
/// <param name="Field">Our name for it, such as <c>ucc</c> or <c>amountPaid</c>.</param>
/// <param name="Path">Its JSON path, such as <c>$.data.object.metadata.cello_ucc</c>.</param>
/// <param name="Level">The verdict.</param>
/// <param name="Label">The verdict in a word or two: <c>OK</c>, <c>Required</c>, <c>Invalid</c>, <c>Recommended</c>.</param>
/// <param name="Found">What was there, shortened; null when nothing was.</param>
/// <param name="Expected">What would be right.</param>
public sealed record FieldCheck(string Field, string Path, CheckLevel Level, string Label, string? Found, string Expected);

/// <summary>What a payload says: its checks, and the facts that could be read from it.</summary>
/// <param name="Checks">Every field that the event's type is checked for.</param>
/// <param name="Facts">What it tells; empty when a needed field is wrong or the type is not followed.</param>
/// <param name="CustomerId">The provider's customer, for the feed.</param>
/// <param name="Email">The customer's e-mail address, for the feed.</param>
/// <param name="Ignored">Why the event needs no processing, in a sentence; null when it does.</param>
/// <param name="Unreadable">Why nothing could be read at all, in a sentence; null when it could.</param>
public sealed record Reading(
    IReadOnlyList<FieldCheck> Checks, IReadOnlyList<Fact> Facts, string? CustomerId, string? Email, string? Ignored, string? Unreadable)
{
    /// <summary>The worst level among the checks; an unreadable payload is an error.</summary>
    public CheckLevel Status => Unreadable is not null ? CheckLevel.Error : Checks.Select(c => c.Level).DefaultIfEmpty(CheckLevel.Ok).Max();
}

/// <summary>What the inbox must know of a payload before it is stored: read from the top level alone, in one pass.</summary>
/// <param name="ProviderEventId">The provider's id; a digest of the body where it has none.</param>
/// <param name="Type">The event's type; empty where it has none.</param>
/// <param name="Account">The connected account it originates from; empty for the endpoint's own.</param>
/// <param name="ApiVersion">The API version that shaped it.</param>
/// <param name="OccurredAt">The provider's time of the event; null when missing or absurd.</param>
/// <param name="LiveMode">The provider's mode flag; null when missing.</param>
public sealed record Envelope(
    string ProviderEventId, string Type, string Account, string? ApiVersion, DateTimeOffset? OccurredAt, bool? LiveMode)
{
    /// <summary>What stands for the provider's id where it gives none: the body's digest, so that the same bytes are the same event.</summary>
    public static string DigestId(ReadOnlySpan<byte> sha256) => "sha256:" + Convert.ToHexStringLower(sha256);
}
