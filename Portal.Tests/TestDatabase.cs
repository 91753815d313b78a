using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Postgres;
using Portal.Core.Sqlite;

namespace Portal.Tests;

/// <summary>
/// The database of one test: a SQLite file in the test's folder; or, where <c>PORTAL_TEST_POSTGRES</c> names a server, a database of
/// its own there. Every test runs on both; what is about one of them only carries <c>[Trait("Database", "Sqlite")]</c> or <c>"Postgres"</c>, and
/// <c>"Without"</c> what knows no database and need not run twice.
/// </summary>
public sealed class TestDatabase : IDisposable
{
    private static readonly Lazy<string> Template = new(MakeTemplate);
    private static readonly Lazy<string> TemplateFile = new(MakeTemplateFile);
    private readonly string _folder;
    private readonly string? _name;

    /// <summary>Makes it; nothing is in it yet.</summary>
    public TestDatabase(string folder)
    {
        _folder = folder;
        if (Server is null) return;
        _name = "test_" + Guid.NewGuid().ToString("N");
        Administer($"CREATE DATABASE {_name} TEMPLATE {Template.Value}");
    }

    /// <summary>The server's connection string; null on SQLite.</summary>
    public static string? Server { get; } = Environment.GetEnvironmentVariable("PORTAL_TEST_POSTGRES") is { Length: > 0 } server ? server : null;

    /// <summary>How to reach this database, as an operator would configure it; null on SQLite.</summary>
    public string? ConnectionString => _name is null ? null : ConnectionStringTo(_name, Port, Patience);

    /// <summary>A port of this machine that leads to the server, for tests that stand in between; null for the server's own.</summary>
    public int? Port { get; init; }

    /// <summary>How many seconds a command may take on the server.</summary>
    public int? Patience { get; init; }

    /// <summary>The SQLite file.</summary>
    public string Path => System.IO.Path.Combine(_folder, "portal.db");

    /// <summary>Lays the file with today's schema and nothing in it into a folder that is there, for a portal that would make it so itself; the server's database is made so already.</summary>
    public void Prepare()
    {
        if (Server is null && Directory.Exists(_folder) && !File.Exists(Path)) File.Copy(TemplateFile.Value, Path);
    }

    /// <summary>A portal's way to this database, opened.</summary>
    internal (PortalStore Store, IIntake Intake, IDisposable Owner) Open(ChangeFeed changes)
    {
        if (ConnectionString is { } server)
        {
            var postgres = new PostgresDatabase(server, changes, TimeProvider.System, NullLoggerFactory.Instance);
            postgres.Store.Open();
            return (postgres.Store, postgres.Intake, postgres);
        }
        Prepare();
        var (store, intake) = SqliteDatabase.At(Path, NullLoggerFactory.Instance);
        store.Open();
        return (store, intake, (IDisposable)store);
    }

    /// <summary>Points a portal in a process of its own to this database.</summary>
    public void Configure(ProcessStartInfo start)
    {
        start.Environment["Portal__DataDirectory"] = _folder;
        if (ConnectionString is not { } server) return;
        start.Environment["Database__Provider"] = "Postgres";
        start.Environment["ConnectionStrings__Portal"] = server;
    }

    /// <summary>A way to the database behind the portal's back.</summary>
    public DbConnection Connect()
    {
        DbConnection connection = ConnectionString is { } server
            ? new NpgsqlConnection(server)
            : new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>Changes the database behind the portal's back, in one transaction.</summary>
    /// <returns>How many rows.</returns>
    public int Execute(params IEnumerable<string> statements)
    {
        using var connection = Connect();
        using var transaction = connection.BeginTransaction();
        var rows = 0;
        foreach (var sql in statements)
        {
            using var command = connection.CreateCommand();
            (command.CommandText, command.Transaction) = (Spelled(sql), transaction);
            rows += command.ExecuteNonQuery();
        }
        transaction.Commit();
        return rows;
    }

    /// <summary>Whether a text stands anywhere in the database, as a thief with a copy of it would look.</summary>
    public bool Holds(string text)
    {
        if (Server is null) return Disk.Holds(_folder, text);
        var hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));
        return Query("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
            .Any(table => Query($"SELECT 1 FROM \"{table}\" AS t WHERE strpos(t::text, '{text.Replace("'", "''", StringComparison.Ordinal)}') > 0 OR strpos(t::text, '{hex}') > 0 LIMIT 1").Count > 0);
    }

    /// <summary>Times are numbers on the one and times on the other.</summary>
    private static string Spelled(string sql) => sql
        .Replace("{epoch}", Server is null ? "0" : "'epoch'::timestamptz", StringComparison.Ordinal)
        .Replace("{day}", Server is null ? "86400000" : "interval '1 day'", StringComparison.Ordinal);

    /// <summary>The first column of some rows, as text.</summary>
    public List<string> Query(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        return rows;
    }

    /// <summary>What a table's rows consist of, without their id and what the database reckons itself.</summary>
    public List<string> ColumnsOf(string table) => Query(Server is null
        ? $"SELECT name FROM pragma_table_info('{table}') WHERE name <> 'id'"
        : $"SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}' AND is_generated = 'NEVER' AND column_name <> 'id' ORDER BY ordinal_position");

    public void Dispose()
    {
        if (_name is not null) Administer($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
    }

    private static string ConnectionStringTo(string database, int? port = null, int? patience = null)
    {
        var server = new NpgsqlConnectionStringBuilder(Server) { Database = database, MaxPoolSize = 20, ConnectionIdleLifetime = 5, ConnectionPruningInterval = 2 };
        if (port is { } other) server.Port = other;
        if (patience is { } seconds) server.CommandTimeout = seconds;
        return server.ToString();
    }

    /// <summary>A database with today's schema, made once for each run of the tests: a copy of it is there in no time.</summary>
    private static string MakeTemplate()
    {
        var name = "template_" + Guid.NewGuid().ToString("N");
        Administer($"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0");
        var changes = new ChangeFeed(TimeProvider.System);
        using (var database = new PostgresDatabase(ConnectionStringTo(name), changes, TimeProvider.System, NullLoggerFactory.Instance)) database.Store.Open();
        NpgsqlConnection.ClearAllPools();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Administer($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        return name;
    }

    /// <summary>The same as a file.</summary>
    private static string MakeTemplateFile()
    {
        var folder = Directory.CreateTempSubdirectory("portal-template-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var path = System.IO.Path.Combine(folder, "portal.db");
        var (store, _) = SqliteDatabase.At(path, NullLoggerFactory.Instance);
        store.Open();
        ((IDisposable)store).Dispose();
        return path;
    }

    private static void Administer(string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ToString());
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        command.ExecuteNonQuery();
    }
}
