using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Inbox;
using Portal.Core.Ledger;

namespace Portal.Core.Sqlite;

/// <summary>A backup could not be made. The message says why, and nothing stands under the name that was asked for.</summary>
public sealed class BackupFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A backup as read back from its file.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Events">The events in it.</param>
/// <param name="LastEvent">The newest of them; 0 without any.</param>
/// <param name="Ledgers">What stands in it, in both environments.</param>
/// <param name="Took">How long copying and checking took.</param>
public sealed record BackupReport(string Path, long Bytes, long Events, long LastEvent, IReadOnlyList<LedgerInBackup> Ledgers, TimeSpan Took);

/// <summary>What stands in a backup, of one environment.</summary>
/// <param name="Environment">Whose.</param>
/// <param name="Ledger">Its fingerprint.</param>
public sealed record LedgerInBackup(PortalEnvironment Environment, LedgerHash Ledger);

/// <summary>
/// Copies the database beside a running portal, by SQLite's own backup interface from a connection that only reads: one read
/// transaction, so that the copy is of one moment, and never a second writer or checkpoint (docs/decisions/0050-backup.md).
/// </summary>
public static class SqliteBackup
{
    private const string FileName = "portal.db";
    private const long Reserve = 64L << 20;

    /// <summary>Makes a backup, checks it, and gives it its name only then.</summary>
    /// <param name="database">The database.</param>
    /// <param name="path">A file, or a directory that gets a <c>portal.db</c>. A backup there is replaced, anything else is not.</param>
    /// <param name="ct">Stops it between two steps.</param>
    /// <exception cref="BackupFailedException">It could not be made.</exception>
    public static async Task<BackupReport> MakeAsync(string database, string path, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        database = Path.GetFullPath(database);
        var target = Path.GetFullPath(Directory.Exists(path) ? Path.Combine(path, FileName) : path);
        if (target == database) throw new BackupFailedException($"'{target}' is the database itself; name another file or directory.");
        if (File.Exists(target) && !SqliteFile.IsBackup(target)) throw new BackupFailedException($"'{target}' is there already and is no backup of a portal; it is left as it is.");
        var part = $"{target}.{Guid.NewGuid():N}{Unfinished}";
        var raw = part + Unfinished;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            DemandRoom(database, target);
            await Task.Run(() => Copy(database, raw, part), ct);
            ct.ThrowIfCancellationRequested();
            await Task.Run(() => Check(part), ct);
            var report = await ReadBackAsync(part, target, ct);
            using (var file = new FileStream(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None)) file.Flush(flushToDisk: true);
            File.Move(part, target, overwrite: true);
            return report with { Took = watch.Elapsed };
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new BackupFailedException($"'{target}' was not written: {exception.Message}", exception);
        }
        finally
        {
            if (Directory.Exists(Path.GetDirectoryName(part))) Clear(raw, part);
        }
    }

    /// <summary>How the name of a backup ends while it is written.</summary>
    internal const string Unfinished = ".part";

    /// <summary>A backup that fills the disk would stop the portal: better none.</summary>
    private static void DemandRoom(string database, string target)
    {
        var needed = 2 * new FileInfo(database).Length + new FileInfo(database + "-wal") switch { { Exists: true } log => log.Length, _ => 0 } + Reserve;
        var free = new DriveInfo(Path.GetDirectoryName(target)!).AvailableFreeSpace;
        if (free < needed)
            throw new BackupFailedException(string.Create(CultureInfo.InvariantCulture, $"There is too little room for '{target}': {needed >> 20} MiB are needed, {free >> 20} MiB are free."));
    }

    private static void Clear(params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            foreach (var left in new[] { part, part + "-journal", part + "-wal", part + "-shm" }) File.Delete(left);
        }
    }

    /// <summary>First page by page, which is quick and of one moment; then row by row, which leaves behind what is only left over in the pages.</summary>
    private static void Copy(string database, string raw, string part)
    {
        using var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        using var copy = Open(raw, SqliteOpenMode.ReadWriteCreate);
        source.Open();
        Ask(copy, "PRAGMA synchronous=OFF");   // it is brought to the disk as a whole, at the end
        source.BackupDatabase(copy);
        Ask(copy, "PRAGMA journal_mode=DELETE");   // one file, which needs no log beside it
        Ask(copy, $"PRAGMA application_id={SqliteFile.Mark.ToString(CultureInfo.InvariantCulture)}");
        DemandSound(copy);   // before what is damaged is left behind unseen
        using var compact = copy.CreateCommand();
        compact.CommandText = "VACUUM INTO $part";
        compact.Parameters.AddWithValue("$part", part);
        compact.ExecuteNonQuery();
    }

    private static void Check(string part)
    {
        using var copy = Open(part, SqliteOpenMode.ReadOnly);
        DemandSound(copy);
    }

    private static void DemandSound(SqliteConnection copy)
    {
        var answer = Ask(copy, "PRAGMA integrity_check(1)");
        if (answer != "ok") throw new BackupFailedException($"The copy does not pass SQLite's own check ({answer}); look to the database at once.");
        if (Ask(copy, "PRAGMA foreign_key_check") is { } table) throw new BackupFailedException($"The copy has a row in {table} that refers to nothing; look to the database at once.");
    }

    private static async Task<BackupReport> ReadBackAsync(string part, string target, CancellationToken ct)
    {
        await using var db = new SqlitePortalDb(SqliteSnapshot.ReadOptions(part, pooling: false));
        if (!(await db.Database.GetAppliedMigrationsAsync(ct)).SequenceEqual(db.Database.GetMigrations()))
            throw new BackupFailedException("The database is of another version of the portal; back it up with that one.");
        var ledgers = new List<LedgerInBackup>();
        foreach (var environment in PortalEnvironments.All) ledgers.Add(new LedgerInBackup(environment, await LedgerFingerprint.OfAsync(db, environment, ct)));
        return new BackupReport(target, new FileInfo(part).Length, await db.Events.LongCountAsync(ct), await db.Events.MaxAsync(e => (long?)e.Id, ct) ?? 0, ledgers, TimeSpan.Zero);
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static string? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) is { Length: > 0 } answer ? answer : null;
    }
}
