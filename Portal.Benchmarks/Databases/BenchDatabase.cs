using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Postgres;
using Portal.Core.Sqlite;

namespace Portal.Benchmarks.Databases;

/// <summary>A database for one measurement, gone afterwards: a file in a folder of its own, or a database of its own on the server.</summary>
internal sealed class BenchDatabase : IDisposable
{
    private readonly string? _server;
    private readonly string _name = "bench_" + Guid.NewGuid().ToString("N");
    private IDisposable? _owner;

    private BenchDatabase(string? server) => _server = server;

    /// <summary>Data directory.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("portal-bench-").FullName;

    /// <summary>The file, on SQLite.</summary>
    public string Path => System.IO.Path.Combine(Folder, "portal.db");

    /// <summary>How to reach it; null on SQLite.</summary>
    public string? ConnectionString => _server is null ? null : new NpgsqlConnectionStringBuilder(_server) { Database = _name }.ToString();

    /// <summary>Makes it, empty.</summary>
    /// <param name="kind"><c>sqlite</c> or <c>postgres</c>.</param>
    /// <param name="server">The server, for the latter.</param>
    public static BenchDatabase Make(string kind, string server)
    {
        var made = new BenchDatabase(kind == "postgres" ? server : null);
        if (kind == "postgres") made.Administer($"CREATE DATABASE {made._name} ENCODING 'UTF8' TEMPLATE template0");
        return made;
    }

    /// <summary>A portal's way to it.</summary>
    public (PortalStore Store, IIntake Intake) Open(ChangeFeed changes)
    {
        if (ConnectionString is { } server)
        {
            var postgres = new PostgresDatabase(server, changes, TimeProvider.System, NullLoggerFactory.Instance);
            postgres.Store.Open();
            _owner = postgres;
            return (postgres.Store, postgres.Intake);
        }
        var (store, intake) = SqliteDatabase.At(Path, NullLoggerFactory.Instance);
        store.Open();
        _owner = (IDisposable)store;
        return (store, intake);
    }

    /// <summary>A way around the portal.</summary>
    public System.Data.Common.DbConnection Connect()
    {
        System.Data.Common.DbConnection connection = ConnectionString is { } server
            ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false, CommandTimeout = 0 }.ToString())
            : new SqliteConnection($"Data Source={Path};Pooling=False;Default Timeout=0");
        connection.Open();
        return connection;
    }

    /// <summary>Lets go of it, so that a portal may open it.</summary>
    public void Close()
    {
        _owner?.Dispose();
        _owner = null;
    }

    public void Dispose()
    {
        Close();
        if (_server is not null) Administer($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
        Directory.Delete(Folder, recursive: true);
    }

    private void Administer(string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server) { Pooling = false, CommandTimeout = 0 }.ToString());
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
