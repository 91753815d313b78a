using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Core.Sqlite;
using Portal.Hosting;
using Quartz;

namespace Portal.Jobs;

/// <summary>Makes the daily backup of the embedded database. It looks every hour, so that a portal that was off at the usual time misses none.</summary>
[DisallowConcurrentExecution]
public sealed class BackupJob(IOptions<PortalOptions> portal, IOptions<DatabaseOptions> database, IOptions<BackupOptions> options, TimeProvider clock) : IJob
{
    /// <summary>The job's name.</summary>
    public static readonly JobKey Key = new("backup");

    /// <summary>A little less than a day: an hourly look must not make the time of the backup wander.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromHours(23.5);

    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        context.Result = JobRunReport.Skipped("Nothing to do.");
        if (!database.Value.IsSqlite) return;   // PostgreSQL has means of its own: docs/operation.md
        var shelf = new BackupShelf(portal.Value.DataPath("backups"), options.Value.Keep);
        var now = clock.GetUtcNow();
        var isAskedFor = context.Trigger.Key.Name != Key.Name;
        if (!isAskedFor && (!options.Value.Daily || now - shelf.NewestAt() < Between)) return;
        var report = await SqliteBackup.MakeAsync(portal.Value.DataPath("portal.db"), shelf.PathAt(now), cancellationToken);
        shelf.Trim(now);
        context.Result = JobRunReport.Succeeded(string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileName(report.Path)}: {report.Events:N0} events, {report.Bytes >> 20:N0} MiB, in {report.Took.TotalSeconds:0.0} s"));
    }
}
