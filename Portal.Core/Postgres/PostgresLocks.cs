using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Portal.Core.Postgres;

/// <summary>
/// Advisory locks, all of them until the end of the transaction (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS).
/// One that everybody takes part in: shared by pieces of processing, exclusive for a write. And one per name for what a piece may change.
/// </summary>
internal static class PostgresLocks
{
    /// <summary>Held by all sessions of portals, so that schema changes wait for each other.</summary>
    public const long Schema = 0x706f7274616c_01;

    private const long Everything = 0x706f7274616c_02;

    /// <summary>Above this many names a piece holds everything instead: the server's table of locks has room for some thousands.</summary>
    public const int MostNames = 1_000;

    public static Task TakePartAsync(NpgsqlConnection connection, bool alone, CancellationToken ct) =>
        RunAsync(connection, alone ? "SELECT pg_advisory_xact_lock($1)" : "SELECT pg_advisory_xact_lock_shared($1)", new NpgsqlParameter<long> { TypedValue = Everything }, ct);

    /// <summary>Waits for all of them, in one order for everybody.</summary>
    public static Task HoldAsync(NpgsqlConnection connection, IEnumerable<string> names, CancellationToken ct)
    {
        var keys = names.Select(KeyOf).Distinct().Order().ToArray();
        return RunAsync(connection, "SELECT count(pg_advisory_xact_lock(k)) FROM (SELECT k FROM unnest($1) AS k ORDER BY k) AS keys",
            new NpgsqlParameter { Value = keys, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint }, ct);
    }

    private static long KeyOf(string name) => BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private static async Task RunAsync(NpgsqlConnection connection, string sql, NpgsqlParameter parameter, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync(ct);
    }
}
