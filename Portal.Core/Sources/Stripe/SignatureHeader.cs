namespace Portal.Core.Sources.Stripe;

/// <summary>The parts of one <c>Stripe-Signature</c> header that count: the timestamp as it was written, and the <c>v1</c> digests.</summary>
internal ref struct SignatureHeader
{
    /// <summary>Longer headers are refused unread. Stripe's own are about 90 characters for each active secret.</summary>
    public const int LongestHeader = 4096;

    /// <summary>Further <c>v1</c> values are not tried.</summary>
    public const int MostSignatures = 16;

    /// <summary>Bytes of one SHA-256 digest.</summary>
    public const int DigestSize = 32;

    private const int MostTimestampDigits = 12;

    /// <summary>The timestamp's digits exactly as sent: they are part of what was signed.</summary>
    public ReadOnlySpan<char> TimestampText;

    /// <summary>The timestamp in seconds since 1970.</summary>
    public long Timestamp;

    /// <summary>How many digests were put into the buffer.</summary>
    public int Count;

    /// <summary>Reads a header; null when it is well formed, else what is wrong with it.</summary>
    /// <param name="text">The header's value.</param>
    /// <param name="digests">Room for <see cref="MostSignatures"/> digests of <see cref="DigestSize"/> bytes.</param>
    /// <param name="header">What was found.</param>
    public static string? Read(ReadOnlySpan<char> text, Span<byte> digests, out SignatureHeader header)
    {
        header = default;
        if (text.Length > LongestHeader) return $"The Stripe-Signature header is longer than {LongestHeader} characters.";

        var seenTimestamp = false;
        foreach (var range in text.Split(','))
        {
            var part = text[range].Trim();
            var equals = part.IndexOf('=');
            if (equals < 0) continue;
            var scheme = part[..equals];
            var value = part[(equals + 1)..];

            if (scheme is "t")
            {
                if (seenTimestamp) return "The Stripe-Signature header has more than one timestamp (t=).";
                if (!IsTimestamp(value, out header.Timestamp)) return "The timestamp (t=) of the Stripe-Signature header is not a whole number of seconds.";
                header.TimestampText = value;
                seenTimestamp = true;
            }
            else if (scheme is "v1" && value.Length == DigestSize * 2 && header.Count < MostSignatures)
            {
                var slot = digests.Slice(header.Count * DigestSize, DigestSize);
                if (Convert.FromHexString(value, slot, out _, out _) == System.Buffers.OperationStatus.Done) header.Count++;
            }
        }

        if (!seenTimestamp) return "The Stripe-Signature header has no timestamp (t=).";
        return header.Count == 0 ? "The Stripe-Signature header has no v1 signature of 64 hexadecimal digits." : null;
    }

    private static bool IsTimestamp(ReadOnlySpan<char> value, out long seconds)
    {
        seconds = 0;
        if (value.IsEmpty || value.Length > MostTimestampDigits) return false;
        foreach (var c in value)
        {
            if (!char.IsAsciiDigit(c)) return false;
            seconds = (seconds * 10) + (c - '0');
        }

        return true;
    }
}
