using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Portal.Core.Sqlite;

/// <summary>
/// A prepared statement on the bare library, for the inbox's hot path: about a third of the cost of a command object, and
/// indifferent to whose transaction is open on the connection.
/// </summary>
internal sealed class SqliteStatement(SqliteConnection connection, string sql)
{
    private readonly sqlite3 _db = HandleOf(connection);
    private readonly sqlite3_stmt _statement = Prepare(HandleOf(connection), sql);
    private int _next;

    public SqliteStatement Bind(string? value) =>
        Checked(value is null ? raw.sqlite3_bind_null(_statement, ++_next) : raw.sqlite3_bind_text(_statement, ++_next, value));

    public SqliteStatement Bind(long value) => Checked(raw.sqlite3_bind_int64(_statement, ++_next, value));

    public SqliteStatement Bind(long? value) => value is { } number ? Bind(number) : Checked(raw.sqlite3_bind_null(_statement, ++_next));

    public SqliteStatement Bind(byte[]? value) =>
        Checked(value is null ? raw.sqlite3_bind_null(_statement, ++_next) : raw.sqlite3_bind_blob(_statement, ++_next, value));

    /// <summary>Runs the statement to its end; the first column of its only row, if it has one.</summary>
    public long? Run()
    {
        long? result = null;
        if (Step()) result = raw.sqlite3_column_int64(_statement, 0);
        Reset();
        return result;
    }

    /// <summary>Runs the statement, and reads its only row of a number and a blob.</summary>
    public (long Number, byte[] Blob) Read()
    {
        if (!Step())
        {
            Reset();
            throw new InvalidOperationException("The row that a statement relies on is not there.");
        }
        var row = (raw.sqlite3_column_int64(_statement, 0), raw.sqlite3_column_blob(_statement, 1).ToArray());
        Reset();
        return row;
    }

    private bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code is raw.SQLITE_ROW or raw.SQLITE_DONE) return code == raw.SQLITE_ROW;
        var message = raw.sqlite3_errmsg(_db).utf8_to_string();
        Reset();
        throw new SqliteException(message, code & 0xFF, code);
    }

    private void Reset()
    {
        raw.sqlite3_reset(_statement);
        _next = 0;
    }

    private SqliteStatement Checked(int code)
    {
        if (code == raw.SQLITE_OK) return this;
        _next = 0;
        throw new SqliteException(raw.sqlite3_errmsg(_db).utf8_to_string(), code & 0xFF, code);
    }

    private static sqlite3_stmt Prepare(sqlite3 db, string sql)
    {
        var code = raw.sqlite3_prepare_v2(db, sql, out var statement);
        return code == raw.SQLITE_OK ? statement : throw new SqliteException(raw.sqlite3_errmsg(db).utf8_to_string(), code & 0xFF, code);
    }

    /// <summary>
    /// The connection's handle, by reflection: Microsoft.Data.Sqlite was compiled against a newer SQLitePCLRaw than restores here, which
    /// the compiler will not unify and the runtime does (SqliteRuntime). With the newer package this is <c>connection.Handle</c>.
    /// </summary>
    internal static sqlite3 HandleOf(SqliteConnection connection) =>
        (sqlite3)typeof(SqliteConnection).GetProperty("Handle")!.GetValue(connection)!;
}
