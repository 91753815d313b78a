using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Portal.Core;

namespace Portal.Access;

/// <summary>What a token is good for.</summary>
internal enum TokenKind : byte
{
    /// <summary>Requests.</summary>
    Access = 1,

    /// <summary>Another access token.</summary>
    Refresh = 2,
}

/// <summary>Tokens of the REST API: encrypted and signed by the key ring, naming a key, its environment, what for and until when.</summary>
internal sealed class AccessTokens(IDataProtectionProvider protection, TimeProvider clock)
{
    public static readonly TimeSpan AccessLifetime = TimeSpan.FromHours(5);
    public static readonly TimeSpan RefreshLifetime = TimeSpan.FromDays(5);

    private const int Size = 18;   // kind, environment, key id, expiry
    private readonly IDataProtector _protector = protection.CreateProtector("Portal.AccessToken");

    public string Issue(TokenKind kind, PortalEnvironment environment, long keyId)
    {
        Span<byte> payload = stackalloc byte[Size];
        payload[0] = (byte)kind;
        payload[1] = (byte)environment;
        BinaryPrimitives.WriteInt64BigEndian(payload[2..], keyId);
        var lifetime = kind == TokenKind.Access ? AccessLifetime : RefreshLifetime;
        BinaryPrimitives.WriteInt64BigEndian(payload[10..], (clock.GetUtcNow() + lifetime).ToUnixTimeSeconds());
        return Base64Url.EncodeToString(_protector.Protect(payload.ToArray()));
    }

    /// <summary>The key's id, if the token is ours, of this kind, for this environment and not expired.</summary>
    public long? Read(string? token, TokenKind kind, PortalEnvironment environment)
    {
        if (token is null or { Length: > 1000 } || !Base64Url.IsValid(token)) return null;
        try
        {
            var payload = _protector.Unprotect(Base64Url.DecodeFromChars(token)).AsSpan();
            if (payload.Length != Size || payload[0] != (byte)kind || payload[1] != (byte)environment) return null;
            var expires = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(payload[10..]));
            return expires > clock.GetUtcNow() ? BinaryPrimitives.ReadInt64BigEndian(payload[2..]) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
