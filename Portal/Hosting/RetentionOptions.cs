using Microsoft.Extensions.Options;

namespace Portal.Hosting;

/// <summary>How long payloads are kept: section <c>Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Retention";

    private const int Shortest = 30;
    private const int Longest = 36_500;

    /// <summary>Days after which the payload of a settled event is removed, and refused requests too; 0 for ever.</summary>
    public int PayloadDays { get; set; } = 400;

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public string? Problem() => PayloadDays is 0 or (>= Shortest and <= Longest) ? null
        : $"Retention:PayloadDays: {PayloadDays} is neither 0 (for ever) nor {Shortest} to {Longest} days; providers may send an event again for weeks.";
}

internal sealed class RetentionOptionsRules : IValidateOptions<RetentionOptions>
{
    public ValidateOptionsResult Validate(string? name, RetentionOptions options) =>
        options.Problem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
}
