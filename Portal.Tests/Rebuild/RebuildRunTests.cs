using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Rebuild;
using Xunit;

namespace Portal.Tests.Rebuild;

/// <summary>A run from being asked for to its end, whatever comes between.</summary>
public sealed class RebuildRunTests : IDisposable
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private readonly PortalOnDisk _portal = new();

    [Fact]
    public async Task One_at_a_time_per_environment()
    {
        var first = await StartAsync(Sandbox);
        Assert.False((await _portal.Rebuilds.StartAsync(Sandbox, false, PortalOnDisk.Tester, default)).TryGet(out _, out var problem));
        Assert.Equal("rebuildUnderWay", problem.Code);
        await StartAsync(PortalEnvironment.Production);
        await Assert.ThrowsAnyAsync<Exception>(() => _portal.Store.WriteAsync(   // the database says so too
            db => db.Set<RebuildRun>().Add(new RebuildRun { Environment = Sandbox, Apply = false, StartedAt = default, StartedBy = "x" }), default));

        var done = await _portal.RebuildWork.RunAsync(first.Id, default);
        Assert.Equal((RebuildState.Done, 100), (done!.State, done.Percent));
        Assert.Null(await _portal.RebuildWork.RunAsync(first.Id, default));   // a second start of the job finds nothing to do
        await StartAsync(Sandbox);
    }

    [Fact]
    public async Task A_person_stops_it_and_nothing_is_kept_or_posted()
    {
        var run = await StartAsync(Sandbox, apply: true);
        Assert.True((await _portal.Rebuilds.CancelAsync(Sandbox, run.Id, PortalOnDisk.Tester, default)).TryGet(out _, out _));

        var ended = await _portal.RebuildWork.RunAsync(run.Id, default);

        Assert.Equal((RebuildState.Cancelled, (string?)null), (ended!.State, ended.ReportJson));
        Assert.False((await _portal.Rebuilds.CancelAsync(Sandbox, run.Id, PortalOnDisk.Tester, default)).TryGet(out _, out var problem));
        Assert.Equal("rebuildEnded", problem.Code);
        Assert.False((await _portal.Rebuilds.CancelAsync(PortalEnvironment.Production, run.Id, PortalOnDisk.Tester, default)).TryGet(out _, out problem));
        Assert.Equal(ProblemKind.Missing, problem.Kind);
    }

    [Fact]
    public async Task A_stop_of_the_portal_interrupts_it_and_so_does_a_crash()
    {
        var run = await StartAsync(Sandbox);
        var stopped = await _portal.RebuildWork.RunAsync(run.Id, new CancellationToken(canceled: true));
        Assert.Equal(RebuildState.Interrupted, stopped!.State);

        var crashed = await StartAsync(Sandbox);
        await _portal.Rebuilds.ResumeAsync(default);   // what a start does
        Assert.Equal(RebuildState.Interrupted, (await _portal.Rebuilds.FindAsync(Sandbox, crashed.Id, default))!.State);
        await StartAsync(Sandbox);
    }

    [Fact]
    public async Task Postings_that_a_crash_cut_off_go_on_after_the_next_start()
    {
        await _portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await _portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());
        _portal.Tamper("UPDATE rewards SET hold_until = {epoch}");
        var run = await StartAsync(Sandbox, apply: true);
        using var crash = new CancellationTokenSource();
        var work = _portal.RebuildWork.RunAsync(run.Id, crash.Token);
        await using (var db = _portal.Store.OpenRead())
        {
            while ((await db.Set<RebuildRun>().AsNoTracking().SingleAsync()).State == RebuildState.Running) await Task.Delay(10);
        }
        await crash.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);

        var asked = new List<long>();
        _portal.Rebuilds.Asked += asked.Add;
        await _portal.Rebuilds.ResumeAsync(default);
        Assert.Equal([run.Id], asked);
        await _portal.DrainAsync();
        Assert.Equal(RebuildState.Done, (await _portal.RebuildWork.RunAsync(run.Id, default))!.State);
        Assert.Empty((await _portal.RebuildAsync()).Differences);
    }

    public void Dispose() => _portal.Dispose();

    private async Task<RebuildRun> StartAsync(PortalEnvironment environment, bool apply = false) =>
        (await _portal.Rebuilds.StartAsync(environment, apply, PortalOnDisk.Tester, default)).TryGet(out var run, out var problem) ? run : throw new InvalidOperationException(problem.Detail);
}
