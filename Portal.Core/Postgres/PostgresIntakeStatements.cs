using Npgsql;
using NpgsqlTypes;
using Portal.Core.Data;
using Portal.Core.Inbox;

namespace Portal.Core.Postgres;

/// <summary>What the intake says to the server. A group is one transaction: new events and their deliveries by one statement, the rest only where it occurs.</summary>
internal sealed class PostgresIntakeStatements(NpgsqlDataSource source) : IDisposable
{
    private const int PruneAfter = 100;

    /// <summary>
    /// Inserts what is new and says which that was. What another portal stores at the same moment is waited for, and is not new then.
    /// </summary>
    private const string AcceptNew = """
        WITH incoming AS MATERIALIZED (
          SELECT * FROM unnest(@environment, @source, @account, @provider_event_id, @type, @api_version, @live_mode, @occurred_at, @received_at, @remote_address, @signature, @sha256, @length, @body)
          WITH ORDINALITY AS t(environment, source, account, provider_event_id, type, api_version, live_mode, occurred_at, received_at, remote_address, signature, body_sha256, body_length, body, n)
        ), fresh AS (
          INSERT INTO events (environment, source, account, provider_event_id, type, api_version, live_mode, occurred_at, received_at, state, attempts)
          SELECT environment, source, account, provider_event_id, type, api_version, live_mode, occurred_at, received_at, 'pending', 0 FROM incoming ORDER BY n
          ON CONFLICT (environment, provider_event_id, source, account) DO NOTHING
          RETURNING id, environment, source, account, provider_event_id
        ), kept AS (
          INSERT INTO deliveries (environment, source, received_at, remote_address, signature, outcome, event_id, body_sha256, body_length, body)
          SELECT i.environment, i.source, i.received_at, i.remote_address, i.signature, 'accepted', f.id, i.body_sha256, i.body_length, i.body
          FROM fresh f JOIN incoming i USING (environment, source, account, provider_event_id) ORDER BY i.n
        )
        SELECT i.n::int - 1, f.id FROM fresh f JOIN incoming i USING (environment, source, account, provider_event_id)
        """;

    /// <summary>Keeps deliveries of events that are there; what failed for good gets another chance when the provider sends it again.</summary>
    private const string AcceptAgain = """
        WITH again AS MATERIALIZED (
          SELECT * FROM unnest(@environment, @source, @account, @provider_event_id, @received_at, @remote_address, @signature, @sha256, @length, @body)
          WITH ORDINALITY AS t(environment, source, account, provider_event_id, received_at, remote_address, signature, body_sha256, body_length, body, n)
        ), found AS MATERIALIZED (
          SELECT a.*, e.id, (SELECT d.body_sha256 FROM deliveries d WHERE d.event_id = e.id ORDER BY d.id LIMIT 1) IS DISTINCT FROM a.body_sha256 AS differs, e.state = 'failed' AS has_failed
          FROM again a JOIN events e USING (environment, source, account, provider_event_id)
        ), whole AS MATERIALIZED (
          SELECT id FROM events WHERE id IN (SELECT id FROM found WHERE differs OR has_failed) AND payload_removed_at IS NULL FOR SHARE   -- whoever removes the payload waits, or is waited for
        ), kept AS (
          INSERT INTO deliveries (environment, source, received_at, remote_address, signature, outcome, reason_code, reason, event_id, body_sha256, body_length, body)
          SELECT environment, source, received_at, remote_address, signature, 'duplicate', CASE WHEN differs THEN 'differentBody' END,
            CASE WHEN differs THEN 'The body differs from that of the first delivery, which stands.' END, id, body_sha256, body_length, CASE WHEN differs AND id IN (SELECT id FROM whole) THEN body END
          FROM found ORDER BY n
        ), revived AS (
          UPDATE events SET state = 'pending', next_cause = 'resend', next_attempt_at = NULL WHERE id IN (SELECT id FROM whole) AND state = 'failed'
        )
        SELECT n::int - 1, id FROM found
        """;

    private const string AddCounts = """
        INSERT INTO daily_counts (environment, day, name, count) SELECT * FROM unnest(@environment, @day, @name, @count) ORDER BY 1, 2, 3
        ON CONFLICT (environment, day, name) DO UPDATE SET count = daily_counts.count + excluded.count
        """;

    private readonly Dictionary<(string, string), int> _refusedSincePrune = [];
    private readonly Dictionary<long, DateTimeOffset> _usedSecrets = [];
    private DateTimeOffset _secretsNotedAt;
    private NpgsqlConnection? _connection;

    /// <summary>Stores verified deliveries; when it returns they are on disk.</summary>
    public Receipt[] Accept(List<IncomingDelivery> group) => InTransaction(connection =>
    {
        var receipts = new Receipt[group.Count];
        var (first, again) = (new List<int>(), new List<int>());
        var seen = new HashSet<(PortalEnvironment, string, string, string)>();
        for (var i = 0; i < group.Count; i++) (seen.Add((group[i].Environment, group[i].Source, group[i].Envelope.Account, group[i].Envelope.ProviderEventId)) ? first : again).Add(i);
        var isNew = AcceptFirst(connection, first.ConvertAll(i => group[i]));
        foreach (var (n, id) in isNew) receipts[first[n]] = new Receipt(DeliveryOutcome.Accepted, id);
        again.AddRange(first.Where((_, n) => !isNew.ContainsKey(n)));
        again.Sort();
        if (again.Count > 0)
        {
            foreach (var (n, id) in AcceptOthers(connection, again.ConvertAll(i => group[i]))) receipts[again[n]] = new Receipt(DeliveryOutcome.Duplicate, id);
            if (again.Exists(i => receipts[i].EventId == 0)) throw new InvalidOperationException("An event that exists was not found.");
        }
        Finish(connection, group, receipts);
        return receipts;
    });

    /// <summary>Keeps and counts refused deliveries, and prunes the quarantine now and then.</summary>
    public void Keep(List<(RefusedDelivery Delivery, byte[] Sha256)> refused) => InTransaction(connection =>
    {
        using var insert = new NpgsqlCommand("""
            INSERT INTO deliveries (environment, source, received_at, remote_address, signature, outcome, reason_code, reason, body_sha256, body_length, body)
            SELECT environment, source, received_at, remote_address, signature, 'rejected', reason_code, reason, body_sha256, body_length, body
            FROM unnest(@environment, @source, @received_at, @remote_address, @signature, @reason_code, @reason, @sha256, @length, @body)
            WITH ORDINALITY AS t(environment, source, received_at, remote_address, signature, reason_code, reason, body_sha256, body_length, body, n) ORDER BY n
            """, connection);
        Texts(insert, "environment", refused.Select(r => r.Delivery.Environment.Word()));
        Texts(insert, "source", refused.Select(r => r.Delivery.Source));
        Values(insert, "received_at", NpgsqlDbType.TimestampTz, refused.Select(r => Utc(r.Delivery.ReceivedAt)));
        Texts(insert, "remote_address", refused.Select(r => r.Delivery.RemoteAddress));
        Texts(insert, "signature", refused.Select(r => r.Delivery.Signature));
        Texts(insert, "reason_code", refused.Select(r => r.Delivery.ReasonCode));
        Texts(insert, "reason", refused.Select(r => r.Delivery.Reason));
        Values(insert, "sha256", NpgsqlDbType.Bytea, refused.Select(r => r.Sha256));
        Values(insert, "length", NpgsqlDbType.Integer, refused.Select(r => (int)Math.Min(r.Delivery.BodyLength, int.MaxValue)));
        Values(insert, "body", NpgsqlDbType.Bytea, refused.Select(r => r.Delivery.Body));
        insert.ExecuteNonQuery();
        Count(connection, refused.Select(r => (r.Delivery.Environment, r.Delivery.ReceivedAt, CountNames.Rejected)));
        foreach (var place in refused.GroupBy(r => (r.Delivery.Environment.Word(), r.Delivery.Source)))
        {
            var since = _refusedSincePrune.GetValueOrDefault(place.Key, PruneAfter) + place.Count();   // prune at the first refusal after a start
            if (since >= PruneAfter) Prune(connection, place.Key);
            _refusedSincePrune[place.Key] = since >= PruneAfter ? 0 : since;
        }
        return true;
    });

    public void Dispose() => _connection?.Dispose();

    private static Dictionary<int, long> AcceptFirst(NpgsqlConnection connection, List<IncomingDelivery> first)
    {
        using var command = new NpgsqlCommand(AcceptNew, connection);
        Keys(command, first);
        Texts(command, "type", first.Select(d => d.Envelope.Type));
        Texts(command, "api_version", first.Select(d => d.Envelope.ApiVersion));
        Values(command, "live_mode", NpgsqlDbType.Boolean, first.Select(d => d.Envelope.LiveMode));
        Values(command, "occurred_at", NpgsqlDbType.TimestampTz, first.Select(d => Utc(d.Envelope.OccurredAt ?? d.ReceivedAt)));
        Contents(command, first);
        return Found(command);
    }

    private static Dictionary<int, long> AcceptOthers(NpgsqlConnection connection, List<IncomingDelivery> again)
    {
        using var command = new NpgsqlCommand(AcceptAgain, connection);
        Keys(command, again);
        Contents(command, again);
        return Found(command);
    }

    /// <summary>Counts, notes the secrets that were used, and tells the other portals.</summary>
    private void Finish(NpgsqlConnection connection, List<IncomingDelivery> group, Receipt[] receipts)
    {
        foreach (var delivery in group)
        {
            if (delivery.SecretId is { } secret) _usedSecrets[secret] = delivery.ReceivedAt;
        }
        if (_usedSecrets.Count > 0 && _usedSecrets.Values.Max() - _secretsNotedAt > TimeSpan.FromSeconds(5))
        {
            _secretsNotedAt = _usedSecrets.Values.Max();
            using var note = new NpgsqlCommand("UPDATE signing_secrets s SET last_used_at = u.at FROM unnest(@id, @at) AS u(id, at) WHERE s.id = u.id", connection);
            Values(note, "id", NpgsqlDbType.Bigint, _usedSecrets.Keys.Order());
            Values(note, "at", NpgsqlDbType.TimestampTz, _usedSecrets.OrderBy(u => u.Key).Select(u => Utc(u.Value)));
            note.ExecuteNonQuery();
            _usedSecrets.Clear();
        }
        if (Array.Exists(receipts, r => r.Outcome == DeliveryOutcome.Accepted)) PostgresNotices.Send(connection, PostgresNotices.Arrival);
        Count(connection, group.Select((d, i) => (d.Environment, d.ReceivedAt, receipts[i].Outcome == DeliveryOutcome.Accepted ? CountNames.Accepted : CountNames.Duplicate)));
    }

    /// <summary>Last in the transaction: whoever counts the same waits until it ends.</summary>
    private static void Count(NpgsqlConnection connection, IEnumerable<(PortalEnvironment Environment, DateTimeOffset At, string Name)> what)
    {
        var counts = what.GroupBy(w => (Environment: w.Environment.Word(), Day: DateOnly.FromDateTime(w.At.UtcDateTime).DayNumber, w.Name)).ToList();
        using var command = new NpgsqlCommand(AddCounts, connection);
        Texts(command, "environment", counts.Select(c => c.Key.Environment));
        Values(command, "day", NpgsqlDbType.Integer, counts.Select(c => c.Key.Day));
        Texts(command, "name", counts.Select(c => c.Key.Name));
        Values(command, "count", NpgsqlDbType.Bigint, counts.Select(c => c.LongCount()));
        command.ExecuteNonQuery();
    }

    private static void Prune(NpgsqlConnection connection, (string Environment, string Source) place)
    {
        using var command = new NpgsqlCommand("""
            DELETE FROM deliveries WHERE outcome = 'rejected' AND environment = @environment AND source = @source AND id <= (
              SELECT id FROM deliveries WHERE outcome = 'rejected' AND environment = @environment AND source = @source ORDER BY id DESC LIMIT 1 OFFSET @most)
            """, connection);
        command.Parameters.AddWithValue("environment", place.Environment);
        command.Parameters.AddWithValue("source", place.Source);
        command.Parameters.AddWithValue("most", Quarantine.MostDeliveries);
        command.ExecuteNonQuery();
    }

    private static void Keys(NpgsqlCommand command, List<IncomingDelivery> deliveries)
    {
        Texts(command, "environment", deliveries.Select(d => d.Environment.Word()));
        Texts(command, "source", deliveries.Select(d => d.Source));
        Texts(command, "account", deliveries.Select(d => d.Envelope.Account));
        Texts(command, "provider_event_id", deliveries.Select(d => d.Envelope.ProviderEventId));
    }

    private static void Contents(NpgsqlCommand command, List<IncomingDelivery> deliveries)
    {
        Values(command, "received_at", NpgsqlDbType.TimestampTz, deliveries.Select(d => Utc(d.ReceivedAt)));
        Texts(command, "remote_address", deliveries.Select(d => d.RemoteAddress));
        Texts(command, "signature", deliveries.Select(d => d.Signature));
        Values(command, "sha256", NpgsqlDbType.Bytea, deliveries.Select(d => d.BodySha256));
        Values(command, "length", NpgsqlDbType.Integer, deliveries.Select(d => d.Body.Length));
        Values(command, "body", NpgsqlDbType.Bytea, deliveries.Select(d => d.Body));
    }

    private static Dictionary<int, long> Found(NpgsqlCommand command)
    {
        using var reader = command.ExecuteReader();
        var found = new Dictionary<int, long>();
        while (reader.Read()) found[reader.GetInt32(0)] = reader.GetInt64(1);
        return found;
    }

    private static void Texts(NpgsqlCommand command, string name, IEnumerable<string?> values) => Values(command, name, NpgsqlDbType.Text, values);

    private static void Values<T>(NpgsqlCommand command, string name, NpgsqlDbType type, IEnumerable<T> values) =>
        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = values.ToArray() });

    private static DateTime Utc(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()).UtcDateTime;

    private T InTransaction<T>(Func<NpgsqlConnection, T> work)
    {
        try
        {
            _connection ??= source.OpenConnection();
            using var transaction = _connection.BeginTransaction();
            var result = work(_connection);
            transaction.Commit();
            return result;
        }
        catch (Exception exception) when (PostgresFaults.IsUnavailable(exception) || _connection?.FullState != System.Data.ConnectionState.Open)
        {
            _connection?.Dispose();   // the next group begins with a new one
            _connection = null;
            throw;
        }
    }
}
