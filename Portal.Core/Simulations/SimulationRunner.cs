using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core.Campaigns;
using Portal.Core.Data;

namespace Portal.Core.Simulations;

/// <summary>
/// Runs simulations in the background, one after the other. What a stop of the portal left unfinished is marked at the next start;
/// it is not taken up again, for it changes nothing and is asked for again in a moment.
/// </summary>
public sealed class SimulationRunner(PortalStore store, ChangeFeed changes, TimeProvider clock, ILogger<SimulationRunner> logger) : BackgroundService
{
    /// <summary>How many simulations of a campaign are kept.</summary>
    public const int Kept = 10;

    private const int DeletedAtOnce = 5_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly Channel<SimulationRun> _waiting = Channel.CreateUnbounded<SimulationRun>();
    private readonly ConcurrentDictionary<long, Turn> _turns = [];

    /// <summary>How many have not ended.</summary>
    internal int Open => _turns.Count;

    /// <summary>Lets tests stand between two portions.</summary>
    internal Func<CancellationToken, Task>? Between { get; set; }

    /// <summary>Takes a simulation: it is this process's until it ends.</summary>
    internal async Task EnqueueAsync(SimulationRun run)
    {
        _turns[run.Id] = new Turn { Own = await store.TryOwnAsync(NameOf(run.Id), CancellationToken.None) };
        _waiting.Writer.TryWrite(run);
    }

    /// <summary>Ends with the simulation; at once when it is not open.</summary>
    internal Task EndOf(long id) => _turns.TryGetValue(id, out var turn) ? turn.Ended.Task : Task.CompletedTask;

    /// <summary>Stops a simulation and waits until it has ended; one whose turn has not come, or that another process runs, is marked at once.</summary>
    internal async Task CancelAsync(long id)
    {
        _turns.TryGetValue(id, out var turn);
        if (turn is not null) await turn.Cancelled.CancelAsync();
        if (turn is { HasBegun: true }) await turn.Ended.Task;
        else await store.WriteAsync(db => db.SimulationRuns.Where(r => r.Id == id).ExecuteUpdate(r => r.SetProperty(s => s.State, SimulationState.Cancelled).SetProperty(s => s.EndedAt, clock.GetUtcNow())), CancellationToken.None);
    }

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var read = store.OpenRead();
        foreach (var id in await read.SimulationRuns.Where(r => r.State == SimulationState.Waiting || r.State == SimulationState.Running).Select(r => r.Id).ToListAsync(cancellationToken))
        {
            await using var own = await store.TryOwnAsync(NameOf(id), cancellationToken);
            if (own is null) continue;   // another process is at it
            await store.WriteAsync(db => db.SimulationRuns.Where(r => r.Id == id)
                .ExecuteUpdate(r => r.SetProperty(s => s.State, SimulationState.Interrupted).SetProperty(s => s.EndedAt, clock.GetUtcNow())), cancellationToken);
        }
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var run in _waiting.Reader.ReadAllAsync(stoppingToken)) await RunAsync(run, stoppingToken);
    }

    private async Task RunAsync(SimulationRun run, CancellationToken stopping)
    {
        var turn = _turns[run.Id];
        turn.HasBegun = true;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, turn.Cancelled.Token);
        try
        {
            await ForgetOldAsync(run, stopping);
            run.Report = (await SimulateAsync(run, either.Token)).ToJson();
            run.State = SimulationState.Done;
        }
        catch (OperationCanceledException)
        {
            run.State = stopping.IsCancellationRequested && !turn.Cancelled.IsCancellationRequested ? SimulationState.Interrupted : SimulationState.Cancelled;
        }
        catch (Exception exception)
        {
            logger.SimulationBroke(run.Id, run.CampaignId, exception);
            run.State = SimulationState.Failed;
        }
        run.EndedAt = clock.GetUtcNow();
        try
        {
            await SaveAsync(run, [], CancellationToken.None);
        }
        catch (Exception exception)
        {
            logger.SimulationBroke(run.Id, run.CampaignId, exception);   // the next start marks it as interrupted
        }
        _turns.TryRemove(run.Id, out _);
        turn.Ended.SetResult();
        turn.Cancelled.Dispose();
        if (turn.Own is not null) await turn.Own.DisposeAsync();
    }

    private async Task<SimulationReport> SimulateAsync(SimulationRun run, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        run.State = SimulationState.Running;
        await SaveAsync(run, [], ct);
        if (!RevisionDocument.FromJson(run.Data).Read().TryGet(out var terms, out var problem)) throw new InvalidOperationException(problem.Detail);
        var period = new SimulatedPeriod(run.From, run.To);
        var tally = new SimulationTally(run.EffectiveFrom, period);
        var cells = new List<SimulatedCell>();
        var told = clock.GetTimestamp();
        await using var db = await store.OpenSnapshotAsync(ct);
        await foreach (var step in new TwoWorlds(db, run.Environment, run.CampaignId, period, tally).RunAsync(terms, run.EffectiveFrom, ct))
        {
            if (Between is not null) await Between(ct);
            ct.ThrowIfCancellationRequested();
            cells.AddRange(step.Cells);
            (run.Done, run.Total) = (step.Done, step.Total);
            if (clock.GetElapsedTime(told) < Pause && cells.Count < DeletedAtOnce && step.Done < step.Total) continue;
            await SaveAsync(run, cells, ct);
            if (await IsCancelledElsewhereAsync(run.Id, ct)) throw new OperationCanceledException("Another process was asked to stop it.");
            cells.Clear();
            told = clock.GetTimestamp();
        }
        return tally.Report();
    }

    private async Task SaveAsync(SimulationRun run, List<SimulatedCell> cells, CancellationToken ct)
    {
        var rows = cells.ConvertAll(c => new StoredCell { RunId = run.Id, Month = c.Month, Referrer = c.Referrer, Code = c.Ucc, Currency = c.Currency, Now = c.Now, Draft = c.Draft });
        await store.WriteAsync(db =>
        {
            PreparedRows<StoredCell>.Insert(db, rows);
            db.Update(run).Property(r => r.State).IsModified = run.State != SimulationState.Running || run.Done == 0;   // while it runs, nobody else's mark is written over
        }, ct);
        changes.Publish(run.Environment);
    }

    private async Task<bool> IsCancelledElsewhereAsync(long id, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.SimulationRuns.AnyAsync(r => r.Id == id && r.State == SimulationState.Cancelled, ct);
    }

    private static string NameOf(long id) => $"simulation/{id}";

    /// <summary>Old runs go, table first, a few thousand rows at a time: the writer has others to serve.</summary>
    private async Task ForgetOldAsync(SimulationRun run, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var old = await db.SimulationRuns.Where(r => r.Environment == run.Environment && r.CampaignId == run.CampaignId && r.Id <= run.Id)
            .OrderByDescending(r => r.Id).Skip(Kept).Select(r => r.Id).ToListAsync(ct);
        foreach (var id in old)
        {
            while (await store.WriteAsync(write => write.SimulationCells.Where(c => c.RunId == id).OrderBy(c => c.Id).Take(DeletedAtOnce).ExecuteDelete(), ct) > 0)
            {
            }
            await store.WriteAsync(write => write.SimulationRuns.Where(r => r.Id == id).ExecuteDelete(), ct);
        }
    }

    private sealed class Turn
    {
        public CancellationTokenSource Cancelled { get; } = new();

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool HasBegun { get; set; }

        public IAsyncDisposable? Own { get; init; }
    }
}

internal static partial class SimulationLog
{
    [LoggerMessage(2300, LogLevel.Error, "Simulation {Id} of campaign {Campaign} broke")]
    public static partial void SimulationBroke(this ILogger logger, long id, string campaign, Exception exception);
}
