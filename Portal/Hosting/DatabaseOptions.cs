using Microsoft.Extensions.Options;

namespace Portal.Hosting;

/// <summary>Which database: section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Database";

    /// <summary><c>Sqlite</c>, or in time <c>Postgres</c>.</summary>
    public string Provider { get; set; } = "Sqlite";

    /// <summary>Whether it is the embedded one.</summary>
    public bool IsSqlite => string.Equals(Provider, "Sqlite", StringComparison.OrdinalIgnoreCase);
}

internal sealed class DatabaseOptionsRules : IValidateOptions<DatabaseOptions>
{
    public ValidateOptionsResult Validate(string? name, DatabaseOptions options) => options.Provider.ToUpperInvariant() switch
    {
        "SQLITE" => ValidateOptionsResult.Success,
        "POSTGRES" => ValidateOptionsResult.Fail("Database:Provider: Postgres is not served by this version yet; set it to Sqlite."),
        _ => ValidateOptionsResult.Fail($"Database:Provider: '{options.Provider}' is unknown; set it to Sqlite."),
    };
}
