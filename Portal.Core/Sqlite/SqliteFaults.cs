using Microsoft.Data.Sqlite;

namespace Portal.Core.Sqlite;

/// <summary>Which errors say that the database cannot work just now (https://www.sqlite.org/rescode.html).</summary>
internal static class SqliteFaults
{
    private const int Busy = 5, Locked = 6, NoMemory = 7, ReadOnly = 8, InputOutput = 10, Full = 13, CannotOpen = 14;

    public static bool IsUnavailable(Exception exception) => exception switch
    {
        SqliteException { SqliteErrorCode: Busy or Locked or NoMemory or ReadOnly or InputOutput or Full or CannotOpen } => true,
        ObjectDisposedException { ObjectName: nameof(SqliteWriter) } => true,   // the portal stops
        { InnerException: { } inner } => IsUnavailable(inner),
        _ => false,
    };
}
