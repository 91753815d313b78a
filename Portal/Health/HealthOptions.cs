using Microsoft.Extensions.Options;

namespace Portal.Health;

/// <summary>When the portal calls itself unwell: section <c>Health</c>.</summary>
public sealed class HealthOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Health";

    /// <summary>Mebibytes that must be free where the data directory lies; with less, the portal takes no more requests. 0 for never.</summary>
    public long LeastFreeMebibytes { get; set; } = 200;
}

internal sealed class HealthOptionsRules : IValidateOptions<HealthOptions>
{
    private const long Most = 1024L * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, HealthOptions options) => options.LeastFreeMebibytes is >= 0 and <= Most
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Health:LeastFreeMebibytes: {options.LeastFreeMebibytes} is not between 0 and {Most}.");
}
