using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;

namespace Portal.Core.Sqlite;

/// <summary>The database of a portal that may be running, opened beside it for reading only: no lock, no migration, no checkpoint, no write.</summary>
public sealed class SqliteReading : PortalStore, IDisposable
{
    private readonly DbContextOptions<SqlitePortalDb> _options;

    private SqliteReading(string path) => _options = SqliteSnapshot.ReadOptions(path, pooling: true);

    /// <summary>Opens it.</summary>
    /// <exception cref="StoreNotOpenedException">There is none, it cannot be read, or it is of another version of the portal.</exception>
    public static SqliteReading Open(string path)
    {
        if (!File.Exists(path)) throw new StoreNotOpenedException($"There is no database at '{path}'; Portal:DataDirectory names the directory.");
        if (SqliteFile.HasForeignLog(path)) throw new StoreNotOpenedException($"The database at '{path}' was copied back from a backup, and the log of the one that it replaced still lies beside it: delete '{path}-wal' and '{path}-shm', or start the portal once, which puts them aside.");
        var reading = new SqliteReading(path);
        try
        {
            using var db = new SqlitePortalDb(reading._options);
            var (applied, known) = (db.Database.GetAppliedMigrations().ToList(), db.Database.GetMigrations().ToList());
            if (!applied.SequenceEqual(known)) throw new StoreNotOpenedException($"The database at '{path}' is of another version of the portal: start that version's, or this one once to bring it up to date.");
            return reading;
        }
        catch (SqliteException exception)
        {
            throw new StoreNotOpenedException($"The database at '{path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <inheritdoc />
    public override void Open()
    {
        // it was opened when it was made
    }

    /// <inheritdoc />
    public override PortalDb OpenRead() => new SqlitePortalDb(_options);

    /// <inheritdoc />
    public override Task<PortalDb> OpenSnapshotAsync(CancellationToken ct) => SqliteSnapshot.OpenAsync(_options, ct);

    /// <inheritdoc />
    public override Task<T> WriteAsync<T>(Func<PortalDb, T> work, CancellationToken ct) => throw ForReadingOnly();

    /// <inheritdoc />
    public override Task<StoreWork> BeginWorkAsync(bool alone, CancellationToken ct) => throw ForReadingOnly();

    /// <inheritdoc />
    public override Task<IAsyncDisposable?> TryOwnAsync(string name, CancellationToken ct) => throw ForReadingOnly();

    /// <inheritdoc />
    public override bool IsUnavailable(Exception exception) => SqliteFaults.IsUnavailable(exception);

    private static InvalidOperationException ForReadingOnly() => new("This database is open for reading only.");

    /// <inheritdoc />
    public void Dispose() => SqliteConnection.ClearAllPools();
}
