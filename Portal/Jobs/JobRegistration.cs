using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Hosting;
using Quartz;

namespace Portal.Jobs;

/// <summary>
/// The scheduler's one room: Quartz on a persistent store in a file of its own, so that its writes never meet the portal's writer
/// (docs/decisions/0003-scheduler.md).
/// </summary>
public static class JobRegistration
{
    private const string StoreKey = "scheduler";

    /// <summary>What the history may hold: a job that runs four times a minute must neither fill the file nor push its own failures out.</summary>
    private static readonly Action<ExecutionHistoryOptions> HistoryBounds = history =>
    {
        history.Retention = TimeSpan.FromDays(7);
        history.RetentionByResult[JobRunResult.Skipped] = TimeSpan.FromHours(6);
        history.RetentionByResult[JobRunResult.Failed] = TimeSpan.FromDays(30);
        history.MaxEntriesPerJob = 500;
        history.MaxEntriesPerScheduler = 5_000;
    };

    /// <summary>Adds the scheduler and every job with its schedule.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        var isPostgres = DatabaseOptions.Of(configuration).IsPostgres;
        services.AddKeyedSingleton<DbDataSource>(StoreKey, (provider, _) => isPostgres
            ? NpgsqlFactory.Instance.CreateDataSource(configuration.GetConnectionString(DatabaseOptions.ConnectionName)!)
            : SqliteFactory.Instance.CreateDataSource($"Data Source={provider.GetRequiredService<IOptions<PortalOptions>>().Value.DataPath("scheduler.db")}"));
        services.AddQuartzExecutionHistory(HistoryBounds);
        services.AddQuartz(quartz =>
        {
            quartz.UsePersistentStore(store =>
            {
                if (isPostgres)
                {
                    store.UsePostgres(source => source.DataSourceServiceKey = StoreKey);
                    store.UseClustering(cluster => cluster.CheckinInterval = TimeSpan.FromSeconds(5));   // what an instance that went away was doing, another takes up
                }
                else
                {
                    store.UseSqlite(source => source.DataSourceServiceKey = StoreKey);
                }
                store.UseExecutionHistory();
                store.ProvisionSchema();
            });
            // A stop does not wait for a backlog: what is not processed yet is in the inbox, and the next start goes on with it.
            quartz.ConfigureScheduler(scheduler => scheduler.ShutdownJobInterruption = ShutdownJobInterruption.WhenWaitingForJobs);
            foreach (var entry in JobSchedule.All) entry.Register(quartz);
            quartz.AddJobListener(provider => provider.GetRequiredService<JobMeters>(), []);
            quartz.AddJob<RebuildJob>(job => job.WithIdentity(RebuildJob.Key).StoreDurably().WithDescription("Recomputes the ledger when a person asks for it."));
        });
        services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = true);
        services.AddHostedService<DrainStarter>();
        services.AddHostedService<RebuildStarter>();
        services.AddSingleton<JobBoard>();
        services.AddSingleton<JobPulse>();
        services.AddSingleton<JobMeters>();
        return services;
    }
}
