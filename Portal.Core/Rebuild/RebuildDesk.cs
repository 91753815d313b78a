using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Core.Rebuild;

/// <summary>Where rebuilds are asked for, looked at and stopped. One at a time per environment.</summary>
public sealed class RebuildDesk(PortalStore store, ChangeFeed changes, TimeProvider clock)
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _awaited = new();

    /// <summary>A run is to be done: whoever does the work listens.</summary>
    public event Action<long>? Asked;

    /// <summary>Asks for a rebuild.</summary>
    /// <param name="environment">Of what.</param>
    /// <param name="apply">Whether to post what differs.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="ct">Stops the asking, not the run.</param>
    /// <returns>The run; problem <c>rebuildUnderWay</c> while there is another one.</returns>
    public async Task<Outcome<RebuildRun>> StartAsync(PortalEnvironment environment, bool apply, Actor actor, CancellationToken ct)
    {
        var started = await store.WriteAsync(db =>
        {
            if (db.RebuildRuns.Where(r => r.Environment == environment && (r.State == RebuildState.Running || r.State == RebuildState.Applying)).Select(r => (long?)r.Id).FirstOrDefault() is { } other)
                return (Outcome<RebuildRun>)new Problem("rebuildUnderWay", $"Rebuild {other} is under way; wait for it or stop it.", Kind: ProblemKind.Conflict);
            var run = new RebuildRun { Environment = environment, Apply = apply, StartedAt = clock.GetUtcNow(), StartedBy = actor.Name };
            db.RebuildRuns.Add(run);
            db.SaveChanges();
            db.Audit(actor, clock.GetUtcNow(), environment, apply ? "rebuild.applied" : "rebuild.started", $"rebuild {run.Id}");
            return run;
        }, ct);
        if (!started.TryGet(out var made, out _)) return started;
        _awaited[made.Id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Asked?.Invoke(made.Id);
        changes.Publish(environment);
        return started;
    }

    /// <summary>Asks a run to stop. What it has begun to post goes on.</summary>
    /// <returns>The run; a problem where there is no such run, or it no longer recomputes.</returns>
    public async Task<Outcome<RebuildRun>> CancelAsync(PortalEnvironment environment, long id, Actor actor, CancellationToken ct)
    {
        var outcome = await store.WriteAsync(db =>
        {
            var run = db.RebuildRuns.FirstOrDefault(r => r.Environment == environment && r.Id == id);
            if (run is null) return NotFound(id);
            if (run.State != RebuildState.Running) return new Problem("rebuildEnded", $"Rebuild {id} no longer recomputes: it is {run.State.Word()}.", Kind: ProblemKind.Conflict);
            run.IsCancelAsked = true;
            db.Audit(actor, clock.GetUtcNow(), environment, "rebuild.cancelled", $"rebuild {id}");
            return (Outcome<RebuildRun>)run;
        }, ct);
        changes.Publish(environment);
        return outcome;
    }

    /// <summary>One run.</summary>
    public async Task<RebuildRun?> FindAsync(PortalEnvironment environment, long id, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.RebuildRuns.FirstOrDefaultAsync(r => r.Environment == environment && r.Id == id, ct);
    }

    /// <summary>Waits until a run has ended, at most so long.</summary>
    public async Task WaitAsync(long id, TimeSpan longest, CancellationToken ct)
    {
        if (!_awaited.TryGetValue(id, out var end)) return;
        try
        {
            await end.Task.WaitAsync(longest, ct);
        }
        catch (TimeoutException)
        {
            // it takes longer; whoever asked looks again
        }
    }

    /// <summary>The runs, newest first.</summary>
    public async Task<Page<RebuildRun>> ListAsync(PortalEnvironment environment, long? cursor, PageDirection direction, int limit, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var runs = db.RebuildRuns.Where(r => r.Environment == environment);
        var rows = direction == PageDirection.Older
            ? await runs.Where(r => cursor == null || r.Id < cursor).OrderByDescending(r => r.Id).Take(Keyset.Ask(limit)).ToListAsync(ct)
            : await runs.Where(r => r.Id > cursor).OrderBy(r => r.Id).Take(Keyset.Ask(limit)).ToListAsync(ct);
        return Keyset.Cut(rows, limit, direction, cursor, r => r.Id);
    }

    /// <summary>After a start: runs that the last stop interrupted are marked so; those that had begun to post are to be seen to their end. What another portal is at is left to it.</summary>
    public async Task ResumeAsync(CancellationToken ct)
    {
        await using var read = store.OpenRead();
        foreach (var id in await read.RebuildRuns.Where(r => r.State == RebuildState.Running).Select(r => r.Id).ToListAsync(ct))
        {
            await using var own = await store.TryOwnAsync(RebuildWork.NameOf(id), ct);
            if (own is null) continue;
            var now = clock.GetUtcNow();
            await store.WriteAsync(db => db.RebuildRuns.Where(r => r.Id == id && r.State == RebuildState.Running)
                .ExecuteUpdate(set => set.SetProperty(r => r.State, RebuildState.Interrupted).SetProperty(r => r.EndedAt, now)), ct);
        }
        foreach (var id in await read.RebuildRuns.Where(r => r.State == RebuildState.Applying).Select(r => r.Id).ToListAsync(ct)) Asked?.Invoke(id);
    }

    /// <summary>A run has ended.</summary>
    internal void Ended(RebuildRun run)
    {
        if (_awaited.TryRemove(run.Id, out var end)) end.SetResult();
        changes.Publish(run.Environment);
    }

    private static Outcome<RebuildRun> NotFound(long id) => new Problem("notFound", $"There is no rebuild {id}.", Kind: ProblemKind.Missing);
}
