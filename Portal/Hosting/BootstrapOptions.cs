using Microsoft.Extensions.Options;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Products;

namespace Portal.Hosting;

/// <summary>What the first start puts in place, so that a portal can be set up without a click: section <c>Bootstrap</c>.</summary>
public sealed class BootstrapOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Bootstrap";

    /// <summary>The first administrator.</summary>
    public BootstrapAdmin Admin { get; set; } = new();

    /// <summary>For the Sandbox.</summary>
    public BootstrapEnvironment Sandbox { get; set; } = new();

    /// <summary>For Production.</summary>
    public BootstrapEnvironment Production { get; set; } = new();

    /// <summary>The part for one environment.</summary>
    public BootstrapEnvironment For(PortalEnvironment environment) => environment == PortalEnvironment.Production ? Production : Sandbox;
}

/// <summary>The first administrator; both or neither.</summary>
public sealed class BootstrapAdmin
{
    /// <summary>The address by which to sign in.</summary>
    public string? Email { get; set; }

    /// <summary>At least 12 characters.</summary>
    public string? Password { get; set; }
}

/// <summary>Secrets of one environment, each added when the environment has none of its kind.</summary>
public sealed class BootstrapEnvironment
{
    /// <summary>The signing secret of the environment's Stripe endpoint, <c>whsec_…</c>.</summary>
    public string? StripeSigningSecret { get; set; }

    /// <summary>The credentials that Chargebee sends.</summary>
    public BootstrapChargebee Chargebee { get; set; } = new();

    /// <summary>The public half of an access key for the REST API.</summary>
    public string? AccessKeyId { get; set; }

    /// <summary>Its secret half.</summary>
    public string? SecretAccessKey { get; set; }

    /// <summary>The product, as the client scripts name it.</summary>
    public string? ProductId { get; set; }

    /// <summary>With which the tokens of the product's users are signed.</summary>
    public string? ProductSecret { get; set; }
}

/// <summary>HTTP basic credentials; both or neither.</summary>
public sealed class BootstrapChargebee
{
    /// <summary>The user name.</summary>
    public string? Username { get; set; }

    /// <summary>The password.</summary>
    public string? Password { get; set; }

    /// <summary>Both, as a request carries them; null where they are not set.</summary>
    public string? Joined => string.IsNullOrWhiteSpace(Username) ? null : $"{Username}:{Password}";
}

internal sealed class BootstrapOptionsRules : IValidateOptions<BootstrapOptions>
{
    public ValidateOptionsResult Validate(string? name, BootstrapOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        Check(faults, options.Admin);
        foreach (var environment in PortalEnvironments.All) Check(faults, $"Bootstrap:{environment}", options.For(environment));
        if (IsSet(options.Sandbox.ProductId) && options.Sandbox.ProductId == options.Production.ProductId)
            faults.AddError($"Bootstrap:Production:ProductId: '{options.Production.ProductId}' is the Sandbox's; each environment has an id of its own.");
        return faults.Build();
    }

    private static void Check(ValidateOptionsResultBuilder faults, BootstrapAdmin admin)
    {
        if (!Together(faults, "Bootstrap:Admin:Email", admin.Email, "Bootstrap:Admin:Password", admin.Password)) return;
        if (!EmailAddress.IsWellFormed(admin.Email)) faults.AddError($"Bootstrap:Admin:Email: '{admin.Email}' is not an e-mail address.");
        if (PasswordRules.Refuse(admin.Password, admin.Email) is { } problem) faults.AddError($"Bootstrap:Admin:Password: {problem.Detail}");
    }

    private static void Check(ValidateOptionsResultBuilder faults, string key, BootstrapEnvironment part)
    {
        if (IsSet(part.StripeSigningSecret) && SigningSecrets.Refuse(part.StripeSigningSecret) is { } secretFault)
            faults.AddError($"{key}:StripeSigningSecret: {secretFault.Detail}");
        if (Together(faults, $"{key}:AccessKeyId", part.AccessKeyId, $"{key}:SecretAccessKey", part.SecretAccessKey)
            && AccessKeys.Refuse(part.AccessKeyId!, part.SecretAccessKey!) is { } keyFault)
        {
            faults.AddError($"{key}:{(keyFault.Field == "accessKeyId" ? "AccessKeyId" : "SecretAccessKey")}: {keyFault.Detail}");
        }
        if (Together(faults, $"{key}:Chargebee:Username", part.Chargebee.Username, $"{key}:Chargebee:Password", part.Chargebee.Password)
            && BasicCredentials.Refuse(part.Chargebee.Joined) is { } chargebeeFault)
        {
            faults.AddError($"{key}:Chargebee:{(chargebeeFault.Field == "username" ? "Username" : "Password")}: {chargebeeFault.Detail}");
        }
        if (!Together(faults, $"{key}:ProductId", part.ProductId, $"{key}:ProductSecret", part.ProductSecret)) return;
        if (ProductRegister.Refuse(part.ProductId) is { } idFault) faults.AddError($"{key}:ProductId: {idFault.Detail}");
        if (ProductSecrets.Refuse(part.ProductSecret) is { } productFault) faults.AddError($"{key}:ProductSecret: {productFault.Detail}");
    }

    /// <summary>True when both are set; a fault when only one of them is.</summary>
    private static bool Together(ValidateOptionsResultBuilder faults, string firstKey, string? first, string secondKey, string? second)
    {
        if (IsSet(first) == IsSet(second)) return IsSet(first);
        var (set, missing) = IsSet(first) ? (firstKey, secondKey) : (secondKey, firstKey);
        faults.AddError($"{missing}: needed together with {set}.");
        return false;
    }

    private static bool IsSet(string? value) => !string.IsNullOrWhiteSpace(value);
}
