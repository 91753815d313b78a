using System.Net.Sockets;
using Npgsql;

namespace Portal.Core.Postgres;

/// <summary>Which errors say that the database cannot work just now (https://www.postgresql.org/docs/current/errcodes-appendix.html).</summary>
internal static class PostgresFaults
{
    /// <summary>Classes: connection, resources, operator intervention, system error, and the two kinds of transaction rollback that a repetition mends.</summary>
    private static readonly string[] Passing = ["08", "53", "57P", "58", "25006", PostgresErrorCodes.SerializationFailure, PostgresErrorCodes.DeadlockDetected, PostgresErrorCodes.LockNotAvailable, "25P03"];

    public static bool IsUnavailable(Exception exception) => exception switch
    {
        PostgresException refused => Array.Exists(Passing, p => refused.SqlState.StartsWith(p, StringComparison.Ordinal)),
        NpgsqlException or SocketException or TimeoutException => true,   // the connection, not what was asked
        ObjectDisposedException => true,   // the portal stops
        { InnerException: { } inner } => IsUnavailable(inner),
        _ => false,
    };

    /// <summary>Whether it is what Npgsql says when a command, or the server, did not answer in time.</summary>
    public static bool IsTimeOut(Exception exception) => exception is TimeoutException || (exception.InnerException is { } inner && IsTimeOut(inner));
}
