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

    /// <summary>Sees to it that this month and the next ones have partitions.</summary>
    public static void Ensure(NpgsqlConnection connection, DateTimeOffset now)
    {
        for (var month = 0; month <= MonthsAhead; month++)
        {
            var first = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(month);
            if (Exists(connection, Name(first))) continue;
            Add(connection, Name(first), Bound(first), Bound(first.AddMonths(1)));
        }
    }

    /// <summary>Adds a partition. What came before it was there lies with the rest, and moves.</summary>
    private static void Add(NpgsqlConnection connection, string name, string from, string to)
    {
        using var transaction = connection.BeginTransaction();
        PostgresSchema.Run(connection, $"""
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
