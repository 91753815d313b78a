using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Portal.Core.Data;
using Portal.Core.Inbox;

namespace Portal.Core.Sqlite;

/// <summary>The inbox's hot path on SQLite: prepared statements on the writer's connection, no EF Core, one commit for all that wait.</summary>
internal sealed class SqliteIntake(SqliteWriterRef writer) : IIntake
{
    private const int PruneAfter = 100;
    private const int MostRefusedWaiting = 64;

    private readonly Dictionary<(PortalEnvironment, int Day, string Name), long> _counts = [];
    private readonly Dictionary<long, DateTimeOffset> _usedSecrets = [];
    private Statements? _statements;
    private DateTimeOffset _secretsNotedAt;
    private readonly Dictionary<(PortalEnvironment, string Source), int> _refusedSincePrune = [];
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
        if (Interlocked.Increment(ref _refusedWaiting) > MostRefusedWaiting || !writer.Current.TryEnqueue(new Refusal(this, delivery, SHA256.HashData(delivery.Body))))
            Interlocked.Decrement(ref _refusedWaiting);
    }

    /// <summary>Begins a group: forgets what one that failed had counted.</summary>
    public void OpenGroup()
    {
        _counts.Clear();
        _arrived = false;
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
            _done.SetException(exception);
        }
    }

    private sealed class Refusal(SqliteIntake intake, RefusedDelivery delivery, byte[] sha256) : GroupedWrite
    {
        private readonly RefusedDelivery _delivery = delivery.Cut();

        public override void Execute(SqliteConnection connection)
        {
            var sql = intake._statements ??= new Statements(connection);
            sql.Refuse(_delivery, sha256);
            intake.Count(_delivery.Environment, _delivery.ReceivedAt, CountNames.Rejected);
            var place = (_delivery.Environment, _delivery.Source);
            var since = intake._refusedSincePrune.GetValueOrDefault(place, PruneAfter);   // prune at the first refusal after a start
            if (since >= PruneAfter) sql.Prune(_delivery.Environment, _delivery.Source);
            intake._refusedSincePrune[place] = since >= PruneAfter ? 1 : since + 1;
        }

        public override void Committed() => Interlocked.Decrement(ref intake._refusedWaiting);

        public override void Failed(Exception exception) => Interlocked.Decrement(ref intake._refusedWaiting);
    }

    /// <summary>The prepared statements; they live as long as the writer's connection.</summary>
    private sealed class Statements(SqliteConnection connection)
    {
        private readonly SqliteStatement _insertEvent = new(connection, """
            INSERT INTO events (environment, source, account, provider_event_id, type, api_version, live_mode, occurred_at, received_at, state, attempts)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'pending', 0) ON CONFLICT DO NOTHING RETURNING id
            """);

        private readonly SqliteStatement _findEvent = new(connection, """
            SELECT e.id, d.body_sha256 FROM events e JOIN deliveries d ON d.event_id = e.id
            WHERE e.environment = ?1 AND e.source = ?2 AND e.account = ?3 AND e.provider_event_id = ?4 ORDER BY d.id LIMIT 1
            """);

        // What failed for good gets another chance when the provider sends it again.
        private readonly SqliteStatement _reviveEvent = new(connection,
            "UPDATE events SET state = 'pending', next_cause = 'resend', next_attempt_at = NULL WHERE id = ?1 AND state = 'failed' AND payload_removed_at IS NULL");

        private readonly SqliteStatement _insertDelivery = new(connection, """
            INSERT INTO deliveries (environment, source, received_at, remote_address, signature, outcome, reason_code, reason, event_id, body_sha256, body_length, body)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """);

        // Where the payload was removed, none comes back by another delivery.
        private readonly SqliteStatement _insertOther = new(connection, """
            INSERT INTO deliveries (environment, source, received_at, remote_address, signature, outcome, reason_code, reason, event_id, body_sha256, body_length, body)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, CASE WHEN payload_removed_at IS NULL THEN ?12 END FROM events WHERE id = ?9
            """);

        private readonly SqliteStatement _addCount = new(connection, """
            INSERT INTO daily_counts (environment, day, name, count) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (environment, day, name) DO UPDATE SET count = count + excluded.count
            """);

        private readonly SqliteStatement _noteSecretUse = new(connection, "UPDATE signing_secrets SET last_used_at = ?1 WHERE id = ?2");

        private readonly SqliteStatement _prune = new(connection, """
            DELETE FROM deliveries WHERE outcome = 'rejected' AND environment = ?1 AND source = ?2 AND id <= (
                SELECT id FROM deliveries WHERE outcome = 'rejected' AND environment = ?1 AND source = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)
            """);

        public Receipt Accept(IncomingDelivery delivery)
        {
            var envelope = delivery.Envelope;
            var environment = delivery.Environment.Word();
            var received = delivery.ReceivedAt.ToUnixTimeMilliseconds();
            var created = _insertEvent.Bind(environment).Bind(delivery.Source).Bind(envelope.Account).Bind(envelope.ProviderEventId).Bind(envelope.Type)
                .Bind(envelope.ApiVersion).Bind(envelope.LiveMode is { } live ? (live ? 1L : 0L) : null)
                .Bind(envelope.OccurredAt?.ToUnixTimeMilliseconds() ?? received).Bind(received).Run();
            if (created is { } id)
            {
                Insert(_insertDelivery, delivery, DeliveryOutcome.Accepted, id, delivery.Body, null, null);
                return new Receipt(DeliveryOutcome.Accepted, id);
            }
            (id, var firstSha256) = _findEvent.Bind(environment).Bind(delivery.Source).Bind(envelope.Account).Bind(envelope.ProviderEventId).Read();
            if (firstSha256.AsSpan().SequenceEqual(delivery.BodySha256)) Insert(_insertDelivery, delivery, DeliveryOutcome.Duplicate, id, null, null, null);
            else Insert(_insertOther, delivery, DeliveryOutcome.Duplicate, id, delivery.Body, "differentBody", "The body differs from that of the first delivery, which stands.");
            _reviveEvent.Bind(id).Run();
            return new Receipt(DeliveryOutcome.Duplicate, id);
        }

        public void Refuse(RefusedDelivery delivery, byte[] sha256) =>
            _insertDelivery.Bind(delivery.Environment.Word()).Bind(delivery.Source).Bind(delivery.ReceivedAt.ToUnixTimeMilliseconds()).Bind(delivery.RemoteAddress)
                .Bind(delivery.Signature).Bind(DeliveryOutcome.Rejected.Word()).Bind(delivery.ReasonCode).Bind(delivery.Reason).Bind((long?)null)
                .Bind(sha256).Bind(Math.Min(delivery.BodyLength, int.MaxValue)).Bind(delivery.Body).Run();

        public void Prune(PortalEnvironment environment, string source) =>
            _prune.Bind(environment.Word()).Bind(source).Bind((long)Quarantine.MostDeliveries).Run();

        public void AddCount(PortalEnvironment environment, int day, string name, long count) =>
            _addCount.Bind(environment.Word()).Bind((long)day).Bind(name).Bind(count).Run();

        public void NoteSecretUse(long id, DateTimeOffset at) => _noteSecretUse.Bind(at.ToUnixTimeMilliseconds()).Bind(id).Run();

        private static void Insert(SqliteStatement insert, IncomingDelivery delivery, DeliveryOutcome outcome, long eventId, byte[]? body, string? reasonCode, string? reason) =>
            insert.Bind(delivery.Environment.Word()).Bind(delivery.Source).Bind(delivery.ReceivedAt.ToUnixTimeMilliseconds()).Bind(delivery.RemoteAddress)
                .Bind(delivery.Signature).Bind(outcome.Word()).Bind(reasonCode).Bind(reason).Bind(eventId)
                .Bind(delivery.BodySha256).Bind((long)delivery.Body.Length).Bind(body).Run();
    }
}
