using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Core.Sources.Stripe;

/// <summary>
/// Says who sent a webhook: checks the <c>Stripe-Signature</c> header over the raw bytes of the body, before anything is parsed.
/// HMAC-SHA256 over the timestamp, a full stop and the body: https://docs.stripe.com/webhooks#verify-manually. Only <c>v1</c>
/// counts, whatever else the header offers; during a roll Stripe sends one <c>v1</c> for each active secret, and any of them will do.
/// </summary>
public static class StripeSignature
{
    /// <summary>The header's name.</summary>
    public const string HeaderName = "Stripe-Signature";

    /// <summary>How far the timestamp may be off in either direction, unless configured otherwise: 300 seconds, as in Stripe's own libraries.</summary>
    public static readonly TimeSpan DefaultTolerance = TimeSpan.FromSeconds(300);

    /// <summary>Checks one request. Never throws for anything a sender can do.</summary>
    /// <param name="body">The body exactly as received.</param>
    /// <param name="header">The <c>Stripe-Signature</c> header's value; null where the request has none.</param>
    /// <param name="secrets">The active signing secrets: the UTF-8 bytes of the whole <c>whsec_…</c> string, prefix included.</param>
    /// <param name="now">The moment of receipt.</param>
    /// <param name="tolerance">How far the timestamp may be off, in whole seconds and in either direction; exactly this far is accepted.</param>
    /// <returns>
    /// The verdict. The signature is judged before the time, so that a clock that is wrong is told apart from a secret that is wrong.
    /// </returns>
    public static SignatureVerdict Verify(
        ReadOnlySpan<byte> body, string? header, IReadOnlyList<byte[]> secrets, DateTimeOffset now, TimeSpan tolerance)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        if (string.IsNullOrWhiteSpace(header))
        {
            return Refused(SignatureFailure.MissingHeader, "The request has no Stripe-Signature header.");
        }

        Span<byte> digests = stackalloc byte[SignatureHeader.MostSignatures * SignatureHeader.DigestSize];
        var wrong = SignatureHeader.Read(header, digests, out var parts);
        if (wrong is not null) return Refused(SignatureFailure.MalformedHeader, wrong);
        if (secrets.Count == 0) return Refused(SignatureFailure.NoMatch, "No signing secret is configured for this endpoint.");

        var index = Match(body, parts.TimestampText, digests[..(parts.Count * SignatureHeader.DigestSize)], secrets);
        if (index < 0) return Refused(SignatureFailure.NoMatch, NoMatchReason(secrets.Count));

        var age = now.ToUnixTimeSeconds() - parts.Timestamp;
        var allowed = (long)tolerance.TotalSeconds;
        if (Math.Abs(age) <= allowed) return new SignatureVerdict(null, index, "The signature is right.");

        return new SignatureVerdict(SignatureFailure.TimestampOutsideTolerance, index, age > 0
            ? $"The signature is right, but was made {age} seconds ago; {allowed} are allowed."
            : $"The signature is right, but its time is {-age} seconds ahead of ours; {allowed} are allowed.");
    }

    private static int Match(
        ReadOnlySpan<byte> body, ReadOnlySpan<char> timestamp, ReadOnlySpan<byte> digests, IReadOnlyList<byte[]> secrets)
    {
        var length = timestamp.Length + 1 + body.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var signed = rented.AsSpan(0, length);
            Encoding.ASCII.GetBytes(timestamp, signed);
            signed[timestamp.Length] = (byte)'.';
            body.CopyTo(signed[(timestamp.Length + 1)..]);

            Span<byte> expected = stackalloc byte[SignatureHeader.DigestSize];
            for (var i = 0; i < secrets.Count; i++)
            {
                HMACSHA256.HashData(secrets[i], signed, expected);
                for (var at = 0; at < digests.Length; at += SignatureHeader.DigestSize)
                {
                    if (CryptographicOperations.FixedTimeEquals(expected, digests.Slice(at, SignatureHeader.DigestSize))) return i;
                }
            }

            return -1;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static SignatureVerdict Refused(SignatureFailure failure, string reason) => new(failure, -1, reason);

    private static string NoMatchReason(int secrets) => secrets == 1
        ? "The signature was not made with this endpoint's secret, or the body was changed on the way."
        : $"The signature was made with none of this endpoint's {secrets} secrets, or the body was changed on the way.";
}
