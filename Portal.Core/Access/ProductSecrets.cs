using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>The secrets with which a product signs the tokens of its users (HS512), kept readable for the endpoint because a signature is checked by them.</summary>
public sealed class ProductSecrets(PortalStore store, IDataProtectionProvider protection, TimeProvider clock) : ProviderSecrets(store, protection, clock, "product", "productSecret")
{
    /// <summary>Why this is no product secret; null when it is one.</summary>
    public static Problem? Refuse(string? secret)
    {
        var text = secret?.Trim() ?? "";
        if (text.Length is < 8 or > 200) return new("productSecretLength", "A product secret has 8 to 200 characters.", "secret");
        return text.Any(c => c is <= ' ' or > '~') ? new("productSecretCharacters", "A product secret has printable characters only, no spaces.", "secret") : null;
    }

    /// <summary>A new one of 86 random characters: 64 bytes, what HS512 wants at least (RFC 7518, 3.2).</summary>
    public static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(64));

    /// <inheritdoc />
    protected override Problem? Judge(string? secret) => Refuse(secret);

    /// <inheritdoc />
    protected override string Masked(string lastFour) => $"…{lastFour}";
}
