using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Inbox;

namespace Portal.Core.Sqlite;

/// <summary>The room's front door: the embedded database as the portal's store, with the inbox's hot path into it.</summary>
public static class SqliteDatabase
{
    /// <summary>The database in the file at <paramref name="path"/>, not opened yet.</summary>
    public static (PortalStore Store, IIntake Intake) At(string path, ILoggerFactory loggers)
    {
        var writer = new SqliteWriterRef();
        var intake = new SqliteIntake(writer);
        return (new SqliteStore(path, writer, intake, loggers.CreateLogger<SqliteStore>()), intake);
    }
}
