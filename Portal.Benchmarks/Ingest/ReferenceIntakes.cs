using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using Portal.Core.Inbox;

namespace Portal.Benchmarks.Ingest;

/// <summary>Verified, and forgotten: the limit that durable storage is measured against.</summary>
internal sealed class NoStorage : IIntake
{
    private long _accepted;

    public event Action? Arrived { add { } remove { } }

    public long AcceptedSoFar => _accepted;

    public Task<Receipt> AcceptAsync(IncomingDelivery delivery) => Task.FromResult(new Receipt(DeliveryOutcome.Accepted, Interlocked.Increment(ref _accepted)));

    public void Refuse(RefusedDelivery delivery)
    {
    }
}

/// <summary>What one would write first on SQLite: one prepared insert in a transaction of its own for each request, flushed.</summary>
internal sealed class OneInsertOnSqlite : IIntake, IDisposable
{
    private readonly Lock _turn = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private long _accepted;

    public OneInsertOnSqlite(string folder)
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(folder, "single.db")};Pooling=False");
        _connection.Open();
        using (var make = _connection.CreateCommand())
        {
            make.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE received (id INTEGER PRIMARY KEY, event TEXT NOT NULL UNIQUE, type TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL)";
            make.ExecuteNonQuery();
        }
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO received (event, type, at, body) VALUES (@event, @type, @at, @body) ON CONFLICT DO NOTHING";
        foreach (var name in new[] { "@event", "@type", "@at", "@body" }) _insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        _insert.Prepare();
    }

    public event Action? Arrived { add { } remove { } }

    public long AcceptedSoFar => _accepted;

    public Task<Receipt> AcceptAsync(IncomingDelivery delivery)
    {
        lock (_turn)
        {
            _insert.Parameters[0].Value = delivery.Envelope.ProviderEventId;
            _insert.Parameters[1].Value = delivery.Envelope.Type;
            _insert.Parameters[2].Value = delivery.ReceivedAt.ToUnixTimeMilliseconds();
            _insert.Parameters[3].Value = delivery.Body;
            _insert.ExecuteNonQuery();
            return Task.FromResult(new Receipt(DeliveryOutcome.Accepted, ++_accepted));
        }
    }

    public void Refuse(RefusedDelivery delivery)
    {
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }
}

/// <summary>What one would write first on PostgreSQL: one prepared insert for each request over pooled connections.</summary>
internal sealed class OneInsertOnPostgres : IIntake, IDisposable
{
    private readonly NpgsqlDataSource _source;
    private long _accepted;

    public OneInsertOnPostgres(string connectionString)
    {
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 32, MaxAutoPrepare = 10, AutoPrepareMinUsages = 1 });
        using var make = _source.CreateCommand("CREATE TABLE IF NOT EXISTS received (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event text NOT NULL UNIQUE, type text NOT NULL, at timestamptz NOT NULL, body bytea NOT NULL)");
        make.ExecuteNonQuery();
    }

    public event Action? Arrived { add { } remove { } }

    public long AcceptedSoFar => _accepted;

    public async Task<Receipt> AcceptAsync(IncomingDelivery delivery)
    {
        await using var insert = _source.CreateCommand("INSERT INTO received (event, type, at, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING");
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = delivery.Envelope.ProviderEventId });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = delivery.Envelope.Type });
        insert.Parameters.Add(new NpgsqlParameter { Value = delivery.ReceivedAt.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        insert.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = delivery.Body });
        await insert.ExecuteNonQueryAsync();
        return new Receipt(DeliveryOutcome.Accepted, Interlocked.Increment(ref _accepted));
    }

    public void Refuse(RefusedDelivery delivery)
    {
    }

    public void Dispose() => _source.Dispose();
}
