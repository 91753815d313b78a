using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Portal.Core.Access;

/// <summary>
/// Who opens the referral component: a JWT that the product's server signs for its user with the product secret, HS512 and nothing else
/// (RFC 7519, RFC 8725). Pure, and throws for nothing that a sender can do.
/// </summary>
/// <param name="ProductUserId">The product's id of the user.</param>
/// <param name="IssuedAt">When it was signed.</param>
/// <param name="ExpiresAt">When it ends; null where it does not.</param>
public sealed record BootToken(string ProductUserId, DateTimeOffset IssuedAt, DateTimeOffset? ExpiresAt)
{
    /// <summary>The longest token that is looked at; real ones have some 300 characters.</summary>
    public const int Longest = 4_096;

    /// <summary>The longest id of a user.</summary>
    public const int LongestUserId = 255;

    /// <summary>How far the clock of the product's server may be ahead of ours, seconds.</summary>
    public const int LongestAhead = 60;

    /// <summary>The code of the one refusal that another secret may cure.</summary>
    public const string WrongSignature = "tokenSignature";

    private const long LatestSecond = 221_845_392_000;   // the year 9000: the oldest age still fits in the calendar

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Checks a token. The signature is judged before what it signs, so that nobody learns anything by a token of their own making.</summary>
    /// <param name="text">As it came; null where none did.</param>
    /// <param name="productId">The product that it must be for.</param>
    /// <param name="mostHours">How old it may be at most; null for any age.</param>
    /// <param name="secrets">The product's active secrets.</param>
    /// <param name="now">Our time.</param>
    public static Outcome<BootToken> Read(string? text, string productId, int? mostHours, SecretSnapshot secrets, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(text)) return No("tokenMissing", "there is no token");
        if (text.Length > Longest) return No("tokenMalformed", $"the token is longer than {Longest} characters");
        var parts = text.Split('.');
        if (parts.Length != 3 || !Array.TrueForAll(parts, p => !p.AsSpan().ContainsAnyExcept(Letters)))
            return No("tokenMalformed", "the token is not three parts in base64url, joined by full stops");
        if (!Json(parts[0], out var header) || header.ValueKind != JsonValueKind.Object) return No("tokenMalformed", "the token's header is not a JSON object, or says something twice");
        if (Text(header, "alg") != "HS512") return No("tokenAlgorithm", "the token must be signed with HS512");
        if (header.TryGetProperty("typ", out _) && !string.Equals(Text(header, "typ"), "JWT", StringComparison.OrdinalIgnoreCase)) return No("tokenType", "the token's typ must be JWT");
        if (header.TryGetProperty("crit", out _)) return No("tokenType", "the token asks for extensions that are not known here");
        if (!IsSigned(parts, secrets)) return No(WrongSignature, "the token is not signed with an active product secret");
        return Json(parts[1], out var claims) && claims.ValueKind == JsonValueKind.Object
            ? Judge(claims, productId, mostHours, now)
            : No("tokenMalformed", "the token's claims are not a JSON object, or say something twice");
    }

    private static Outcome<BootToken> Judge(JsonElement claims, string productId, int? mostHours, DateTimeOffset now)
    {
        if (Text(claims, "productId") != productId) return No("tokenProduct", "productId is not the product that is booted");
        if (!claims.TryGetProperty("productUserId", out var user)) return No("tokenUser", "productUserId is missing");
        if (user.ValueKind != JsonValueKind.String) return No("tokenUser", "productUserId must be a string");
        if (Text(claims, "productUserId") is not { Length: >= 1 and <= LongestUserId } id || string.IsNullOrWhiteSpace(id) || id.Any(char.IsControl))
            return No("tokenUser", $"productUserId must have 1 to {LongestUserId} characters");
        if (!claims.TryGetProperty("iat", out _)) return No("tokenIssuedAt", "iat is missing: the seconds since 1970 at which the token was signed");
        if (Seconds(claims, "iat") is not { } iat) return No("tokenIssuedAt", "iat must be a whole number of seconds since 1970");
        if (iat > now.AddSeconds(LongestAhead)) return No("tokenIssuedAt", "iat is in the future; is the clock of the server that signed it right?");
        if (claims.TryGetProperty("nbf", out _) && (Seconds(claims, "nbf") is not { } from || from > now.AddSeconds(LongestAhead))) return No("tokenNotYet", "the token does not hold yet (nbf)");
        DateTimeOffset? ends = null;
        if (claims.TryGetProperty("exp", out _))
        {
            if (Seconds(claims, "exp") is not { } exp) return No("tokenExpired", "exp must be a whole number of seconds since 1970");
            ends = exp;
        }
        if (mostHours is { } hours && (ends is null || ends > iat.AddHours(hours))) ends = iat.AddHours(hours);
        return ends <= now ? No("tokenExpired", $"the token ended at {ends:yyyy-MM-dd HH:mm:ss} UTC; sign a new one") : new BootToken(id, iat, ends);
    }

    private static bool IsSigned(string[] parts, SecretSnapshot secrets)
    {
        if (!Base64Url.IsValid(parts[2])) return false;
        var (given, signed) = (Base64Url.DecodeFromChars(parts[2]), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"));
        var found = false;
        foreach (var secret in secrets.Values) found |= CryptographicOperations.FixedTimeEquals(HMACSHA512.HashData(secret, signed), given);   // all of them, so that the time says nothing
        return found;
    }

    private static bool Json(string part, out JsonElement root)
    {
        root = default;
        if (!Base64Url.IsValid(part)) return false;
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict);
            root = document.RootElement.Clone();
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)   // half of a surrogate pair is the second
        {
            return false;
        }
    }

    private static string? Text(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)   // no UTF-8, or half of a surrogate pair
        {
            return null;
        }
    }

    private static DateTimeOffset? Seconds(JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var seconds) && seconds is >= 0 and <= LatestSecond
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static Problem No(string code, string why) => new(code, $"User is not authorized: {why}.", "token");
}
