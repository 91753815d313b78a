using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;

namespace Portal.Core.Sqlite;

/// <summary>The writer, once the store is open.</summary>
internal sealed class SqliteWriterRef
{
    private SqliteWriter? _writer;

    public SqliteWriter Current
    {
        get => _writer ?? throw new InvalidOperationException("The store is not open yet.");
        set => _writer = value;
    }
}

/// <summary>The embedded database: one file in the data directory, one writer, any number of readers.</summary>
internal sealed class SqliteStore : PortalStore, IDisposable
{
    private readonly string _path;
    private readonly ILogger<SqliteStore> _logger;
    private readonly SqliteWriterRef _writerRef;
    private readonly SqliteIntake _intake;
    private readonly DbContextOptions<SqlitePortalDb> _readOptions;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<string, bool> _owned = new(StringComparer.Ordinal);
    private DbContextOptions<SqlitePortalDb>? _writeOptions;
    private FileStream? _lock;
    private SqliteConnection? _connection;
    private SqliteWriter? _writer;

    public SqliteStore(string path, SqliteWriterRef writerRef, SqliteIntake intake, ILogger<SqliteStore> logger)
    {
        (_path, _writerRef, _intake, _logger) = (Path.GetFullPath(path), writerRef, intake, logger);
        _readOptions = SqliteSnapshot.ReadOptions(_path, pooling: true);
    }

    /// <summary>Bytes that are written anew in about a second, for which all other writes wait.</summary>
    private const long LargestWrittenAnew = 64L << 20;

    /// <summary>Takes the data directory for this process, brings the schema up to date and starts the writer.</summary>
    public override void Open()
    {
        try
        {
            OpenOwn();
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new StoreNotOpenedException(exception.Message, exception);
        }
    }

    private void OpenOwn()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        _lock = TakeLock(_path + ".lock");
        if (SqliteFile.PutForeignLogAside(_path) is { } aside) _logger.ForeignLogPutAside(_path, aside);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false }.ToString());
        _connection.Open();
        Configure(_connection);
        _writeOptions = new DbContextOptionsBuilder<SqlitePortalDb>().UseSqlite(_connection).Options;
        using (var db = new SqlitePortalDb(_writeOptions))
        {
            // A crash during a migration leaves EF Core's lock behind; the file lock above proves that nobody holds it.
            Run(_connection, "DROP TABLE IF EXISTS __EFMigrationsLock");
            if (db.Database.GetPendingMigrations().Any()) SqliteTriggers.Drop(_connection);   // a table that is built anew loses its own
            db.Database.Migrate();
            SqliteTriggers.Ensure(_connection);
        }
        _writer = new SqliteWriter(_connection, _intake.OpenGroup, _intake.CloseGroup);
        _writerRef.Current = _writer;
        _writer.Start();
        _logger.StoreOpened(_path, Scalar(_connection, "SELECT sqlite_version()"));
    }

    public override PortalDb OpenRead() => new SqlitePortalDb(_readOptions);

    public override Task<PortalDb> OpenSnapshotAsync(CancellationToken ct) => SqliteSnapshot.OpenAsync(_readOptions, ct);

    public override Task<T> WriteAsync<T>(Func<PortalDb, T> work, CancellationToken ct) => _writerRef.Current.RunAsync((_, transaction) =>
    {
        using var db = new SqlitePortalDb(_writeOptions!);
        db.Database.AutoSavepointsEnabled = false;   // the transaction is this unit's own: all or nothing
        db.Database.UseTransaction(transaction);
        var result = work(db);
        db.SaveChanges();
        return result;
    }, ct);

    /// <summary>
    /// The log holds old pages until it is written over; cut to nothing, it holds none. A reader that is under way puts that off. The unused
    /// parts of pages hold what once stood there: a small database is written anew at once, a large one by restoring a backup.
    /// </summary>
    public override async Task ForgetAsync(CancellationToken ct)
    {
        if (new FileInfo(_path).Length <= LargestWrittenAnew) await _writerRef.Current.WriteAnewAsync();
        for (var tries = 0; tries < 20 && !await _writerRef.Current.CutLogAsync(); tries++) await Task.Delay(50, ct);
    }

    public override int? WritesWaiting => _writer?.Waiting;

    public override Task<long?> SizeAsync(CancellationToken ct) =>
        Task.FromResult<long?>(new[] { _path, _path + "-wal" }.Select(p => new FileInfo(p)).Where(f => f.Exists).Sum(f => f.Length));

    public override async Task<StoreWork> BeginWorkAsync(bool alone, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        var work = new SqliteWork(this, _turn);
        try
        {
            await work.Read.Database.OpenConnectionAsync(ct);   // once for all that it reads: EF Core sets a connection up each time it opens it
            return work;
        }
        catch
        {
            await work.DisposeAsync();
            throw;
        }
    }

    public override Task<IAsyncDisposable?> TryOwnAsync(string name, CancellationToken ct) =>
        Task.FromResult<IAsyncDisposable?>(_owned.TryAdd(name, true) ? new Ownership(_owned, name) : null);   // there is no other process

    public override bool IsUnavailable(Exception exception) => SqliteFaults.IsUnavailable(exception);

    public void Dispose()
    {
        _writer?.Dispose();   // nothing of this is there where opening failed halfway
        _writer = null;
        SqliteConnection.ClearAllPools();   // the readers first: the last one to close takes the log into the database
        _connection?.Dispose();
        _lock?.Dispose();
    }

    private static void Configure(SqliteConnection connection)
    {
        Run(connection, "PRAGMA page_size=16384");
        Demand(connection, "PRAGMA journal_mode=WAL", "wal");
        Run(connection, "PRAGMA synchronous=FULL");
        Demand(connection, "PRAGMA synchronous", "2");
        Run(connection, "PRAGMA foreign_keys=ON");
        Demand(connection, "PRAGMA foreign_keys", "1");
        Run(connection, "PRAGMA busy_timeout=10000");
        Demand(connection, "PRAGMA busy_timeout", "10000");
        Run(connection, "PRAGMA secure_delete=ON");   // what is erased is overwritten, not only forgotten
        Run(connection, "PRAGMA wal_autocheckpoint=250");   // small and regular, by the writer itself at commit
        Run(connection, "PRAGMA cache_size=-65536");
        Run(connection, "PRAGMA temp_store=MEMORY");
    }

    private static void Demand(SqliteConnection connection, string pragma, string wanted)
    {
        var got = Scalar(connection, pragma);
        if (!string.Equals(got, wanted, StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"SQLite answered '{got}' to '{pragma}', needed is '{wanted}'. Is the data directory on a local disk?");
    }

    private static FileStream TakeLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new InvalidOperationException(
                $"Another portal has the data directory '{Path.GetDirectoryName(path)}' open. Stop it, or set Portal:DataDirectory to another directory.");
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>A name that is taken in this process.</summary>
internal sealed class Ownership(ConcurrentDictionary<string, bool> owned, string name) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        owned.TryRemove(name, out _);
        return ValueTask.CompletedTask;
    }
}

internal static partial class SqliteLog
{
    [LoggerMessage(1001, LogLevel.Warning, "Database {Path} was copied back from a backup; the log of the one that it replaced was put aside as {Aside}")]
    public static partial void ForeignLogPutAside(this ILogger logger, string path, string aside);

    [LoggerMessage(1000, LogLevel.Information, "Database {Path} open (SQLite {Version})")]
    public static partial void StoreOpened(this ILogger logger, string path, string? version);
}
