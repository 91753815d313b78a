using System.Globalization;
using Npgsql;

namespace Portal.Core.Postgres;

/// <summary>
/// The months of the deliveries. Each has a partition of its own, so that a month's payloads can be given up at once; a partition for the
/// rest takes whatever belongs to no month that was foreseen.
/// </summary>
internal static class PostgresPartitions
{
    /// <summary>Months that are there ahead of time.</summary>
    private const int MonthsAhead = 2;

    /// <summary>The mark of a month whose payloads are gone and whose room was given back.</summary>
    private const string Left = "without payloads";

    /// <summary>Sees to it that this month and the next ones have partitions.</summary>
    public static void Ensure(NpgsqlConnection connection, DateTimeOffset now)
    {
        for (var month = 0; month <= MonthsAhead; month++)
        {
            var first = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(month);
            if (Exists(connection, Name(first))) continue;
            if (!Try(() => Add(connection, Name(first), Bound(first), Bound(first.AddMonths(1))))) return;
        }
    }

    /// <summary>
    /// Drops the months before this one that hold no payload any more, once what is left of them (who sent what when, and its digest) is
    /// copied into a table of its own. Each in one transaction; who stores meanwhile waits for the exchange of the tables only.
    /// </summary>
    public static void GiveRoomBack(NpgsqlConnection connection, DateTimeOffset now)
    {
        foreach (var (name, bound) in Past(connection, now))
        {
            if (!Try(() => GiveRoomBack(connection, name, bound))) return;
        }
    }

    /// <summary>Gives way to whoever uses the tables for long, such as a dump: it waits two seconds at most, and the next hour tries again.</summary>
    private static bool Try(Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            return false;
        }
    }

    private static void GiveRoomBack(NpgsqlConnection connection, string name, string bound)
    {
        using var transaction = connection.BeginTransaction();
        PostgresSchema.Run(connection, $"SET LOCAL lock_timeout = '2s'; LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE");
        if (HoldsPayload(connection, name)) return;
        PostgresSchema.Run(connection, $"""
            CREATE TABLE {name}_left (LIKE deliveries INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION);
            INSERT INTO {name}_left SELECT * FROM {name};
            ALTER TABLE deliveries DETACH PARTITION {name};
            DROP TABLE {name};
            ALTER TABLE {name}_left RENAME TO {name};
            ALTER TABLE deliveries ATTACH PARTITION {name} {bound};
            COMMENT ON TABLE {name} IS '{Left}';
            """);
        transaction.Commit();
    }

    /// <summary>The months before this one whose room was not given back yet, with their bounds as the server writes them.</summary>
    private static List<(string Name, string Bound)> Past(NpgsqlConnection connection, DateTimeOffset now)
    {
        using var command = new NpgsqlCommand("""
            SELECT c.relname::text, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'deliveries'::regclass AND c.relname ~ '^deliveries_[0-9]{4}_[0-9]{2}$' AND c.relname < $1 AND obj_description(c.oid, 'pg_class') IS DISTINCT FROM $2
            ORDER BY c.relname
            """, connection) { Parameters = { new() { Value = Name(now) }, new() { Value = Left } } };
        using var reader = command.ExecuteReader();
        var past = new List<(string, string)>();
        while (reader.Read()) past.Add((reader.GetString(0), reader.GetString(1)));
        return past;
    }

    private static bool HoldsPayload(NpgsqlConnection connection, string table)
    {
        using var command = new NpgsqlCommand($"SELECT EXISTS (SELECT 1 FROM {table} WHERE body IS NOT NULL)", connection) { CommandTimeout = 0 };
        return command.ExecuteScalar() is true;
    }

    /// <summary>Adds a partition. What came before it was there lies with the rest, and moves.</summary>
    private static void Add(NpgsqlConnection connection, string name, string from, string to)
    {
        using var transaction = connection.BeginTransaction();
        PostgresSchema.Run(connection, $"""
            SET LOCAL lock_timeout = '2s';
            CREATE TABLE {name} (LIKE deliveries INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION);
            WITH moved AS (DELETE FROM deliveries_rest WHERE received_at >= '{from}' AND received_at < '{to}' RETURNING *) INSERT INTO {name} SELECT * FROM moved;
            ALTER TABLE deliveries ATTACH PARTITION {name} FOR VALUES FROM ('{from}') TO ('{to}');
            """);
        transaction.Commit();
    }

    /// <summary>The name of a month's partition.</summary>
    public static string Name(DateTimeOffset month) => "deliveries_" + month.ToString("yyyy_MM", CultureInfo.InvariantCulture);

    private static string Bound(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss+00", CultureInfo.InvariantCulture);

    private static bool Exists(NpgsqlConnection connection, string table)
    {
        using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = table } } };
        return command.ExecuteScalar() is true;
    }
}
