using Microsoft.Extensions.Options;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Postgres;
using Portal.Core.Sqlite;

namespace Portal.Hosting;

/// <summary>The database that the configuration names, as a store and as the inbox's hot path into it. Opened by <see cref="PortalStore.Open"/>.</summary>
internal sealed class PortalDatabase : IDisposable
{
    private readonly IDisposable _owner;

    public PortalDatabase(string directory, IOptions<DatabaseOptions> options, IConfiguration configuration, ChangeFeed changes, TimeProvider clock, ILoggerFactory loggers)
    {
        if (options.Value.IsPostgres)
        {
            var postgres = OfServer(configuration, changes, clock, loggers);
            (Store, Intake, _owner) = (postgres.Store, postgres.Intake, postgres);
            return;
        }
        (Store, Intake) = SqliteDatabase.At(Path.Combine(directory, "portal.db"), loggers);
        _owner = (IDisposable)Store;
    }

    public PortalStore Store { get; }

    public IIntake Intake { get; }

    private static PostgresDatabase OfServer(IConfiguration configuration, ChangeFeed changes, TimeProvider clock, ILoggerFactory loggers)
    {
        try
        {
            return new PostgresDatabase(configuration.GetConnectionString(DatabaseOptions.ConnectionName)!, changes, clock, loggers);
        }
        catch (ArgumentException exception)
        {
            throw new StoreNotOpenedException($"ConnectionStrings:Portal: {exception.Message}", exception);
        }
    }

    public void Dispose() => _owner.Dispose();
}
