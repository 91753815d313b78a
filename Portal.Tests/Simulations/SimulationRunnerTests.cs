using Microsoft.EntityFrameworkCore;
using Portal.Core.Campaigns;
using Portal.Core.Simulations;
using Xunit;

namespace Portal.Tests.Simulations;

/// <summary>Simulations in the background: progress, cancel, what a stop leaves.</summary>
public sealed class SimulationRunnerTests : IAsyncLifetime
{
    private readonly SimulatedPortal _simulated = new();

    public async Task InitializeAsync()
    {
        await _simulated.WithReferrersAsync();
        await _simulated.Portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await _simulated.Portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());
    }

    public Task DisposeAsync()
    {
        _simulated.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_run_that_is_cancelled_says_so_and_keeps_no_report()
    {
        var reached = new TaskCompletionSource();
        _simulated.Runner.Between = ct =>
        {
            reached.TrySetResult();
            return Task.Delay(Timeout.Infinite, ct);
        };
        var running = await _simulated.StartAsync(PortalOnDisk.TwentyPercent);
        var waiting = await _simulated.StartAsync(PortalOnDisk.TwentyPercent);
        await reached.Task;
        Assert.Equal(SimulationState.Running, (await FindAsync(running.Id)).State);

        var second = await CancelAsync(waiting.Id);
        var first = await CancelAsync(running.Id);

        Assert.Equal((SimulationState.Cancelled, SimulationState.Cancelled), (second.State, first.State));
        Assert.Null((await FindAsync(running.Id)).Report);
        Assert.NotNull((await FindAsync(running.Id)).EndedAt);
        Assert.Equal(SimulationState.Cancelled, (await CancelAsync(running.Id)).State);   // once more changes nothing
        _simulated.Runner.Between = null;
        Assert.Equal(0, (await _simulated.SimulateAsync(PortalOnDisk.TwentyPercent)).Totals.Single().Difference);   // and the next one runs
    }

    [Fact]
    public async Task A_run_that_the_portal_s_end_left_is_marked_at_the_next_start()
    {
        var left = await _simulated.SimulateAsync(PortalOnDisk.TwentyPercent);
        await _simulated.Portal.Store.WriteAsync(db => db.SimulationRuns.ExecuteUpdate(r => r.SetProperty(s => s.State, SimulationState.Running).SetProperty(s => s.Report, (string?)null)), default);

        using var next = _simulated.NewRunner();
        await next.StartAsync(default);

        var run = await _simulated.Desk.NewestAsync(SimulatedPortal.Sandbox, Campaign.Default, default);
        Assert.Equal((SimulationState.Interrupted, true), (run!.State, run.EndedAt is not null));
        Assert.NotNull(left);
        await next.StopAsync(default);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_run_to_end()
    {
        var reached = new TaskCompletionSource();
        _simulated.Runner.Between = ct =>
        {
            reached.TrySetResult();
            return Task.Delay(Timeout.Infinite, ct);
        };
        var run = await _simulated.StartAsync(PortalOnDisk.TwentyPercent);
        await reached.Task;

        await _simulated.Runner.StopAsync(default);

        Assert.Equal(SimulationState.Interrupted, (await FindAsync(run.Id)).State);
    }

    [Fact]
    public async Task The_progress_counts_the_codes_and_the_oldest_runs_make_room()
    {
        for (var i = 0; i < SimulationRunner.Kept + 2; i++) await _simulated.SimulateAsync(PortalOnDisk.TwentyPercent);

        var newest = (await _simulated.Desk.NewestAsync(SimulatedPortal.Sandbox, Campaign.Default, default))!;
        await using var db = _simulated.Portal.Store.OpenRead();
        Assert.Equal((2, 2), (newest.Done, newest.Total));
        Assert.Equal(SimulationRunner.Kept, await db.SimulationRuns.CountAsync());
        Assert.Equal(SimulationRunner.Kept, await db.SimulationCells.Select(c => c.RunId).Distinct().CountAsync());
    }

    private async Task<SimulationRow> FindAsync(long id) => (await _simulated.Desk.FindAsync(SimulatedPortal.Sandbox, id, default))!;

    private async Task<SimulationRow> CancelAsync(long id) =>
        (await _simulated.Desk.CancelAsync(SimulatedPortal.Sandbox, id, PortalOnDisk.Tester, default)).TryGet(out var run, out var problem) ? run : throw new InvalidOperationException(problem.Detail);
}
