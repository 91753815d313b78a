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
    ];

    private static JobEntry Entry<T>(JobKey key, string title, TimeSpan every, string why) where T : class, IJob => new(key, title, every, why, quartz =>
    {
        quartz.AddJob<T>(job => job.WithIdentity(key).StoreDurably().WithDescription(why));
        quartz.AddTrigger(trigger => trigger.ForJob(key).WithIdentity(key.Name).StartNow()
            .WithSchedule(SimpleScheduleBuilder.Create().WithInterval(every).RepeatForever()));
    });
}
