using Microsoft.AspNetCore.DataProtection;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>The secrets by which Stripe signs its webhooks.</summary>
public sealed class SigningSecrets(PortalStore store, IDataProtectionProvider protection, TimeProvider clock) : ProviderSecrets(store, protection, clock, "stripe", "signingSecret")
{
    /// <summary>Why this is not a signing secret; null when it is one.</summary>
    public static Problem? Refuse(string? secret)
    {
        var text = secret?.Trim() ?? "";
        if (!text.StartsWith("whsec_", StringComparison.Ordinal)) return new("signingSecretPrefix", "A Stripe signing secret begins with whsec_.", "secret");
        if (text.Length is < 8 or > 200) return new("signingSecretLength", "A signing secret has 8 to 200 characters.", "secret");
        return text.Any(c => c is <= ' ' or > '~') ? new("signingSecretCharacters", "A signing secret has printable characters only, no spaces.", "secret") : null;
    }

    /// <inheritdoc />
    protected override Problem? Judge(string? secret) => Refuse(secret);

    /// <inheritdoc />
    protected override string Masked(string lastFour) => $"whsec_…{lastFour}";
}
