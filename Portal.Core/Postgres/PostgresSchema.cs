using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Data;

namespace Portal.Core.Postgres;

/// <summary>Brings a database up to date: migrations, guards, partitions. Of several portals that start at once, one does it and the others wait.</summary>
internal static class PostgresSchema
{
    public static void BringUpToDate(NpgsqlConnection connection, PortalDb db, DateTimeOffset now)
    {
        Run(connection, $"SELECT pg_advisory_lock({PostgresLocks.Schema})");   // ends with the connection
        try
        {
            if (db.Database.GetPendingMigrations().Any()) db.Database.Migrate();
            PostgresTriggers.Ensure(connection);
            PostgresPartitions.Ensure(connection, now);
        }
        finally
        {
            Run(connection, $"SELECT pg_advisory_unlock({PostgresLocks.Schema})");
        }
    }

    public static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.ExecuteNonQuery();
    }
}
