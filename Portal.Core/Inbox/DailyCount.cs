using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Inbox;

/// <summary>A count kept up to date by whoever changes it, per UTC day.</summary>
public sealed class DailyCount
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>Days since 0001-01-01, UTC (<see cref="DateOnly.DayNumber"/>).</summary>
    public required int Day { get; init; }

    /// <summary>Of what: one of <see cref="CountNames"/>.</summary>
    public required string Name { get; init; }

    /// <summary>How many.</summary>
    public long Count { get; set; }

    /// <summary>Counts some more. Last in a transaction: whoever counts the same waits until it ends.</summary>
    internal static void Add(PortalDb db, PortalEnvironment environment, int day, string name, long more)
    {
        if (db.Set<DailyCount>().Where(c => c.Environment == environment && c.Day == day && c.Name == name).ExecuteUpdate(set => set.SetProperty(c => c.Count, c => c.Count + more)) > 0) return;
        db.Set<DailyCount>().Add(new DailyCount { Environment = environment, Day = day, Name = name, Count = more });
        db.SaveChanges();
    }
}

/// <summary>What is counted per day.</summary>
public static class CountNames
{
    /// <summary>New events stored.</summary>
    public const string Accepted = "deliveries.accepted";

    /// <summary>Deliveries of events that were there already.</summary>
    public const string Duplicate = "deliveries.duplicate";

    /// <summary>Refused deliveries, kept or not.</summary>
    public const string Rejected = "deliveries.rejected";

    /// <summary>Events whose checks are all right, by the day of receipt.</summary>
    public const string StatusOk = "events.ok";

    /// <summary>Events with warnings.</summary>
    public const string StatusWarning = "events.warning";

    /// <summary>Events with errors.</summary>
    public const string StatusError = "events.error";
}

internal sealed class DailyCountMap : IEntityTypeConfiguration<DailyCount>
{
    public void Configure(EntityTypeBuilder<DailyCount> count)
    {
        count.ToTable("daily_counts");
        count.HasKey(c => new { c.Environment, c.Day, c.Name });
        count.Property(c => c.Name).HasMaxLength(40);
    }
}
