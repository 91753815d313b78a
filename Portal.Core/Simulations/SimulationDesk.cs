using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Campaigns;
using Portal.Core.Data;

namespace Portal.Core.Simulations;

/// <summary>A simulation that is asked for.</summary>
/// <param name="Terms">The rules to try; null for the campaign's draft.</param>
/// <param name="EffectiveFrom">From when on they are taken to be in force; null for what they say themselves, else for the start of the revision in force.</param>
/// <param name="From">What is compared counts from this moment on; null from the beginning.</param>
/// <param name="To">And before this one; null without end.</param>
public sealed record NewSimulation(RevisionDocument? Terms, DateTimeOffset? EffectiveFrom, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>A simulation, as the API and pages see it.</summary>
public sealed record SimulationRow(
    long Id, PortalEnvironment Environment, string CampaignId, SimulationState State, int Done, int Total, RevisionDocument Terms, DateTimeOffset EffectiveFrom,
    DateTimeOffset? From, DateTimeOffset? To, DateTimeOffset RequestedAt, string RequestedBy, DateTimeOffset? EndedAt, SimulationReport? Report)
{
    /// <summary>Whether it may still come to something.</summary>
    public bool IsOpen => State is SimulationState.Waiting or SimulationState.Running;
}

/// <summary>Asks for simulations, shows them, stops them.</summary>
public sealed class SimulationDesk(PortalStore store, SimulationRunner runner, TimeProvider clock)
{
    /// <summary>How many may wait in all.</summary>
    public const int MostWaiting = 20;

    private const int RowsAtOnce = 1_000;

    /// <summary>Asks for a simulation.</summary>
    /// <returns>The simulation; problems <c>notFound</c>, <c>invalidField</c>, <c>tooManySimulations</c>.</returns>
    public async Task<Outcome<SimulationRow>> StartAsync(PortalEnvironment environment, string campaignId, NewSimulation asked, Actor actor, CancellationToken ct)
    {
        if (asked.From >= asked.To) return new Problem("invalidField", "from must be earlier than to.", "from");
        if (asked.Terms is not null && !asked.Terms.Read().TryGet(out _, out var problem))
            return problem with { Field = problem.Field is null ? null : $"revision.{problem.Field}" };
        var started = await store.WriteAsync<Outcome<SimulationRun>>(db =>
        {
            if (!db.Campaigns.Any(c => c.Environment == environment && c.CampaignId == campaignId))
                return new Problem("notFound", $"There is no campaign {campaignId}.", Kind: ProblemKind.Missing);
            var data = asked.Terms?.ToJson() ?? db.CampaignDrafts.Where(d => d.Environment == environment && d.CampaignId == campaignId).Select(d => d.Data).SingleOrDefault();
            if (data is null) return new Problem("notFound", $"Campaign {campaignId} has no draft.", "draft", ProblemKind.Missing);
            if (runner.Open >= MostWaiting) return new Problem("tooManySimulations", $"{MostWaiting} simulations wait already: cancel one, or come back later.", Kind: ProblemKind.Conflict);
            var now = clock.GetUtcNow();
            var run = new SimulationRun
            {
                Environment = environment,
                CampaignId = campaignId,
                Data = data,
                EffectiveFrom = (asked.EffectiveFrom ?? asked.Terms?.EffectiveFrom ?? InForce(db, environment, campaignId, now)).ToUniversalTime(),
                From = asked.From?.ToUniversalTime(),
                To = asked.To?.ToUniversalTime(),
                State = SimulationState.Waiting,
                RequestedAt = now,
                RequestedBy = actor.Name,
            };
            db.SimulationRuns.Add(run);
            db.SaveChanges();
            db.Audit(actor, now, environment, "simulation.started", $"{campaignId}/{run.Id}", after: data);
            return run;
        }, ct);
        if (!started.TryGet(out var waiting, out problem)) return problem;
        await runner.EnqueueAsync(waiting);
        return Row(waiting);
    }

    /// <summary>One simulation.</summary>
    public async Task<SimulationRow?> FindAsync(PortalEnvironment environment, long id, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.SimulationRuns.SingleOrDefaultAsync(r => r.Id == id && r.Environment == environment, ct) is { } run ? Row(run) : null;
    }

    /// <summary>A campaign's newest simulation.</summary>
    public async Task<SimulationRow?> NewestAsync(PortalEnvironment environment, string campaignId, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.SimulationRuns.Where(r => r.Environment == environment && r.CampaignId == campaignId).OrderByDescending(r => r.Id).FirstOrDefaultAsync(ct) is { } run ? Row(run) : null;
    }

    /// <summary>One simulation, when it has ended or the time is over.</summary>
    public async Task<SimulationRow?> WaitAsync(PortalEnvironment environment, long id, TimeSpan longest, CancellationToken ct)
    {
        await Task.WhenAny(runner.EndOf(id), Task.Delay(longest, ct));
        return await FindAsync(environment, id, ct);
    }

    /// <summary>Stops a simulation that has not ended; one that has stays as it is.</summary>
    /// <returns>The simulation; problem <c>notFound</c>.</returns>
    public async Task<Outcome<SimulationRow>> CancelAsync(PortalEnvironment environment, long id, Actor actor, CancellationToken ct)
    {
        if (await FindAsync(environment, id, ct) is not { } run) return new Problem("notFound", $"There is no simulation {id}.", Kind: ProblemKind.Missing);
        if (!run.IsOpen) return run;
        await store.WriteAsync(db => db.Audit(actor, clock.GetUtcNow(), environment, "simulation.cancelled", $"{run.CampaignId}/{id}"), ct);
        await runner.CancelAsync(id);
        return (await FindAsync(environment, id, ct))!;
    }

    /// <summary>A simulation's table, portion by portion.</summary>
    public async IAsyncEnumerable<IReadOnlyList<SimulatedCell>> TableAsync(long id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var db = store.OpenRead();
        for (var last = 0L; ;)
        {
            var cells = await db.SimulationCells.Where(c => c.RunId == id && c.Id > last).OrderBy(c => c.Id).Take(RowsAtOnce).ToListAsync(ct);
            if (cells.Count == 0) yield break;
            last = cells[^1].Id;
            yield return cells.ConvertAll(c => new SimulatedCell(c.Month, c.Referrer, c.Code, c.Currency, c.Now, c.Draft));
        }
    }

    /// <summary>The start of the revision in force: what tries the same rules without a date of their own replaces it.</summary>
    private static DateTimeOffset InForce(PortalDb db, PortalEnvironment environment, string campaignId, DateTimeOffset now) =>
        db.Revisions.Where(r => r.Environment == environment && r.CampaignId == campaignId && r.EffectiveFrom <= now)
            .OrderByDescending(r => r.EffectiveFrom).Select(r => (DateTimeOffset?)r.EffectiveFrom).FirstOrDefault() ?? DateTimeOffset.UnixEpoch;

    private static SimulationRow Row(SimulationRun r) => new(r.Id, r.Environment, r.CampaignId, r.State, r.Done, r.Total, RevisionDocument.FromJson(r.Data), r.EffectiveFrom,
        r.From, r.To, r.RequestedAt, r.RequestedBy, r.EndedAt, r.Report is null ? null : SimulationReport.FromJson(r.Report));
}
