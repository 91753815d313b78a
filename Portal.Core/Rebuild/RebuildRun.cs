using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Rebuild;

/// <summary>Where a run stands.</summary>
public enum RebuildState
{
    /// <summary>It recomputes.</summary>
    Running,

    /// <summary>It has recomputed, and the differences are being posted.</summary>
    Applying,

    /// <summary>It has its result.</summary>
    Done,

    /// <summary>A person stopped it; nothing was posted.</summary>
    Cancelled,

    /// <summary>The portal stopped meanwhile; nothing was posted.</summary>
    Interrupted,

    /// <summary>It broke.</summary>
    Failed,
}

/// <summary>One rebuild with its progress and its result.</summary>
public sealed class RebuildRun
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>Where it stands.</summary>
    public RebuildState State { get; set; }

    /// <summary>Whether what differs is posted at its end.</summary>
    public required bool Apply { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>By whom.</summary>
    public required string StartedBy { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Whether a person asked it to stop.</summary>
    public bool IsCancelAsked { get; set; }

    /// <summary>Events read so far.</summary>
    public long Events { get; set; }

    /// <summary>Referrals folded so far.</summary>
    public long Referrals { get; set; }

    /// <summary>How much of it is done, 0 to 100.</summary>
    public int Percent { get; set; }

    /// <summary>Entry sets that it posted.</summary>
    public int Posted { get; set; }

    /// <summary>What broke it, in a sentence.</summary>
    public string? Error { get; set; }

    /// <summary>The result, as JSON of <see cref="RebuildReport"/>; null while there is none.</summary>
    public string? ReportJson { get; set; }

    /// <summary>Whether it still does something.</summary>
    public bool IsUnderWay => State is RebuildState.Running or RebuildState.Applying;

    /// <summary>The result, if there is one.</summary>
    public RebuildReport? Report() => ReportJson is null ? null : JsonSerializer.Deserialize<RebuildReport>(ReportJson, Json);

    /// <summary>A result as it is kept.</summary>
    internal static string Write(RebuildReport report) => JsonSerializer.Serialize(report.Shortened(), Json);
}

internal sealed class RebuildRunMap : IEntityTypeConfiguration<RebuildRun>
{
    public void Configure(EntityTypeBuilder<RebuildRun> run)
    {
        run.ToTable("rebuild_runs");
        run.Ignore(r => r.IsUnderWay);
        run.HasIndex(r => r.Environment, "ix_rebuild_runs_under_way").IsUnique().HasFilter("state IN ('running', 'applying')");   // one at a time
        run.HasIndex(r => new { r.Environment, r.Id });
    }
}

/// <summary>The room's table.</summary>
public static class RebuildSets
{
    extension(PortalDb db)
    {
        /// <summary>Every rebuild that was asked for.</summary>
        public DbSet<RebuildRun> RebuildRuns => db.Set<RebuildRun>();
    }
}
