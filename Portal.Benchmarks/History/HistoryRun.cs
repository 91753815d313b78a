using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Benchmarks.Databases;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Pipeline;
using Portal.Core.Rebuild;
using Portal.Core.Referrers;
using Portal.Core.Sources.Stripe;
using Portal.Demo;

namespace Portal.Benchmarks.History;

/// <summary>What became of one history on one database.</summary>
/// <param name="Events">Processed while the clock ran.</param>
/// <param name="Seconds">That took.</param>
/// <param name="CpuSeconds">Of it, on this side of the database.</param>
/// <param name="Rebuilt">Events that the rebuild read.</param>
/// <param name="Referrals">And referrals that it folded.</param>
/// <param name="ReadingSeconds">Reading the events and comparing the facts.</param>
/// <param name="FoldingSeconds">Folding the referrals and comparing what stands.</param>
/// <param name="RebuildCpuSeconds">Of both, on this side of the database.</param>
/// <param name="Hash">The ledger's fingerprint.</param>
/// <param name="Rewards">How many rewards it covers.</param>
/// <param name="Differences">What the rebuild found otherwise; 0 if all is well.</param>
internal sealed record HistoryResult(
    int Events, double Seconds, double CpuSeconds, long Rebuilt, long Referrals, double ReadingSeconds, double FoldingSeconds, double RebuildCpuSeconds,
    string Hash, long Rewards, int Differences);

/// <summary>
/// One history, from the backlog to the ledger and through a rebuild, in a process of its own. The history is the demo's: customers who sign
/// up, subscribe, pay monthly, upgrade, get refunds and leave, in both shapes of payload, in the order of arrival.
/// </summary>
internal static class HistoryRun
{
    private const PortalEnvironment World = PortalEnvironment.Sandbox;

    /// <summary>Which of the demo's histories.</summary>
    public const int Seed = 2026;

    /// <summary>Its end is fixed, so that its bytes are.</summary>
    public static readonly DemoTimeline Timeline = DemoTimeline.Until(new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>The rebuild of a long history runs almost wholly in code that the JIT has optimised, in several steps; this one is to do so too.</summary>
    private const int WarmRebuilds = 24;

    /// <summary>On one core the JIT begins a step only when for a second no new method was called.</summary>
    private static readonly TimeSpan PauseOfTheJit = TimeSpan.FromSeconds(1.2);

    private static readonly Actor Bench = new("bench", null);

    public static async Task<int> RunAsync(Options options)
    {
        using var database = BenchDatabase.Make(options.Text("database", "sqlite"), options.Postgres ?? "");
        var changes = new ChangeFeed(TimeProvider.System);
        var (store, intake) = database.Open(changes);
        await SetUpAsync(store);
        var deliveries = DemoHistory.Of(Seed, options.Number("customers", 600), Timeline);
        foreach (var some in deliveries.Chunk(500)) await Task.WhenAll(some.Select(d => DeliverAsync(intake, d.Body)));

        var pipeline = new EventPipeline(store, changes, TimeProvider.System, NullLogger<EventPipeline>.Instance);
        var refold = new Refold(store, changes, TimeProvider.System, NullLogger<Refold>.Instance);
        for (var warm = deliveries.Count / 5; warm > 0; warm -= await pipeline.DrainAsync(default)) { }
        GC.Collect();
        var (started, cpu, events) = (Stopwatch.GetTimestamp(), Machine.OwnCpu(), 0);
        for (var more = true; more;)
        {
            more = await refold.DrainAsync(default);
            var processed = await pipeline.DrainAsync(default);
            (events, more) = (events + processed, more || processed > 0);
        }
        var (seconds, cpuSeconds) = (Stopwatch.GetElapsedTime(started).TotalSeconds, (Machine.OwnCpu() - cpu).TotalSeconds);

        for (var warm = 0; warm < WarmRebuilds; warm++)
        {
            await new LedgerRebuild(store, World).RunAsync(_ => Task.CompletedTask, default);
            await Task.Delay(PauseOfTheJit);
        }
        GC.Collect();
        cpu = Machine.OwnCpu();
        var report = await new LedgerRebuild(store, World).RunAsync(_ => Task.CompletedTask, default);
        return Machine.Result(new HistoryResult(events, seconds, cpuSeconds, report.Events, report.Referrals, report.ReadingSeconds, report.Seconds - report.ReadingSeconds,
            (Machine.OwnCpu() - cpu).TotalSeconds, report.StoredHash, report.Rewards, report.DifferencesInAll + report.Reworded));
    }

    /// <summary>Puts the demo's referrers and rules into a database that nobody has open.</summary>
    public static async Task SetUpAsync(BenchDatabase database)
    {
        var (store, _) = database.Open(new ChangeFeed(TimeProvider.System));
        await SetUpAsync(store);
        database.Close();
    }

    /// <summary>The demo's referrers and rules.</summary>
    private static async Task SetUpAsync(PortalStore store)
    {
        var signal = new InboxSignal();
        await store.WriteAsync(db => { db.Campaigns.Add(new Campaign { Environment = World, CampaignId = Campaign.Default, Name = "Default", CreatedAt = Timeline.Begins }); }, default);
        var referrers = new ReferrerRegister(store, signal, TimeProvider.System);
        foreach (var referrer in DemoProgram.Referrers) Demand(await referrers.AddAsync(World, referrer, Bench, default));
        Demand(await new CampaignEditor(store, signal, TimeProvider.System).AddRevisionAsync(World, Campaign.Default, DemoProgram.Rules(Timeline), Bench, default));
    }

    private static async Task DeliverAsync(IIntake intake, byte[] body)
    {
        var sha256 = SHA256.HashData(body);
        if (!StripeEnvelope.TryRead(body, sha256, out var envelope, out var problem)) throw new InvalidOperationException(problem);
        await intake.AcceptAsync(new IncomingDelivery
        {
            Environment = World,
            Source = "stripe",
            ReceivedAt = TimeProvider.System.GetUtcNow(),
            Body = body,
            BodySha256 = sha256,
            Envelope = envelope,
        });
    }

    private static void Demand<T>(Outcome<T> outcome) where T : notnull
    {
        if (!outcome.TryGet(out _, out var problem)) throw new InvalidOperationException(problem.Detail);
    }
}
