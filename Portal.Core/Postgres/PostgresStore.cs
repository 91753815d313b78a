using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Core.Data;

namespace Portal.Core.Postgres;

/// <summary>The database on a server: any number of portals share it.</summary>
internal sealed class PostgresStore : PortalStore, IDisposable
{
    /// <summary>How long a start waits for a server that is not up yet.</summary>
    private static readonly TimeSpan LongestWaitForServer = TimeSpan.FromSeconds(60);

    private readonly NpgsqlDataSource _source;
    private readonly DbContextOptions<PostgresPortalDb> _readOptions;
    private readonly DbContextOptions<PostgresPortalDb> _writeOptions;
    private readonly PostgresNotices _notices;
    private readonly TimeProvider _clock;
    private readonly ILogger<PostgresStore> _logger;

    public PostgresStore(NpgsqlDataSource source, PostgresNotices notices, TimeProvider clock, ILogger<PostgresStore> logger)
    {
        (_source, _notices, _clock, _logger) = (source, notices, clock, logger);
        // Without the source: EF Core keeps services and a model of its own for every source that options name, for ever.
        _writeOptions = new DbContextOptionsBuilder<PostgresPortalDb>().UseNpgsql().Options;
        _readOptions = new DbContextOptionsBuilder<PostgresPortalDb>().UseNpgsql().UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).AddInterceptors(new ClaimRows()).Options;
    }

    public override void Open()
    {
        try
        {
            using var connection = Connect();
            PostgresServer.Check(connection, _logger);
            using var db = Connected(_writeOptions);
            PostgresSchema.BringUpToDate(connection, db, _clock.GetUtcNow());
            _notices.Start();
            _logger.StoreOpened(connection.Host ?? "", connection.Database, connection.PostgreSqlVersion);
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or InvalidOperationException or TimeoutException)
        {
            throw new StoreNotOpenedException($"ConnectionStrings:Portal: PostgreSQL cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Sees to it that it can be read as it is.</summary>
    /// <exception cref="StoreNotOpenedException">It does not answer, or is of another version of the portal.</exception>
    public void OpenReading()
    {
        try
        {
            using var db = OpenRead();
            if (!db.Database.GetAppliedMigrations().SequenceEqual(db.Database.GetMigrations()))
                throw new StoreNotOpenedException("The database is of another version of the portal: start that version's, or this one once to bring it up to date.");
        }
        catch (Exception exception) when (IsUnavailable(exception) || exception is NpgsqlException)
        {
            throw new StoreNotOpenedException($"ConnectionStrings:Portal: PostgreSQL cannot be read: {exception.Message}", exception);
        }
    }

    public override PortalDb OpenRead() => Connected(_readOptions);

    public override async Task<PortalDb> OpenSnapshotAsync(CancellationToken ct)
    {
        var db = OpenRead();
        try
        {
            await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
            return db;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    public override async Task<T> WriteAsync<T>(Func<PortalDb, T> work, CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await PostgresLocks.TakePartAsync(connection, alone: true, ct);
        T result;
        await using (var db = OpenOn(connection, transaction))
        {
            result = work(db);
            await db.SaveChangesAsync(ct);
        }
        await transaction.CommitAsync(CancellationToken.None);   // from here on a stop does not help anybody
        return result;
    }

    /// <summary>Without the portal's locks: a probe must not stand in the way of the batches, nor wait for them.</summary>
    public override async Task ProbeWriteAsync(CancellationToken ct)
    {
        await using var command = _source.CreateCommand("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean");
        if (await command.ExecuteScalarAsync(ct) is true) throw new InvalidOperationException("The server takes no writes just now.");
    }

    public override async Task<long?> SizeAsync(CancellationToken ct)
    {
        await using var command = _source.CreateCommand("SELECT pg_database_size(current_database())");
        return await command.ExecuteScalarAsync(ct) as long?;
    }

    public override async Task<StoreWork> BeginWorkAsync(bool alone, CancellationToken ct) => await PostgresWork.BeginAsync(this, alone, ct);

    public override async Task<IAsyncDisposable?> TryOwnAsync(string name, CancellationToken ct) => await PostgresOwnership.TryTakeAsync(_source, name, ct);

    public override async Task MaintainAsync(CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        PostgresPartitions.Ensure(connection, _clock.GetUtcNow());
    }

    /// <summary>Months without a payload left are written anew without the room that payloads took, and the old ones dropped.</summary>
    public override async Task ForgetAsync(CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        PostgresPartitions.GiveRoomBack(connection, _clock.GetUtcNow());
    }

    public override bool IsUnavailable(Exception exception) => PostgresFaults.IsUnavailable(exception);

    /// <summary>A context for writing inside a transaction that is somebody else's to end.</summary>
    public PortalDb OpenOn(NpgsqlConnection connection, System.Data.Common.DbTransaction transaction)
    {
        var db = new PostgresPortalDb(_writeOptions);
        db.Database.SetDbConnection(connection);
        db.Database.AutoSavepointsEnabled = false;   // all or nothing
        db.Database.UseTransaction(transaction);
        return db;
    }

    public void Dispose() => _source.Dispose();

    private PostgresPortalDb Connected(DbContextOptions<PostgresPortalDb> options)
    {
        var db = new PostgresPortalDb(options);
        db.Database.SetDbConnection(_source.CreateConnection(), contextOwnsConnection: true);
        return db;
    }

    private NpgsqlConnection Connect()
    {
        var giveUpAt = Environment.TickCount64 + (long)LongestWaitForServer.TotalMilliseconds;
        while (true)
        {
            try
            {
                return _source.OpenConnection();
            }
            catch (Exception exception) when (IsUnavailable(exception) && Environment.TickCount64 < giveUpAt)
            {
                _logger.WaitsForServer(exception.Message);
                Thread.Sleep(TimeSpan.FromSeconds(1));   // nothing listens yet
            }
        }
    }
}

internal static partial class PostgresLog
{
    [LoggerMessage(1010, LogLevel.Information, "Database {Database} on {Host} open (PostgreSQL {Version})")]
    public static partial void StoreOpened(this ILogger logger, string host, string database, Version version);

    [LoggerMessage(1011, LogLevel.Warning, "PostgreSQL does not answer yet: {Message}")]
    public static partial void WaitsForServer(this ILogger logger, string message);

    [LoggerMessage(1012, LogLevel.Warning, "PostgreSQL runs with {Setting}=off: what it acknowledges can be lost when its machine fails. Only for tests")]
    public static partial void NotDurable(this ILogger logger, string setting);
}
