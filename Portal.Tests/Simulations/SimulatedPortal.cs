using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core;
using Portal.Core.Campaigns;
using Portal.Core.Simulations;

namespace Portal.Tests.Simulations;

/// <summary>The core on disk with the simulations' runner beside it.</summary>
internal sealed class SimulatedPortal : IDisposable
{
    public const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;

    public SimulatedPortal()
    {
        Runner = NewRunner();
        Runner.StartAsync(default).GetAwaiter().GetResult();
        Desk = new SimulationDesk(Portal.Store, Runner, TimeProvider.System);
        Drafts = new CampaignDrafts(Portal.Store, Portal.Changes, TimeProvider.System);
    }

    public PortalOnDisk Portal { get; } = new();

    public SimulationRunner Runner { get; }

    public SimulationDesk Desk { get; }

    public CampaignDrafts Drafts { get; }

    public SimulationRunner NewRunner() => new(Portal.Store, Portal.Changes, TimeProvider.System, NullLogger<SimulationRunner>.Instance);

    /// <summary>Ann and Bo refer by the codes of the small world.</summary>
    public async Task<SimulatedPortal> WithReferrersAsync()
    {
        await Portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await Portal.ReferrerAsync(SmallWorld.Bo, "bo");
        return this;
    }

    public async Task<SimulationRow> StartAsync(RevisionDocument? terms, DateTimeOffset? from = null, DateTimeOffset? to = null) =>
        (await Desk.StartAsync(Sandbox, Campaign.Default, new NewSimulation(terms, null, from, to), PortalOnDisk.Tester, default)).TryGet(out var run, out var problem)
            ? run
            : throw new InvalidOperationException(problem.Detail);

    public async Task<SimulationReport> SimulateAsync(RevisionDocument? terms, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        var run = await StartAsync(terms, from, to);
        var ended = await Desk.WaitAsync(Sandbox, run.Id, TimeSpan.FromSeconds(60), default);
        return ended is { State: SimulationState.Done, Report: { } report } ? report : throw new InvalidOperationException($"The simulation is {ended?.State}.");
    }

    public async Task<List<SimulatedCell>> TableAsync(long id)
    {
        var all = new List<SimulatedCell>();
        await foreach (var portion in Desk.TableAsync(id, default)) all.AddRange(portion);
        return all;
    }

    public void Dispose()
    {
        Runner.StopAsync(default).GetAwaiter().GetResult();
        Runner.Dispose();
        Portal.Dispose();
    }
}
