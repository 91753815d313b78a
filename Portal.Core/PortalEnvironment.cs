namespace Portal.Core;

/// <summary>The two worlds that never touch: every row, key, page and query belongs to exactly one.</summary>
public enum PortalEnvironment
{
    /// <summary>Test data: provider events with <c>livemode: false</c>.</summary>
    Sandbox,

    /// <summary>Real money: provider events with <c>livemode: true</c>.</summary>
    Production,
}

/// <summary>The spelling of an environment in URLs, configuration and the database.</summary>
public static class PortalEnvironments
{
    /// <summary>Both, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<PortalEnvironment> All = [PortalEnvironment.Sandbox, PortalEnvironment.Production];

    /// <summary><c>sandbox</c> or <c>production</c>.</summary>
    public static string Slug(this PortalEnvironment environment) => environment == PortalEnvironment.Production ? "production" : "sandbox";

    /// <summary>Reads a slug; anything but the two exact spellings is refused.</summary>
    public static bool TryParse(string? slug, out PortalEnvironment environment)
    {
        environment = slug == "production" ? PortalEnvironment.Production : PortalEnvironment.Sandbox;
        return slug is "sandbox" or "production";
    }

    /// <summary>Whether provider events of this environment carry <c>livemode: true</c>.</summary>
    public static bool IsLive(this PortalEnvironment environment) => environment == PortalEnvironment.Production;
}
