using Microsoft.Extensions.Options;

namespace Portal.Outgoing;

/// <summary>What the portal may call by itself: section <c>Outgoing</c>.</summary>
public sealed class OutgoingOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Outgoing";

    /// <summary>Hosts that may be called although they are private or speak no https, such as <c>hooks.internal</c> or <c>localhost:9000</c>.</summary>
    public string[] AllowedHosts { get; set; } = [];

    /// <summary>Seconds for a call with all its tries.</summary>
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>Seconds for one try.</summary>
    public int AttemptSeconds { get; set; } = 10;

    /// <summary>Whether a URL's host is one of those.</summary>
    public bool Allows(string host, int port) => AllowedHosts.Any(allowed =>
        string.Equals(allowed, host, StringComparison.OrdinalIgnoreCase) || string.Equals(allowed, $"{host}:{port}", StringComparison.OrdinalIgnoreCase));
}

internal sealed class OutgoingOptionsRules : IValidateOptions<OutgoingOptions>
{
    public ValidateOptionsResult Validate(string? name, OutgoingOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (options.TimeoutSeconds is < 1 or > 300) faults.AddError("Outgoing:TimeoutSeconds: is between 1 and 300.");
        if (options.AttemptSeconds < 1 || options.AttemptSeconds > options.TimeoutSeconds) faults.AddError("Outgoing:AttemptSeconds: is at least 1 and at most Outgoing:TimeoutSeconds.");
        foreach (var host in options.AllowedHosts.Where(h => Uri.CheckHostName(h.Split(':')[0]) == UriHostNameType.Unknown))
            faults.AddError($"Outgoing:AllowedHosts: '{host}' is no host, such as hooks.internal or localhost:9000.");
        return faults.Build();
    }
}
