using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Portal.Core.Data;
using Portal.Core.Inbox;

namespace Portal.Core.Sqlite;

/// <summary>The inbox's hot path on SQLite: prepared statements on the writer's connection, no EF Core, one commit for all that wait.</summary>
internal sealed class SqliteIntake(SqliteWriterRef writer) : IIntake
{
    private readonly Dictionary<(PortalEnvironment, int Day, string Name), long> _counts = [];
    private readonly Dictionary<long, DateTimeOffset> _usedSecrets = [];
    private Statements? _statements;
    private DateTimeOffset _secretsNotedAt;
    private int _refusedSincePrune = int.MaxValue / 2;   // prune at the first refusal after a start
    private int _refusedWaiting;
    private bool _arrived;
    private long _accepted;

    public long AcceptedSoFar => Interlocked.Read(ref _accepted);

    public event Action? Arrived;

    public Task<Receipt> AcceptAsync(IncomingDelivery delivery)
    {
        var write = new Acceptance(this, delivery);
        return writer.Current.TryEnqueue(write) ? write.Done : Task.FromException<Receipt>(new InboxOverloadedException());
    }

    public void Refuse(RefusedDelivery delivery)
    {
        // Whoever floods the endpoint with bad requests must not fill the queue that good ones need.
        if (Interlocked.Increment(ref _refusedWaiting) > 256 || !writer.Current.TryEnqueue(new Refusal(this, delivery)))
            Interlocked.Decrement(ref _refusedWaiting);
    }

    /// <summary>Ends a group: writes the counts it changed and the secrets it used, inside its transaction.</summary>
    public void CloseGroup(SqliteConnection connection)
    {
        var sql = _statements ??= new Statements(connection);
        foreach (var ((environment, day, name), count) in _counts) sql.AddCount(environment, day, name, count);
        _counts.Clear();
        if (_usedSecrets.Count > 0)
        {
            var newest = _usedSecrets.Values.Max();
            if (newest - _secretsNotedAt > TimeSpan.FromSeconds(5))
            {
                foreach (var (id, at) in _usedSecrets) sql.NoteSecretUse(id, at);
                _usedSecrets.Clear();
                _secretsNotedAt = newest;
            }
        }
    }

    private void Count(PortalEnvironment environment, DateTimeOffset at, string name)
    {
        var key = (environment, DateOnly.FromDateTime(at.UtcDateTime).DayNumber, name);
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
    }

    private sealed class Acceptance(SqliteIntake intake, IncomingDelivery delivery) : GroupedWrite
    {
        private readonly TaskCompletionSource<Receipt> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Receipt _receipt;

        public Task<Receipt> Done => _done.Task;

        public override void Execute(SqliteConnection connection)
        {
            var sql = intake._statements ??= new Statements(connection);
            _receipt = sql.Accept(delivery);
            intake.Count(delivery.Environment, delivery.ReceivedAt,
                _receipt.Outcome == DeliveryOutcome.Accepted ? CountNames.Accepted : CountNames.Duplicate);
            if (delivery.SecretId is { } secret) intake._usedSecrets[secret] = delivery.ReceivedAt;
            if (_receipt.Outcome == DeliveryOutcome.Accepted) intake._arrived = true;
        }

        public override void Committed()
        {
            Interlocked.Increment(ref intake._accepted);
            _done.SetResult(_receipt);
            if (!intake._arrived) return;
            intake._arrived = false;
            intake.Arrived?.Invoke();
        }

        public override void Failed(Exception exception)
        {
            intake._counts.Clear();
            _done.SetException(exception);
        }
    }

    private sealed class Refusal(SqliteIntake intake, RefusedDelivery delivery) : GroupedWrite
    {
        public override void Execute(SqliteConnection connection)
        {
            var sql = intake._statements ??= new Statements(connection);
            sql.Refuse(delivery);
            intake.Count(delivery.Environment, delivery.ReceivedAt, CountNames.Rejected);
            if (++intake._refusedSincePrune < 100) return;
            sql.Prune(delivery.Environment, delivery.Source);
            intake._refusedSincePrune = 0;
        }

        public override void Committed() => Interlocked.Decrement(ref intake._refusedWaiting);

        public override void Failed(Exception exception)
        {
            intake._counts.Clear();
            Interlocked.Decrement(ref intake._refusedWaiting);
        }
    }

    /// <summary>The prepared statements; they live as long as the writer's connection.</summary>
    private sealed class Statements(SqliteConnection connection)
    {
        private readonly SqliteCommand _insertEvent = Prepare(connection, """
            INSERT INTO events (environment, source, account, provider_event_id, type, api_version, live_mode, occurred_at, received_at, state, attempts)
            VALUES ($environment, $source, $account, $id, $type, $version, $live, $occurred, $received, 'pending', 0)
            ON CONFLICT DO NOTHING RETURNING id
            """, "$environment", "$source", "$account", "$id", "$type", "$version", "$live", "$occurred", "$received");

        private readonly SqliteCommand _findEvent = Prepare(connection, """
            SELECT e.id, d.body_sha256 FROM events e JOIN deliveries d ON d.event_id = e.id
            WHERE e.environment = $environment AND e.source = $source AND e.account = $account AND e.provider_event_id = $id
            ORDER BY d.id LIMIT 1
            """, "$environment", "$source", "$account", "$id");

        // What failed for good gets another chance when the provider sends it again.
        private readonly SqliteCommand _reviveEvent = Prepare(connection, """
            UPDATE events SET state = 'pending', next_cause = 'resend', next_attempt_at = NULL WHERE id = $event AND state = 'failed'
            """, "$event");

        private readonly SqliteCommand _insertDelivery = Prepare(connection, """
            INSERT INTO deliveries (environment, source, received_at, remote_address, signature, outcome, reason_code, reason, event_id, body_sha256, body_length, body)
            VALUES ($environment, $source, $received, $address, $signature, $outcome, $code, $reason, $event, $sha, $length, $body)
            """, "$environment", "$source", "$received", "$address", "$signature", "$outcome", "$code", "$reason", "$event", "$sha", "$length", "$body");

        private readonly SqliteCommand _addCount = Prepare(connection, """
            INSERT INTO daily_counts (environment, day, name, count) VALUES ($environment, $day, $name, $count)
            ON CONFLICT (environment, day, name) DO UPDATE SET count = count + excluded.count
            """, "$environment", "$day", "$name", "$count");

        private readonly SqliteCommand _noteSecretUse = Prepare(connection,
            "UPDATE signing_secrets SET last_used_at = $at WHERE id = $id", "$at", "$id");

        private readonly SqliteCommand _prune = Prepare(connection, """
            DELETE FROM deliveries WHERE outcome = 'rejected' AND environment = $environment AND source = $source AND id <= (
                SELECT id FROM deliveries WHERE outcome = 'rejected' AND environment = $environment AND source = $source
                ORDER BY id DESC LIMIT 1 OFFSET $most)
            """, "$environment", "$source", "$most");

        public Receipt Accept(IncomingDelivery delivery)
        {
            var envelope = delivery.Envelope;
            var environment = delivery.Environment.Word();
            object? eventId = Bind(_insertEvent,
                environment, delivery.Source, envelope.Account, envelope.ProviderEventId, envelope.Type, envelope.ApiVersion,
                envelope.LiveMode is { } live ? (live ? 1L : 0L) : null,
                (envelope.OccurredAt ?? delivery.ReceivedAt).ToUnixTimeMilliseconds(), delivery.ReceivedAt.ToUnixTimeMilliseconds()).ExecuteScalar();
            if (eventId is long id)
            {
                InsertDelivery(delivery, DeliveryOutcome.Accepted, id, delivery.Body, null);
                return new Receipt(DeliveryOutcome.Accepted, id);
            }

            byte[] firstSha256;
            using (var reader = Bind(_findEvent, environment, delivery.Source, envelope.Account, envelope.ProviderEventId).ExecuteReader())
            {
                reader.Read();
                id = reader.GetInt64(0);
                firstSha256 = (byte[])reader.GetValue(1);
            }
            var same = CryptographicOperations.FixedTimeEquals(firstSha256, delivery.BodySha256);
            InsertDelivery(delivery, DeliveryOutcome.Duplicate, id, same ? null : delivery.Body,
                same ? null : "The body differs from that of the first delivery, which stands.");
            Bind(_reviveEvent, id).ExecuteNonQuery();
            return new Receipt(DeliveryOutcome.Duplicate, id);
        }

        public void Refuse(RefusedDelivery delivery)
        {
            var kept = delivery.Body.Length <= Quarantine.MostBytes ? delivery.Body : delivery.Body[..Quarantine.MostBytes];
            Bind(_insertDelivery, delivery.Environment.Word(), delivery.Source, delivery.ReceivedAt.ToUnixTimeMilliseconds(), delivery.RemoteAddress,
                delivery.Signature, DeliveryOutcome.Rejected.Word(), delivery.ReasonCode, delivery.Reason, null, SHA256.HashData(delivery.Body),
                (int)Math.Min(delivery.BodyLength, int.MaxValue), kept).ExecuteNonQuery();
        }

        public void Prune(PortalEnvironment environment, string source) => Bind(_prune, environment.Word(), source, (long)Quarantine.MostDeliveries).ExecuteNonQuery();

        public void AddCount(PortalEnvironment environment, int day, string name, long count) =>
            Bind(_addCount, environment.Word(), (long)day, name, count).ExecuteNonQuery();

        public void NoteSecretUse(long id, DateTimeOffset at) => Bind(_noteSecretUse, at.ToUnixTimeMilliseconds(), id).ExecuteNonQuery();

        private void InsertDelivery(IncomingDelivery delivery, DeliveryOutcome outcome, long eventId, byte[]? body, string? reason) =>
            Bind(_insertDelivery, delivery.Environment.Word(), delivery.Source, delivery.ReceivedAt.ToUnixTimeMilliseconds(), delivery.RemoteAddress,
                delivery.Signature, outcome.Word(), reason is null ? null : "differentBody", reason, eventId, delivery.BodySha256, (long)delivery.Body.Length, body).ExecuteNonQuery();

        private static SqliteCommand Prepare(SqliteConnection connection, string sql, params string[] names)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var name in names) command.Parameters.Add(new SqliteParameter { ParameterName = name, Value = DBNull.Value });
            command.Prepare();
            return command;
        }

        private static SqliteCommand Bind(SqliteCommand command, params ReadOnlySpan<object?> values)
        {
            for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
            return command;
        }
    }
}
