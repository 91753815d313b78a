using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Inbox;

namespace Portal.Core.Postgres;

/// <summary>The room's front door: a database on a server as the portal's store, with the inbox's hot path into it.</summary>
public sealed class PostgresDatabase : IDisposable
{
    private readonly PostgresIntake _intake;
    private readonly PostgresStore _store;
    private readonly PostgresNotices _notices;

    /// <summary>The database that a connection string names, not opened yet.</summary>
    /// <exception cref="ArgumentException">It is no connection string.</exception>
    public PostgresDatabase(string connectionString, ChangeFeed changes, TimeProvider clock, ILoggerFactory loggers)
    {
        var source = PostgresServer.Source(connectionString, loggers);
        _intake = new PostgresIntake(source);
        _notices = new PostgresNotices(source, _intake, changes, loggers.CreateLogger<PostgresNotices>());
        _store = new PostgresStore(source, _notices, clock, loggers.CreateLogger<PostgresStore>());
    }

    /// <summary>The same database beside running portals, for reading: no migration, no listening.</summary>
    /// <exception cref="StoreNotOpenedException">It does not answer, or is of another version of the portal.</exception>
    public static PortalStore OpenReading(string connectionString, ILoggerFactory loggers)
    {
        var database = new PostgresDatabase(connectionString, new ChangeFeed(TimeProvider.System), TimeProvider.System, loggers);
        database._store.OpenReading();
        return database._store;
    }

    /// <summary>The store.</summary>
    public PortalStore Store => _store;

    /// <summary>The inbox's hot path.</summary>
    public IIntake Intake => _intake;

    /// <inheritdoc />
    public void Dispose()
    {
        _notices.Dispose();
        _intake.Dispose();
        _store.Dispose();
    }
}
