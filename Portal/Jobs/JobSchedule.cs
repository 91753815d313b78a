using Quartz;

namespace Portal.Jobs;

/// <summary>One recurring job: what, how often, and why.</summary>
/// <param name="Key">The job's name.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Every">Time between two starts.</param>
/// <param name="Why">For the Jobs page.</param>
/// <param name="Register">Adds the job and its trigger.</param>
public sealed record JobEntry(JobKey Key, string Title, TimeSpan Every, string Why, Action<IQuartzBuilder> Register)
{
    /// <summary>The trigger by which the clock starts it.</summary>
    public TriggerKey Trigger { get; } = new(Key.Name);
}

/// <summary>Every background job in one table.</summary>
public static class JobSchedule
{
    /// <summary>The table; the Jobs page lists it.</summary>
    public static readonly IReadOnlyList<JobEntry> All =
    [
        Entry<DrainInboxJob>(DrainInboxJob.Key, "Process the inbox", TimeSpan.FromSeconds(15),
            "Turns stored events into rewards. Arrivals wake it at once; the regular run picks up retries that are due and whatever a crash left."),
        Entry<BackupJob>(BackupJob.Key, "Back up the database", TimeSpan.FromHours(1),
            "Copies the embedded database into the data directory once a day, checks the copy, and keeps the last few.", AfterTheStart),
        Entry<RetentionJob>(RetentionJob.Key, "Remove old payloads", TimeSpan.FromHours(1),
            "Removes the payloads of settled events once they are old enough. Events, facts and the ledger stay.", AfterTheStart),
    ];

    /// <summary>Work that takes long leaves the first minutes to those who wait for the portal.</summary>
    private static TimeSpan AfterTheStart => TimeSpan.FromMinutes(5);

    private static JobEntry Entry<T>(JobKey key, string title, TimeSpan every, string why, TimeSpan first = default) where T : class, IJob => new(key, title, every, why, quartz =>
    {
        quartz.AddJob<T>(job => job.WithIdentity(key).StoreDurably().WithDescription(why));
        quartz.AddTrigger(trigger => trigger.ForJob(key).WithIdentity(key.Name).StartAt(DateTimeOffset.UtcNow + first)
            .WithSchedule(SimpleScheduleBuilder.Create().WithInterval(every).RepeatForever()));
    });
}
