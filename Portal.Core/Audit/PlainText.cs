using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Portal.Core.Audit;

/// <summary>Text from outside as a log may hold it: what would begin a line, turn the writing around or not be seen is spelled out.</summary>
public static class PlainText
{
    /// <summary>The text with such characters as <c>\u202E</c>.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text)
    {
        if (text is null || !text.Any(IsActive)) return text;
        var plain = new StringBuilder(text.Length + 20);
        foreach (var c in text)
        {
            if (IsActive(c)) plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else plain.Append(c);
        }
        return plain.ToString();
    }

    private static bool IsActive(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
