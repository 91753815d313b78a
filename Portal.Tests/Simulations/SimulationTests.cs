using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Campaigns;
using Portal.Core.Ledger;
using Portal.Core.Simulations;
using Xunit;

namespace Portal.Tests.Simulations;

/// <summary>Simulations over histories on a real file.</summary>
public sealed class SimulationTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private readonly SimulatedPortal _simulated = new();

    private PortalOnDisk Portal => _simulated.Portal;

    public Task InitializeAsync() => _simulated.WithReferrersAsync();

    public Task DisposeAsync()
    {
        _simulated.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_difference_known_by_hand_is_found_to_the_cent()
    {
        await Portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await TellReferralsAsync(SmallWorld.Ann, 0, 2);   // each pays 120.00 with 20.00 of tax
        await TellReferralsAsync(SmallWorld.Bo, 2, 1);
        var hash = await Portal.Ledger.HashAsync(PortalEnvironment.Sandbox, default);

        var run = await _simulated.StartAsync(PortalOnDisk.TwentyPercent with { Rules = [new RuleDocument { Kind = "firstPurchase", Flat = Usd(2_500) }] });
        var report = (await _simulated.Desk.WaitAsync(PortalEnvironment.Sandbox, run.Id, TimeSpan.FromSeconds(60), default))!.Report!;

        Assert.Equal([new CurrencyDifference("USD", 6_000, 7_500)], report.Totals);
        Assert.Equal([new MonthDifference("2026-01", "USD", 6_000, 7_500)], report.Months);
        Assert.Equal([new ReferrerDifference("ann", SmallWorld.Ann, "USD", 4_000, 5_000), new ReferrerDifference("bo", SmallWorld.Bo, "USD", 2_000, 2_500)], report.Winners);
        Assert.Empty(report.Losers);
        Assert.Equal((3L, 3L, 3L, 3L), (report.Referrals, report.ReferralsChanged, report.Payments, report.PaymentsChanged));
        Assert.Equal([new SimulatedCell("2026-01", "ann", SmallWorld.Ann, "USD", 4_000, 5_000), new SimulatedCell("2026-01", "bo", SmallWorld.Bo, "USD", 2_000, 2_500)], await _simulated.TableAsync(run.Id));
        Assert.Equal(hash, await Portal.Ledger.HashAsync(PortalEnvironment.Sandbox, default));   // nothing was posted
    }

    [Fact]
    public async Task Tiers_by_referral_count_the_others_as_they_first_paid()
    {
        await Portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await TellReferralsAsync(SmallWorld.Ann, 0, 3);

        var report = await _simulated.SimulateAsync(PortalOnDisk.TwentyPercent with
        {
            Rules = [new RuleDocument { Kind = "purchase", PercentTiers = new TiersDocument { By = "referral", Steps = [new StepDocument { From = 1, Percent = "10" }, new StepDocument { From = 3, Percent = "40" }] } }],
        });

        Assert.Equal([new CurrencyDifference("USD", 6_000, 1_000 + 1_000 + 4_000)], report.Totals);
        Assert.Equal((3L, 3L), (report.Referrals, report.ReferralsChanged));
    }

    [Fact]
    public async Task A_limit_per_referrer_is_used_up_across_the_referrals_of_the_draft()
    {
        await Portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await TellReferralsAsync(SmallWorld.Ann, 0, 3);
        await TellReferralsAsync(SmallWorld.Bo, 3, 1);

        var report = await _simulated.SimulateAsync(PortalOnDisk.TwentyPercent with { CapPerReferrer = new PeriodCapDocument { Amount = 3_000, Currency = "USD", Period = "always" } });

        Assert.Equal([new CurrencyDifference("USD", 8_000, 3_000 + 2_000)], report.Totals);
        Assert.Equal([new ReferrerDifference("ann", SmallWorld.Ann, "USD", 6_000, 3_000)], report.Losers);
        Assert.Equal((4L, 2L), (report.Referrals, report.ReferralsChanged));
        Assert.Equal([new ReasonDifference("capReached", 0, 1)], report.Reasons);
    }

    [Fact]
    public async Task Organisations_that_the_draft_makes_one_referral_are_found_with_all_their_users()
    {
        await Portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await Portal.TellAsync(
            StripeSamples.Customer(customer: "cus_a", ucc: SmallWorld.Ann, newUserId: "user-a", organization: "acme", email: "a@example.com", at: Begin), Invoice("cus_a", "in_a", Begin),
            StripeSamples.Customer(customer: "cus_b", ucc: null, newUserId: "user-b", organization: "acme", email: "b@example.com", at: Begin.AddDays(1)), Invoice("cus_b", "in_b", Begin.AddDays(1)));

        var report = await _simulated.SimulateAsync(PortalOnDisk.TwentyPercent with { RewardOrganizations = true });

        Assert.Equal([new CurrencyDifference("USD", 2_000, 4_000)], report.Totals);
    }

    [Fact]
    public async Task What_counts_at_the_period_s_first_moment_is_in_and_what_counts_at_its_end_is_out()
    {
        await Portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await TellReferralsAsync(SmallWorld.Ann, 0, 3);   // pays at noon of the 5th, 6th and 7th
        var thirty = PortalOnDisk.TwentyPercent with { Rules = [new RuleDocument { Kind = "purchase", Percent = "30" }] };

        Assert.Equal([new CurrencyDifference("USD", 4_000, 6_000)], (await _simulated.SimulateAsync(thirty, from: Begin.AddDays(1))).Totals);
        Assert.Equal([new CurrencyDifference("USD", 2_000, 3_000)], (await _simulated.SimulateAsync(thirty, from: Begin.AddDays(1), to: Begin.AddDays(2))).Totals);
        Assert.Equal([new CurrencyDifference("USD", 4_000, 6_000)], (await _simulated.SimulateAsync(thirty, from: Begin.AddDays(1), to: Begin.AddDays(2).AddMilliseconds(1))).Totals);
        Assert.Empty((await _simulated.SimulateAsync(thirty, from: Begin.AddDays(2).AddMilliseconds(1))).Totals);
        Assert.Equal((1L, 1L), (await _simulated.SimulateAsync(thirty, to: Begin.AddDays(1))) is var first ? (first.Payments, first.PaymentsChanged) : default);
    }

    [Fact]
    public async Task Signups_before_the_draft_keep_what_bound_them()
    {
        await Portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await TellReferralsAsync(SmallWorld.Ann, 0, 3);

        var report = await _simulated.SimulateAsync(PortalOnDisk.TwentyPercent with { EffectiveFrom = Begin.AddDays(2), Rules = [] });

        Assert.Equal([new CurrencyDifference("USD", 6_000, 4_000)], report.Totals);
        Assert.Equal((3L, 1L), (report.Referrals, report.ReferralsChanged));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public async Task What_is_simulated_is_what_stands_once_the_draft_is_published(int seed)
    {
        var random = new Random(seed);
        await Portal.RevisionAsync(RandomTerms.From(random, DateTimeOffset.UnixEpoch));
        foreach (var world in Enumerable.Range(0, 3)) await Portal.TellAsync(Renamed(new SmallWorld((seed * 10) + world).Events(Telling.Basil), world));
        var draft = RandomTerms.From(random, DateTimeOffset.UnixEpoch);
        var report = await _simulated.SimulateAsync(draft);
        Assert.Equal(Net(await BalancesAsync()), report.Totals.Where(t => t.Now != 0).Select(t => $"{t.Currency} {t.Now}"));

        await Portal.RevisionAsync(draft with { Rebind = true });
        await Portal.DrainAsync();

        Assert.Equal(Net(await BalancesAsync()), report.Totals.Where(t => t.Draft != 0).Select(t => $"{t.Currency} {t.Draft}"));
        Assert.All((await _simulated.SimulateAsync(draft)).Totals, t => Assert.Equal(0, t.Difference));
    }

    [Fact]
    public async Task A_code_that_does_not_fit_into_memory_at_once_comes_to_the_same()
    {
        await Portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await TellReferralsAsync(SmallWorld.Ann, 0, 5);
        var draft = PortalOnDisk.TwentyPercent with
        {
            CapPerReferrer = new PeriodCapDocument { Amount = 5_000, Currency = "USD", Period = "month" },
            Rules = [new RuleDocument { Kind = "purchase", PercentTiers = new TiersDocument { By = "referral", Steps = [new StepDocument { From = 1, Percent = "10" }, new StepDocument { From = 3, Percent = "20" }] } }],
        };
        Assert.True(draft.Read().TryGet(out var terms, out _));
        var period = new SimulatedPeriod(null, null);
        var tally = new SimulationTally(Begin, period);
        await using var db = await Portal.Store.OpenSnapshotAsync(default);

        await foreach (var _ in new TwoWorlds(db, PortalEnvironment.Sandbox, Campaign.Default, period, tally) { CustomersAtOnce = 2 }.RunAsync(terms!, DateTimeOffset.UnixEpoch.AddYears(51), default))
        {
        }

        Assert.Equal(new CurrencyDifference("USD", 10_000, 5_000), tally.Report().Totals.Single());
        Assert.Equal((await _simulated.SimulateAsync(draft)).Totals, tally.Report().Totals);
    }

    [Fact]
    public async Task What_is_told_meanwhile_is_not_seen()
    {
        await Portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await TellReferralsAsync(SmallWorld.Ann, 0, 1);
        await using var db = await Portal.Store.OpenSnapshotAsync(default);
        Assert.Equal(1, await db.Set<Core.Referrals.Referral>().CountAsync());

        await TellReferralsAsync(SmallWorld.Ann, 1, 1);

        Assert.Equal(1, await db.Set<Core.Referrals.Referral>().CountAsync());
    }

    private async Task TellReferralsAsync(string code, int first, int count)
    {
        foreach (var i in Enumerable.Range(first, count))
        {
            var at = Begin.AddDays(i - first);
            await Portal.TellAsync(StripeSamples.Customer(customer: $"cus_{i}", ucc: code, newUserId: $"user-{i}", email: $"user{i}@example.com", at: at), Invoice($"cus_{i}", $"in_{i}", at));
        }
    }

    private static string Invoice(string customer, string invoice, DateTimeOffset at) =>
        StripeSamples.InvoicePaid(customer, invoice, paymentIntent: $"pi_{invoice}", charge: $"ch_{invoice}", paidAt: at, at: at);

    private static IEnumerable<string> Renamed(List<string> events, int world) => world == 0 ? events : events.Select(e => System.Text.RegularExpressions.Regex.Replace(
        e, "\"(cus|user|in|ch|pi|re|evt)(_|-)", $"\"$1$2w{world}"));

    private async Task<IReadOnlyList<Balance>> BalancesAsync() => await Portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default);

    private static IEnumerable<string> Net(IEnumerable<Balance> balances) => balances.GroupBy(b => b.Currency).OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => (g.Key, Sum: g.Sum(b => b.Earned - b.Reversed))).Where(g => g.Sum != 0).Select(g => $"{g.Key} {g.Sum}");

    private static MoneyDocument Usd(long amount) => new() { Amount = amount, Currency = "USD" };
}
