using Microsoft.Extensions.Options;

namespace Portal.Hosting;

/// <summary>Which database: section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Database";

    /// <summary>The connection string's name among <c>ConnectionStrings</c>.</summary>
    public const string ConnectionName = "Portal";

    /// <summary><c>Sqlite</c>, a file in the data directory for one portal; or <c>Postgres</c>, a server for any number of them.</summary>
    public string Provider { get; set; } = "Sqlite";

    /// <summary>Whether it is a server.</summary>
    public bool IsPostgres => string.Equals(Provider, "Postgres", StringComparison.OrdinalIgnoreCase);

    /// <summary>As configured, for whoever must know before there are services.</summary>
    public static DatabaseOptions Of(IConfiguration configuration) => configuration.GetSection(Section).Get<DatabaseOptions>() ?? new();

    /// <summary>Whether it is a file.</summary>
    public bool IsSqlite => string.Equals(Provider, "Sqlite", StringComparison.OrdinalIgnoreCase);
}

internal sealed class DatabaseOptionsRules(IConfiguration configuration) : IValidateOptions<DatabaseOptions>
{
    public ValidateOptionsResult Validate(string? name, DatabaseOptions options) => options switch
    {
        { IsSqlite: true } => ValidateOptionsResult.Success,
        { IsPostgres: false } => ValidateOptionsResult.Fail($"Database:Provider: '{options.Provider}' is unknown; set it to Sqlite or Postgres."),
        _ when string.IsNullOrWhiteSpace(configuration.GetConnectionString(DatabaseOptions.ConnectionName)) => ValidateOptionsResult.Fail(
            "ConnectionStrings:Portal: with Database:Provider=Postgres it names the database, for example 'Host=db;Database=portal;Username=portal;Password=…'."),
        _ => ValidateOptionsResult.Success,
    };
}
