using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Portal.Core.Data;

/// <summary>The one spelling of an enum's values, in the database, the API and in URLs: camelCase words.</summary>
/// <typeparam name="T">The enum.</typeparam>
public static class EnumWord<T> where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> Words =
        Enum.GetValues<T>().ToFrozenDictionary(v => v, v => char.ToLowerInvariant(v.ToString()[0]) + v.ToString()[1..]);

    private static readonly FrozenDictionary<string, T> Values = Words.ToFrozenDictionary(w => w.Value, w => w.Key, StringComparer.Ordinal);

    /// <summary>The word of a value.</summary>
    public static string Of(T value) => Words[value];

    /// <summary>The value of a word known to be right, such as one from our own database.</summary>
    /// <exception cref="KeyNotFoundException">There is no such word.</exception>
    public static T Read(string word) => Values[word];

    /// <summary>The value of a word from outside.</summary>
    public static bool TryRead(string? word, out T value)
    {
        value = default;
        return word is not null && Values.TryGetValue(word, out value);
    }

    /// <summary>All words, for error messages.</summary>
    public static string All => string.Join(", ", Enum.GetValues<T>().Select(Of));
}

/// <summary>The word of any enum value: <c>state.Word()</c>.</summary>
public static class EnumWords
{
    /// <summary>The one spelling of this value outside of the code.</summary>
    public static string Word<T>(this T value) where T : struct, Enum => EnumWord<T>.Of(value);
}

internal sealed class EnumWordConverter<T>() : ValueConverter<T, string>(v => EnumWord<T>.Of(v), w => EnumWord<T>.Read(w)) where T : struct, Enum;
