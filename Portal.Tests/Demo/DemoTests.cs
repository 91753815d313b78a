using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Portal.Core.Sources;
using Portal.Demo;
using Xunit;

namespace Portal.Tests.Demo;

/// <summary>The demo as a stranger starts it, smaller: a real server, real requests, and every kind of case really there.</summary>
public sealed class DemoTests
{
    private const int Customers = 26;   // each story once, and some ordinary ones

    [Fact]
    public async Task The_demo_tells_every_kind_of_story_and_a_second_start_tells_nothing_twice()
    {
        var directory = Directory.CreateTempSubdirectory("portal-demo-").FullName;
        string firstHash;
        await using (var first = Demo(directory).KeepDirectory())
        {
            var console = await RunAsync(first);

            Assert.Contains("Ready: http://", console, StringComparison.Ordinal);
            await using var db = first.Store.OpenRead();
            await ShowsEveryStateAsync(db);
            await ShowsEveryReasonAsync(db);
            await ShowsWhatWentWrongAsync(db);
            await ShowsMoneyAsync(db);
            Assert.True(await OpensAsync(first, PasswordOn(console)));
            firstHash = (await first.Services.GetRequiredService<LedgerStatement>().HashAsync(PortalEnvironment.Sandbox, default)).Hash;
        }

        await using var second = Demo(directory);
        var again = await RunAsync(second);

        Assert.Contains("is here already", again, StringComparison.Ordinal);
        Assert.True(await OpensAsync(second, PasswordOn(again)));
        Assert.Equal(firstHash, (await second.Services.GetRequiredService<LedgerStatement>().HashAsync(PortalEnvironment.Sandbox, default)).Hash);
    }

    [Fact]
    public void The_same_seed_and_end_give_the_same_bytes()
    {
        var end = new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);
        static IEnumerable<string> Bodies(int seed, DateTimeOffset end) =>
            DemoHistory.Of(seed, Customers, DemoTimeline.Until(end)).Select(d => Encoding.UTF8.GetString(d.Body));

        Assert.Equal(Bodies(7, end), Bodies(7, end));
        Assert.NotEqual(Bodies(7, end), Bodies(8, end));
    }

    [Fact]
    public async Task A_directory_of_another_portal_is_left_alone()
    {
        var directory = Directory.CreateTempSubdirectory("portal-demo-").FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "portal.db"), "");
        await using var host = Demo(directory);

        Assert.Throws<InvalidOperationException>(() => host.Services);
        Assert.Equal(["portal.db"], Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Without_the_switch_there_is_no_demo()
    {
        await using var host = new PortalHost();

        Assert.Null(host.Services.GetService<DemoProgram>());
    }

    private static async Task ShowsEveryStateAsync(PortalDb db)
    {
        var states = await db.Events.GroupBy(e => e.State).Select(g => g.Key).ToListAsync();
        Assert.Equal([EventState.Processed, EventState.Ignored, EventState.Waiting, EventState.Failed], states.Order());
        var levels = await db.Events.Where(e => e.Type == "customer.created").GroupBy(e => e.Status).Select(g => g.Key).ToListAsync();
        Assert.Equal([CheckLevel.Ok, CheckLevel.Warning, CheckLevel.Error], levels.OfType<CheckLevel>().Order());
        Assert.Equal(["2022-11-15", "2025-03-31.basil"], (await db.Events.GroupBy(e => e.ApiVersion).Select(g => g.Key).ToListAsync()).Order());
    }

    private static async Task ShowsEveryReasonAsync(PortalDb db)
    {
        var reasons = await db.Transactions.Where(t => t.Reason != null).GroupBy(t => t.Reason).Select(g => g.Key!).ToListAsync();
        Assert.Equal(
            [
                ReasonCodes.ChargeWithoutInvoice, ReasonCodes.NoIdentity, ReasonCodes.OutsideWindow, ReasonCodes.PaidBeforeAttribution,
                ReasonCodes.SelfReferral, ReasonCodes.UnknownCode, ReasonCodes.ZeroAmount,
            ],
            reasons.Order(StringComparer.Ordinal));
        Assert.Equal([ReviewKinds.AmbiguousRefund, ReviewKinds.CodeChanged],
            (await db.ReviewCases.Where(r => r.SettledAt == null).Select(r => r.Kind).ToListAsync()).Order(StringComparer.Ordinal));
    }

    private static async Task ShowsWhatWentWrongAsync(PortalDb db)
    {
        var rejected = await db.Deliveries.Where(d => d.Outcome == DeliveryOutcome.Rejected).GroupBy(d => d.ReasonCode).Select(g => g.Key!).ToListAsync();
        Assert.Equal(["noMatch", "timestampOutsideTolerance"], rejected.Order(StringComparer.Ordinal));
        Assert.True(await db.Deliveries.AnyAsync(d => d.Outcome == DeliveryOutcome.Duplicate && d.ReasonCode == null));
        Assert.Contains("livemode", (await db.Events.SingleAsync(e => e.State == EventState.Failed)).Note, StringComparison.Ordinal);
        var events = db.Events;
        Assert.True(await events.AnyAsync(early => early.Type == "charge.refunded"
            && events.Any(late => late.Type == "invoice.paid" && late.CustomerId == early.CustomerId && late.Id > early.Id && late.OccurredAt < early.OccurredAt)));
    }

    private static async Task ShowsMoneyAsync(PortalDb db)
    {
        var rewards = await db.Rewards.ToListAsync();
        Assert.Superset(new HashSet<string> { "USD", "EUR", "JPY", "KWD" }, rewards.Select(r => r.Currency).ToHashSet());
        Assert.Contains(rewards, r => r.Reversed == r.Earned && r.Earned > 0);
        Assert.Contains(rewards, r => r.Reversed > 0 && r.Reversed < r.Earned);
        var events = db.Events;
        Assert.True(await db.Transactions.AnyAsync(t => t.Reason == null && events.Any(e => e.Type == "customer.updated" && e.CustomerId == t.CustomerId)));
    }

    private static PortalHost Demo(string directory) => new()
    {
        DataDirectory = directory,
        Settings =
        {
            ["Demo:Enabled"] = "true",
            ["Demo:Customers"] = Customers.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Bootstrap:Admin:Email"] = null,
            ["Bootstrap:Admin:Password"] = null,
            ["Bootstrap:Sandbox:StripeSigningSecret"] = null,
        },
        MoreServices = services => services.AddSingleton(new Transcript()).AddSingleton(provider => new DemoConsole(provider.GetRequiredService<Transcript>())),
    };

    /// <summary>Listens until the demo says that it is ready; gives what stood on its console.</summary>
    private static async Task<string> RunAsync(PortalHost host)
    {
        host.Listen();
        var transcript = host.Services.GetRequiredService<Transcript>();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!transcript.Text.Contains("Ready:", StringComparison.Ordinal))
        {
            Assert.False(patience.IsCancellationRequested || transcript.Text.Contains("broke off", StringComparison.Ordinal), transcript.Text);
            await Task.Delay(50);
        }
        return transcript.Text;
    }

    private static async Task<bool> OpensAsync(PortalHost host, string password)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        return await users.FindByEmailAsync(DemoAccount.Email) is { Role: PortalRole.Administrator } user && await users.CheckPasswordAsync(user, password);
    }

    private static string PasswordOn(string console) =>
        console.Split('\n').Select(line => line.Trim()).Single(line => line.StartsWith("password", StringComparison.Ordinal)).Split(' ')[^1];

    /// <summary>A console that keeps what was said.</summary>
    private sealed class Transcript : TextWriter
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public override Encoding Encoding => Encoding.UTF8;

        public string Text => string.Join('\n', _lines);

        public override void WriteLine(string? value) => _lines.Enqueue(value ?? "");
    }
}
