using System.Globalization;
using System.Text.Json;

namespace Portal.Core.Sources;

/// <summary>
/// Takes values out of a provider's JSON without ever throwing: a value of the wrong type, range or spelling is null. Checks and facts
/// both read through here, so that a field which the page calls right is the field that was used.
/// </summary>
internal static class JsonValues
{
    private const int LongestName = 255;
    private const int LongestEmail = 320;
    private const long LatestSecond = 253_402_300_799; // 9999-12-31T23:59:59Z

    /// <summary>Whether a text can be one of a provider's ids or words: 1 to 255 visible ASCII characters.</summary>
    public static bool IsName(ReadOnlySpan<char> text) => text.Length is > 0 and <= LongestName && !text.ContainsAnyExceptInRange('!', '~');

    /// <summary>A count of seconds since 1970 as a moment; null before 1970 and after the year 9999.</summary>
    public static DateTimeOffset? Moment(long seconds) =>
        seconds is >= 0 and <= LatestSecond ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>A referral code as it may stand in metadata: 4 to 32 ASCII letters and digits (Cello's own have 11).</summary>
    public static bool IsCode(ReadOnlySpan<char> text)
    {
        if (text.Length is < 4 or > 32) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c)) return false;
        }

        return true;
    }

    extension(JsonElement element)
    {
        /// <summary>A member of an object; an undefined element when there is none or this is no object.</summary>
        public JsonElement Member(string name) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

        /// <summary>The elements of an array, or of the <c>data</c> of one of Stripe's lists; none for anything else.</summary>
        public JsonElement.ArrayEnumerator Items()
        {
            var array = element.ValueKind == JsonValueKind.Object ? element.Member("data") : element;
            return array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;
        }

        /// <summary>Whether there is a value at all: present, not null, and not blank where it is a string.</summary>
        public bool IsGiven() => element.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => false,
            JsonValueKind.String => element.Raw() is not { } raw || !string.IsNullOrWhiteSpace(raw),
            _ => true,
        };

        /// <summary>A string as it is; null for other kinds, and for one that holds half of a surrogate pair.</summary>
        public string? Raw()
        {
            if (element.ValueKind != JsonValueKind.String) return null;
            try
            {
                return element.GetString();
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }

        /// <summary>An id or another of a provider's words (<see cref="IsName"/>).</summary>
        public string? Name() => element.Raw() is { } text && IsName(text) ? text : null;

        /// <summary>An id, whether the object it names is expanded or not: https://docs.stripe.com/expand.</summary>
        public string? Reference() => element.ValueKind == JsonValueKind.Object ? element.Member("id").Name() : element.Name();

        /// <summary>What a person wrote: trimmed, at most 255 characters, no control characters. A number counts as its digits.</summary>
        public string? Text()
        {
            var text = (element.ValueKind == JsonValueKind.Number ? element.GetRawText() : element.Raw())?.Trim();
            return text is { Length: > 0 and <= LongestName } && !text.Any(char.IsControl) ? text : null;
        }

        /// <summary>A referral code (<see cref="IsCode"/>), trimmed.</summary>
        public string? Code() => element.Text() is { } text && IsCode(text) ? text : null;

        /// <summary>Something that can be an e-mail address: one <c>@</c> with something on both sides, no blanks.</summary>
        public string? Email()
        {
            var text = element.Raw()?.Trim();
            if (text is null || text.Length > LongestEmail || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))) return null;
            var at = text.IndexOf('@', StringComparison.Ordinal);
            return at > 0 && at < text.Length - 1 && at == text.LastIndexOf('@') ? text : null;
        }

        /// <summary>A currency's code in upper case.</summary>
        public string? Currency() => Portal.Core.Currency.TryParse(element.Raw(), out var currency) ? currency.Code : null;

        /// <summary>A moment given in seconds since 1970.</summary>
        public DateTimeOffset? Time() =>
            element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var seconds) ? Moment(seconds) : null;

        /// <summary>A whole amount in minor units of either sign, no larger than <see cref="Money.Largest"/>.</summary>
        public long? SignedAmount() =>
            element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var minor) && Money.Largest >= minor && minor >= -Money.Largest
                ? minor
                : null;

        /// <summary>A whole amount in minor units, zero or more.</summary>
        public long? Amount() => element.SignedAmount() is >= 0 and var minor ? minor : null;

        /// <summary>A number in major units as a whole amount of minor units, zero or more; where it has more decimals than the currency, rounded.</summary>
        public long? MajorAmount(Currency currency) =>
            element.ValueKind == JsonValueKind.Number && MajorUnits.TryRead(element.GetRawText(), currency) is { } minor ? minor : null;

        /// <summary>A date and time in ISO 8601, or as <c>YYYY-MM-DD HH:MM:SS</c>, to the millisecond as the database keeps it; in UTC where it names no offset.</summary>
        public DateTimeOffset? DateTime() =>
            element.Raw() is { Length: >= 10 and <= 40 } text && char.IsAsciiDigit(text[0])
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            && moment.Year >= 1970 ? DateTimeOffset.FromUnixTimeMilliseconds(moment.ToUnixTimeMilliseconds()) : null;

        /// <summary>A whole number that is not negative.</summary>
        public long? Count() => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var count) && count >= 0 ? count : null;

        /// <summary>Whether the value is the boolean true, the boolean false, or neither.</summary>
        public bool? Flag() => element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };
    }
}
