using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Simulations;

/// <summary>Where a simulation stands.</summary>
public enum SimulationState
{
    /// <summary>Its turn comes after those before it.</summary>
    Waiting,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Its report is there.</summary>
    Done,

    /// <summary>Somebody stopped it.</summary>
    Cancelled,

    /// <summary>The portal stopped while it was under way.</summary>
    Interrupted,

    /// <summary>It broke; the log has the reason.</summary>
    Failed,
}

/// <summary>A simulation with its report. It is no part of the books: nothing is posted, and it may be thrown away.</summary>
public sealed class SimulationRun
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>Whose referrals.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>The campaign.</summary>
    public required string CampaignId { get; init; }

    /// <summary>The rules that are tried, as JSON of the contract's shape.</summary>
    public required string Data { get; init; }

    /// <summary>From when on they are taken to be in force.</summary>
    public required DateTimeOffset EffectiveFrom { get; init; }

    /// <summary>What is compared counts from this moment on; null from the beginning.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>And before this one; null without end.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Where it stands.</summary>
    public SimulationState State { get; set; }

    /// <summary>Codes done.</summary>
    public int Done { get; set; }

    /// <summary>Codes in all; 0 until that is known.</summary>
    public int Total { get; set; }

    /// <summary>What was found, as JSON; null until it is done.</summary>
    public string? Report { get; set; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>By whom.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it ended, one way or the other.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>A row of a simulation's table.</summary>
public sealed class StoredCell
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>The simulation.</summary>
    public required long RunId { get; init; }

    /// <summary>The month, as <c>2026-01</c>.</summary>
    public required string Month { get; init; }

    /// <summary>The product's id of the referrer.</summary>
    public required string Referrer { get; init; }

    /// <summary>The code.</summary>
    public required string Code { get; init; }

    /// <summary>ISO code.</summary>
    public required string Currency { get; init; }

    /// <summary>As it stands, minor units.</summary>
    public required long Now { get; init; }

    /// <summary>As it would stand, minor units.</summary>
    public required long Draft { get; init; }
}

internal sealed class SimulationRunMap : IEntityTypeConfiguration<SimulationRun>
{
    public void Configure(EntityTypeBuilder<SimulationRun> run)
    {
        run.ToTable("simulation_runs");
        run.Property(r => r.CampaignId).HasMaxLength(60);
        run.HasIndex(r => new { r.Environment, r.CampaignId, r.Id });   // the newest of a campaign
    }
}

internal sealed class StoredCellMap : IEntityTypeConfiguration<StoredCell>
{
    public void Configure(EntityTypeBuilder<StoredCell> cell)
    {
        cell.ToTable("simulation_cells");
        cell.Property(c => c.Month).HasMaxLength(7);
        cell.Property(c => c.Referrer).HasMaxLength(255);
        cell.Property(c => c.Code).HasMaxLength(32);
        cell.Property(c => c.Currency).HasMaxLength(3);
        cell.HasIndex(c => new { c.RunId, c.Id });   // a run's table, in order
    }
}

/// <summary>The room's tables.</summary>
public static class SimulationSets
{
    extension(PortalDb db)
    {
        /// <summary>Drafts that were run over history.</summary>
        public DbSet<SimulationRun> SimulationRuns => db.Set<SimulationRun>();

        /// <summary>What they found, per month, referrer and currency.</summary>
        public DbSet<StoredCell> SimulationCells => db.Set<StoredCell>();
    }
}
