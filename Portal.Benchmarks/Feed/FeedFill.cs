using System.Data.Common;
using System.Globalization;
using Portal.Benchmarks.Databases;

namespace Portal.Benchmarks.Feed;

/// <summary>
/// Millions of events put into the tables directly, one every six seconds, with a spread of types, states, customers and addresses as a
/// year of a busy product has it. Payloads are left out: no list reads them.
/// </summary>
internal static class FeedFill
{
    public const int Customers = 200_000;

    /// <summary>The first event.</summary>
    public static readonly DateTimeOffset Begins = new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When an event was received.</summary>
    public static DateTimeOffset At(long id) => Begins.AddSeconds(6 * id);

    public static void Run(BenchDatabase database, long rows)
    {
        var sqlite = database.ConnectionString is null;
        using var connection = database.Connect();
        var indexes = Indexes(connection, sqlite);
        foreach (var (name, _) in indexes) Execute(connection, $"DROP INDEX \"{name}\"");   // made at the end, which is far faster than row by row
        if (sqlite) Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-262144");
        foreach (var sql in Statements(sqlite, rows)) Execute(connection, sql);
        foreach (var (_, sql) in indexes) Execute(connection, sql);
        if (!sqlite) Execute(connection, "VACUUM ANALYZE");   // as the server's own housekeeping would
        if (sqlite) Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static IEnumerable<string> Statements(bool sqlite, long rows)
    {
        var words = new Words(sqlite);
        var events = words.Counted(rows, $"""
            INSERT INTO events (id, environment, source, account, provider_event_id, type, api_version, live_mode, occurred_at, received_at, state, status, note, waits_for, customer_id, email, attempts, processed_at)
            {words.KeepIds} SELECT i, CASE WHEN i % 20 = 7 THEN 'production' ELSE 'sandbox' END, 'stripe', '', 'evt_' || {words.Padded("i")},
              CASE WHEN i % 40 = 3 THEN 'payment_intent.succeeded' WHEN i % 100 < 26 THEN 'charge.succeeded' WHEN i % 100 < 52 THEN 'charge.updated' WHEN i % 100 < 78 THEN 'invoice.paid'
                WHEN i % 100 < 88 THEN 'customer.subscription.updated' WHEN i % 100 < 93 THEN 'customer.updated' WHEN i % 100 < 96 THEN 'customer.created' WHEN i % 100 < 98 THEN 'customer.subscription.created'
                WHEN i % 1000 = 999 THEN 'charge.refunded' WHEN i % 100 = 99 THEN 'customer.subscription.deleted' WHEN i % 5000 = 98 THEN 'customer.deleted' ELSE 'invoice_payment.paid' END,
              '2025-03-31.basil', {words.False}, {words.At("i")}, {words.At("i")},
              CASE WHEN i > {rows} - 50 THEN 'pending' WHEN i % 40 = 3 THEN 'ignored' WHEN i % 5000 = 11 THEN 'failed' WHEN i % 1000 = 12 THEN 'waiting' ELSE 'processed' END,
              CASE WHEN i > {rows} - 50 THEN NULL WHEN i % 500 = 1 THEN 'error' WHEN i % 50 = 2 THEN 'warning' ELSE 'ok' END, NULL,
              CASE WHEN i % 1000 = 12 AND i <= {rows} - 50 THEN 'customer:stripe/cus_' || {words.Padded(Customer)} END,
              'cus_' || {words.Padded(Customer)}, 'buyer' || {words.Padded(Customer)} || '@example.com', CASE WHEN i > {rows} - 50 THEN 0 ELSE 1 END, CASE WHEN i > {rows} - 50 THEN NULL ELSE {words.At("i")} END
            """);
        var deliveries = words.Counted(rows, $"""
            INSERT INTO deliveries (id, environment, source, received_at, remote_address, signature, outcome, reason_code, reason, event_id, body_sha256, body_length)
            SELECT i, CASE WHEN i % 20 = 7 THEN 'production' ELSE 'sandbox' END, 'stripe', {words.At("i")}, '192.0.2.7', 't=1,v1=0',
              CASE WHEN i % 5000 = 17 THEN 'rejected' WHEN i % 100 = 9 THEN 'duplicate' ELSE 'accepted' END, CASE WHEN i % 5000 = 17 THEN 'noMatch' END, NULL, i, {words.Digest}, 3100
            """);
        var customers = words.Counted(Customers, $"""
            INSERT INTO customers (id, environment, scope, customer_id, email, new_user_id, identity_key) {words.KeepIds}
            SELECT i, 'sandbox', 'stripe', 'cus_' || {words.Padded("i - 1")}, 'buyer' || {words.Padded("i - 1")} || '@example.com', 'user-' || (i - 1), 'user:user-' || (i - 1)
            """);
        var facts = words.Counted(rows / 5, $$"""
            INSERT INTO facts (id, environment, scope, natural_key, kind, occurred_at, customer_id, invoice_id, payment_intent_id, charge_id, event_id, provider_event_id, data) {{words.KeepIds}}
            SELECT i, 'sandbox', 'stripe', 'invoicePaid:in_' || {{words.Padded("i")}}, 'invoicePaid', {{words.At("5 * i")}}, 'cus_' || {{words.Padded(Customer.Replace("i", "(5 * i)", StringComparison.Ordinal))}},
              'in_' || {{words.Padded("i")}}, 'pi_' || {{words.Padded("i")}}, 'ch_' || {{words.Padded("i")}}, 5 * i, 'evt_' || {{words.Padded("5 * i")}}, '{}'
            """);
        string[] sequences = sqlite ? [] : ["SELECT setval(pg_get_serial_sequence('events', 'id'), (SELECT max(id) FROM events)), setval('deliveries_id_seq', (SELECT max(id) FROM deliveries)), setval(pg_get_serial_sequence('facts', 'id'), (SELECT max(id) FROM facts)), setval(pg_get_serial_sequence('customers', 'id'), (SELECT max(id) FROM customers))"];
        return [events, deliveries, customers, facts, .. sequences];
    }

    /// <summary>Whose an event is: neighbours are of different customers.</summary>
    private const string Customer = "i * 7919 % 200000";

    private static List<(string Name, string Sql)> Indexes(DbConnection connection, bool sqlite)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sqlite
            ? "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('events', 'deliveries', 'customers', 'facts')"
            : "SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ('events', 'customers', 'facts') AND indexname NOT LIKE 'PK%'";
        using var reader = command.ExecuteReader();
        var found = new List<(string, string)>();
        while (reader.Read()) found.Add((reader.GetString(0), reader.GetString(1)));
        return found;
    }

    private static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 0);
        command.ExecuteNonQuery();
    }

    /// <summary>How each database says it.</summary>
    private sealed class Words(bool sqlite)
    {
        public string False => sqlite ? "0" : "false";

        public string KeepIds => sqlite ? "" : "OVERRIDING SYSTEM VALUE";

        public string Digest => sqlite ? "zeroblob(32)" : "decode(repeat('00', 32), 'hex')";

        public string Padded(string number) => sqlite ? $"printf('%08d', {number})" : $"lpad(({number})::text, 8, '0')";

        public string At(string number) => sqlite
            ? string.Create(CultureInfo.InvariantCulture, $"({Begins.ToUnixTimeMilliseconds()} + 6000 * ({number}))")
            : string.Create(CultureInfo.InvariantCulture, $"(to_timestamp({Begins.ToUnixTimeSeconds()}) + ({number}) * interval '6 seconds')");

        public string Counted(long rows, string insert) => sqlite
            ? $"WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < {rows}) {insert} FROM counted"
            : $"{insert} FROM generate_series(1, {rows}::bigint) AS counted(i)";
    }
}
