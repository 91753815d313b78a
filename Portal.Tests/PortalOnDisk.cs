using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Pipeline;
using Portal.Core.Rebuild;
using Portal.Core.Referrers;
using Portal.Core.Reviews;
using Portal.Core.Sources.Api;
using Portal.Core.Sources.Chargebee;
using Portal.Core.Sources.Stripe;

namespace Portal.Tests;

/// <summary>The portal's core on a real database of its own, without the web: deliveries in, ledger out.</summary>
internal sealed class PortalOnDisk : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-test-").FullName;
    private readonly IDisposable _opened;

    /// <param name="clock">Its time.</param>
    /// <param name="port">A port that leads to the database's server, where a test stands in between.</param>
    /// <param name="patience">How many seconds a command may take on the server.</param>
    public PortalOnDisk(TimeProvider? clock = null, int? port = null, int? patience = null)
    {
        clock ??= TimeProvider.System;
        Changes = new ChangeFeed(clock);
        Database = new TestDatabase(_folder) { Port = port, Patience = patience };
        (Store, Intake, _opened) = Database.Open(Changes);
        Signal = new InboxSignal();
        Pipeline = new EventPipeline(Store, Changes, clock, NullLogger<EventPipeline>.Instance);
        Refold = new Refold(Store, Changes, clock, NullLogger<Refold>.Instance);
        Referrers = new ReferrerRegister(Store, Signal, clock);
        Campaigns = new CampaignEditor(Store, Signal, clock);
        Ledger = new LedgerStatement(Store, clock);
        Reviews = new ReviewSearch(Store, clock);
        Previews = new DecisionPreviews(Store);
        Desk = new ReviewDesk(Store, Previews, Signal, clock);
        Rebuilds = new RebuildDesk(Store, Changes, clock);
        RebuildWork = new RebuildWork(Store, Rebuilds, Changes, Signal, clock, NullLogger<RebuildWork>.Instance);
        Store.WriteAsync(db =>
        {
            foreach (var environment in PortalEnvironments.All)
                db.Campaigns.Add(new Campaign { Environment = environment, CampaignId = Campaign.Default, Name = "Default", CreatedAt = clock.GetUtcNow() });
        }, default).GetAwaiter().GetResult();
    }

    public static Actor Tester { get; } = new("tester@example.com", "127.0.0.1");

    public TestDatabase Database { get; }

    public string DatabasePath => Database.Path;

    public PortalStore Store { get; }

    public IIntake Intake { get; }

    public ChangeFeed Changes { get; }

    public InboxSignal Signal { get; }

    public EventPipeline Pipeline { get; }

    public Refold Refold { get; }

    public ReferrerRegister Referrers { get; }

    public CampaignEditor Campaigns { get; }

    public LedgerStatement Ledger { get; }

    public ReviewSearch Reviews { get; }

    public DecisionPreviews Previews { get; }

    public ReviewDesk Desk { get; }

    public RebuildDesk Rebuilds { get; }

    public RebuildWork RebuildWork { get; }

    public async Task ReferrerAsync(string code, string productUserId, PortalEnvironment environment = PortalEnvironment.Sandbox, string? email = null)
    {
        var outcome = await Referrers.AddAsync(environment, new NewReferrer(productUserId, email, null, null, code), Tester, default);
        if (!outcome.TryGet(out _, out var problem)) throw new InvalidOperationException(problem.Detail);
    }

    public async Task RevisionAsync(RevisionDocument document, PortalEnvironment environment = PortalEnvironment.Sandbox)
    {
        var outcome = await Campaigns.AddRevisionAsync(environment, Campaign.Default, document, Tester, default);
        if (!outcome.TryGet(out _, out var problem)) throw new InvalidOperationException(problem.Detail);
    }

    /// <summary>20 % of what was collected without tax, for twelve months, for every signup since 2020.</summary>
    public static RevisionDocument TwentyPercent { get; } = new()
    {
        EffectiveFrom = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Currency = "USD",
        Base = "netOfTax",
        Rules = [new RuleDocument { Kind = "purchase", Percent = "20", MaxMonths = 12 }],
    };

    public async Task<Receipt> DeliverAsync(string body, PortalEnvironment environment = PortalEnvironment.Sandbox)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var sha256 = SHA256.HashData(bytes);
        if (!StripeEnvelope.TryRead(bytes, sha256, out var envelope, out var problem)) throw new InvalidOperationException(problem);
        return await Intake.AcceptAsync(new IncomingDelivery
        {
            Environment = environment,
            Source = "stripe",
            ReceivedAt = TimeProvider.System.GetUtcNow(),
            Body = bytes,
            BodySha256 = sha256,
            Envelope = envelope,
        });
    }

    /// <summary>Takes in what came by another way than Stripe's: the product's own telling, or Chargebee.</summary>
    public async Task<Receipt> DeliverAsync(string source, string body, PortalEnvironment environment = PortalEnvironment.Sandbox)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var sha256 = SHA256.HashData(bytes);
        var digest = $"sha256:{Convert.ToHexStringLower(sha256)}";
        var read = source == ApiTriggers.Source ? ApiRequest.Read(bytes, digest) : ChargebeeEnvelope.Read(bytes, digest);
        if (!read.TryGet(out var envelope, out var problem)) throw new InvalidOperationException(problem.Detail);
        return await Intake.AcceptAsync(new IncomingDelivery
        {
            Environment = environment, Source = source, ReceivedAt = TimeProvider.System.GetUtcNow(), Body = bytes, BodySha256 = sha256, Envelope = envelope,
        });
    }

    /// <summary>Changes the database behind the portal's back.</summary>
    public void Tamper(string sql)
    {
        if (Database.Execute(sql) == 0) throw new InvalidOperationException("Nothing was tampered with.");
    }

    /// <summary>Stops the portal and leaves its database.</summary>
    public void Stop() => _opened.Dispose();

    /// <summary>Recomputes everything, and writes nothing.</summary>
    public Task<RebuildReport> RebuildAsync(PortalEnvironment environment = PortalEnvironment.Sandbox) =>
        new LedgerRebuild(Store, environment).RunAsync(_ => Task.CompletedTask, default);

    /// <summary>Recomputes everything and posts what differs, as the desk has it done.</summary>
    public async Task<RebuildRun> ApplyAsync(PortalEnvironment environment = PortalEnvironment.Sandbox)
    {
        if (!(await Rebuilds.StartAsync(environment, apply: true, Tester, default)).TryGet(out var run, out var problem)) throw new InvalidOperationException(problem.Detail);
        var work = RebuildWork.RunAsync(run.Id, default);
        while (!work.IsCompleted)
        {
            await DrainAsync();
            await Task.WhenAny(work, Task.Delay(20));
        }
        return (await work)!;
    }

    /// <summary>Delivers some events at once and processes everything.</summary>
    public async Task TellAsync(params IEnumerable<string> bodies)
    {
        await Task.WhenAll(bodies.Select(b => DeliverAsync(b)));
        await DrainAsync();
    }

    public async Task DrainAsync()
    {
        while (await Refold.DrainAsync(default) || await Pipeline.DrainAsync(default) > 0)
        {
        }
    }

    public void Dispose()
    {
        Stop();
        Database.Dispose();
        Signal.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
