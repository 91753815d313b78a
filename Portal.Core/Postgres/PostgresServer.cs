using Microsoft.Extensions.Logging;
using Npgsql;

namespace Portal.Core.Postgres;

/// <summary>How the portal connects, and what it demands of the server.</summary>
internal static class PostgresServer
{
    private const int OldestVersion = 14;

    /// <summary>The connections of one portal. Whatever the operator set stays; the rest is set for a server that answers late or hangs.</summary>
    /// <exception cref="ArgumentException">It is no connection string.</exception>
    public static NpgsqlDataSource Source(string connectionString, ILoggerFactory loggers)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!settings.ContainsKey("Application Name")) settings.ApplicationName = "portal";
        if (!settings.ContainsKey("Timeout")) settings.Timeout = 5;
        if (!settings.ContainsKey("Keepalive")) settings.KeepAlive = 10;
        if (!settings.ContainsKey("Max Auto Prepare")) settings.MaxAutoPrepare = 200;
        // A commit is on disk before it is told, and a portal that hangs in a transaction does not hold the others up for ever.
        settings.Options = $"{settings.Options} -c synchronous_commit=on -c idle_in_transaction_session_timeout=300000".Trim();
        settings.IncludeErrorDetail = false;   // it would carry rows into logs
        var builder = new NpgsqlDataSourceBuilder(settings.ToString());
        builder.UseLoggerFactory(loggers);
        return builder.Build();
    }

    /// <summary>Refuses a server that cannot do what is needed.</summary>
    /// <exception cref="InvalidOperationException">It is too old, or its database is not UTF-8.</exception>
    public static void Check(NpgsqlConnection connection, ILogger logger)
    {
        if (connection.PostgreSqlVersion.Major < OldestVersion)
            throw new InvalidOperationException($"it is version {connection.PostgreSqlVersion}; the portal needs {OldestVersion} or newer.");
        if (Show(connection, "server_encoding") is not "UTF8" and var encoding)
            throw new InvalidOperationException($"the database's encoding is {encoding}; create it with ENCODING 'UTF8'.");
        foreach (var setting in (string[])["fsync", "full_page_writes"])
        {
            if (Show(connection, setting) == "off") logger.NotDurable(setting);
        }
    }

    private static string? Show(NpgsqlConnection connection, string setting)
    {
        using var command = new NpgsqlCommand($"SHOW {setting}", connection);
        return command.ExecuteScalar() as string;
    }
}
