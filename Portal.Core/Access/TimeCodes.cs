using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Core.Access;

/// <summary>Codes that change every half minute (RFC 6238: HMAC-SHA1, six digits), and the spelling of their secrets that authenticator apps take.</summary>
public static class TimeCodes
{
    /// <summary>Bytes of a secret.</summary>
    public const int SecretSize = 20;

    private const int Seconds = 30;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The half minute of a moment.</summary>
    public static long StepOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / Seconds;

    /// <summary>The code of a half minute.</summary>
    public static string Of(ReadOnlySpan<byte> secret, long step, int digits = 6)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // what the standard says and every app speaks
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[(mac[^1] & 15)..]) & int.MaxValue;
        return (number % (int)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The half minute whose code this is, one before or after <paramref name="now"/> included; null for a wrong one and for one not later than <paramref name="lastStep"/>.</summary>
    public static long? Match(ReadOnlySpan<byte> secret, string? code, DateTimeOffset now, long lastStep)
    {
        var given = Encoding.ASCII.GetBytes(string.Concat((code ?? "").Where(c => !char.IsWhiteSpace(c))));
        long? matched = null;
        for (var step = StepOf(now) - 1; step <= StepOf(now) + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(Of(secret, step))) && step > lastStep) matched = step;
        }
        return matched;
    }

    /// <summary>Base 32 without padding.</summary>
    public static string Spell(ReadOnlySpan<byte> secret)
    {
        var text = new StringBuilder();
        var (bits, count) = (0, 0);
        foreach (var b in secret)
        {
            (bits, count) = ((bits << 8) | b, count + 8);
            for (; count >= 5; count -= 5) text.Append(Alphabet[(bits >> (count - 5)) & 31]);
            bits &= (1 << count) - 1;
        }
        if (count > 0) text.Append(Alphabet[(bits << (5 - count)) & 31]);
        return text.ToString();
    }

    /// <summary>What a link for authenticator apps says.</summary>
    public static string Link(string email, string spelled) =>
        $"otpauth://totp/{Uri.EscapeDataString($"Referral portal:{email}")}?secret={spelled}&issuer={Uri.EscapeDataString("Referral portal")}&algorithm=SHA1&digits=6&period={Seconds}";
}
