using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>
/// User name and password by which Chargebee, which does not sign, proves itself: <c>user:password</c>, as HTTP basic authentication joins
/// them (RFC 7617).
/// </summary>
public sealed class BasicCredentials(PortalStore store, IDataProtectionProvider protection, TimeProvider clock) : ProviderSecrets(store, protection, clock, "chargebee", "webhookCredentials")
{
    private const int LongestHeader = 1_000;

    /// <summary>Why this is no pair of user name and password; null when it is one.</summary>
    public static Problem? Refuse(string? pair)
    {
        var text = pair?.Trim() ?? "";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon is < 1 or > 100) return new("usernameInvalid", "A user name of 1 to 100 characters without a colon is needed.", "username");
        if (text.Length - colon - 1 is < 8 or > 200) return new("passwordLength", "The password has 8 to 200 characters.", "password");
        return text.Any(c => c is <= ' ' or > '~') ? new("credentialsCharacters", "User name and password have printable characters only, no spaces.", "password") : null;
    }

    /// <summary>A new pair: a name that says where, and 32 random characters.</summary>
    public static (string Username, string Password) Make(PortalEnvironment environment) => ($"portal-{environment.Slug()}", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24)));

    /// <summary>Which of the pairs an <c>Authorization</c> header carries; -1 for none. All are compared in full, so that time tells nothing.</summary>
    public static int Match(string? header, SecretSnapshot known)
    {
        var given = Read(header);
        var found = -1;
        for (var i = 0; i < known.Values.Count; i++)
        {
            if (CryptographicOperations.FixedTimeEquals(SHA256.HashData(known.Values[i]), SHA256.HashData(given)) && given.Length > 0) found = i;
        }
        return found;
    }

    /// <inheritdoc />
    protected override Problem? Judge(string? secret) => Refuse(secret);

    /// <inheritdoc />
    protected override string Masked(string lastFour) => $"…{lastFour}";

    private static byte[] Read(string? header)
    {
        const string Scheme = "Basic ";
        if (header is null or { Length: > LongestHeader } || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return [];
        try
        {
            return Convert.FromBase64String(header[Scheme.Length..].Trim());
        }
        catch (FormatException)
        {
            return [];
        }
    }
}
