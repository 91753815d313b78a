using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;

namespace Portal.Core.Sqlite;

/// <summary>How the database is read: without tracking, and where needed at one moment.</summary>
internal static class SqliteSnapshot
{
    /// <summary>A file opened for reading only.</summary>
    public static DbContextOptions<SqlitePortalDb> ReadOptions(string path, bool pooling)
    {
        var read = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = pooling };
        return new DbContextOptionsBuilder<SqlitePortalDb>().UseSqlite(read.ToString()).UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).Options;
    }

    /// <summary>A context inside one read transaction; disposing it ends the transaction.</summary>
    public static async Task<PortalDb> OpenAsync(DbContextOptions<SqlitePortalDb> options, CancellationToken ct)
    {
        var db = new SqlitePortalDb(options);
        try
        {
            await db.Database.OpenConnectionAsync(ct);
            var connection = (SqliteConnection)db.Database.GetDbConnection();
            await using (var command = connection.CreateCommand())
            {
                command.CommandText = "PRAGMA cache_size=-65536";   // who reads everything comes by the same index pages again and again
                await command.ExecuteNonQueryAsync(ct);
            }
            await db.Database.UseTransactionAsync(connection.BeginTransaction(deferred: true), ct);
            return db;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }
}
