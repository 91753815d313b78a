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

    /// <summary>Waits until nobody writes, and keeps everybody waiting to the end of the transaction.</summary>
    public static void Wait(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = Everything } } };
        command.ExecuteNonQuery();
    }

    /// <summary>Waits for all of them, in one order for everybody.</summary>
    public static Task HoldAsync(NpgsqlConnection connection, IEnumerable<string> names, CancellationToken ct)
    {
        var keys = names.Select(KeyOf).Distinct().Order().ToArray();
        return RunAsync(connection, "SELECT count(pg_advisory_xact_lock(k)) FROM (SELECT k FROM unnest($1) AS k ORDER BY k) AS keys",
            new NpgsqlParameter { Value = keys, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint }, ct);
    }

    public static long KeyOf(string name) => BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private static async Task RunAsync(NpgsqlConnection connection, string sql, NpgsqlParameter parameter, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>A name that is taken on the server by a connection of its own: whatever happens to this process, the server lets go of it.</summary>
internal sealed class PostgresOwnership : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly long _key;

    private PostgresOwnership(NpgsqlConnection connection, long key) => (_connection, _key) = (connection, key);

    public static async Task<PostgresOwnership?> TryTakeAsync(NpgsqlDataSource source, string name, CancellationToken ct)
    {
        var connection = await source.OpenConnectionAsync(ct);
        var key = PostgresLocks.KeyOf("own/" + name);
        if (await AskAsync(connection, "SELECT pg_try_advisory_lock($1)", key, ct)) return new PostgresOwnership(connection, key);
        await connection.DisposeAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await AskAsync(_connection, "SELECT pg_advisory_unlock($1)", _key, CancellationToken.None);
        }
        catch (Exception exception) when (PostgresFaults.IsUnavailable(exception))
        {
            // the connection is gone, and the name with it
        }
        await _connection.DisposeAsync();
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string sql, long key, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = key } } };
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
