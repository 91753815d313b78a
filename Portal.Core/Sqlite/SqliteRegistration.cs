using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Inbox;

namespace Portal.Core.Sqlite;

/// <summary>The store cannot be opened: another process has it, or the directory does not allow it. The message says what to do.</summary>
public sealed class StoreNotOpenedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The room's front door: the embedded database as the portal's store.</summary>
public static class SqliteRegistration
{
    /// <summary>Registers the store over the file at <paramref name="path"/>; <see cref="OpenPortalStore"/> opens it.</summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, string path) => services.AddSqliteStore(_ => path);

    /// <summary>The same, with a path that is known only once the configuration is complete.</summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, Func<IServiceProvider, string> path)
    {
        services.AddSingleton<SqliteWriterRef>();
        services.AddSingleton<SqliteIntake>();
        services.AddSingleton<IIntake>(provider => provider.GetRequiredService<SqliteIntake>());
        return services.AddSingleton<PortalStore>(provider => new SqliteStore(
            path(provider),
            provider.GetRequiredService<SqliteWriterRef>(),
            provider.GetRequiredService<SqliteIntake>(),
            provider.GetRequiredService<ILogger<SqliteStore>>()));
    }

    /// <summary>Opens the store, before anything listens: creates and migrates the database, starts the one writer.</summary>
    /// <exception cref="StoreNotOpenedException">It cannot be opened.</exception>
    public static void OpenPortalStore(this IServiceProvider services)
    {
        var store = (SqliteStore)services.GetRequiredService<PortalStore>();
        try
        {
            store.Open();
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new StoreNotOpenedException(exception.Message, exception);
        }
    }
}
