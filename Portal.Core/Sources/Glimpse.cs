using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Portal.Core.Sources;

/// <summary>A short, harmless look at a value from outside, for a person who searches for what is wrong with it.</summary>
internal static class Glimpse
{
    /// <summary>Longest text shown, in UTF-16 characters.</summary>
    public const int Longest = 120;

    /// <summary>A string's text, anything else as it stands in the JSON; null when there is nothing.</summary>
    public static string? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined => null,
        JsonValueKind.String when element.Raw() is { } text => Of(text),
        _ => Of(Beginning(element)),
    };

    /// <summary>Shortened, and with a replacement for every character that could hide, reorder or break the text around it.</summary>
    public static string Of(string text)
    {
        if (text.Length <= Longest && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;   // nearly always
        var shown = new StringBuilder(Math.Min(text.Length, Longest));
        var taken = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            taken += rune.Utf16SequenceLength;
            if (taken >= Longest && taken < text.Length) return shown.Append('…').ToString();
            shown.Append((IsHarmless(rune) ? rune : Rune.ReplacementChar).ToString());
        }

        return shown.ToString();
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static string Beginning(JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, Longest * 4)]);
    }
}
