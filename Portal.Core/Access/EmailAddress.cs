namespace Portal.Core.Access;

/// <summary>As much as can be said of an e-mail address without writing to it.</summary>
public static class EmailAddress
{
    /// <summary>One <c>@</c> with something on both sides, no spaces or control characters, at most 254 characters.</summary>
    public static bool IsWellFormed(string? text) =>
        text is { Length: >= 3 and <= 254 }
        && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
        && at == text.LastIndexOf('@')
        && at < text.Length - 1
        && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
}
