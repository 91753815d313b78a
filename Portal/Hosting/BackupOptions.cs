using Microsoft.Extensions.Options;

namespace Portal.Hosting;

/// <summary>The daily backup of the embedded database: section <c>Backup</c>. It goes into <c>backups</c> in the data directory.</summary>
public sealed class BackupOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Backup";

    /// <summary>Whether one is made every day.</summary>
    public bool Daily { get; set; } = true;

    /// <summary>How many are kept.</summary>
    public int Keep { get; set; } = 7;
}

internal sealed class BackupOptionsRules : IValidateOptions<BackupOptions>
{
    public ValidateOptionsResult Validate(string? name, BackupOptions options) => options.Keep is >= 1 and <= 1_000
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Backup:Keep: {options.Keep} is not a number of backups from 1 to 1000; Backup:Daily=false makes none.");
}
