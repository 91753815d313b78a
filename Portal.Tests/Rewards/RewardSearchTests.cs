using Portal.Core;
using Portal.Core.Inbox;
using Portal.Core.Overview;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Rewards;

public sealed class RewardSearchTests : IAsyncLifetime, IDisposable
{
    private readonly TestClock _clock = new();
    private readonly PortalOnDisk _portal;
    private readonly RewardSearch _rewards;
    private readonly TransactionSearch _payments;

    public RewardSearchTests()
    {
        _portal = new PortalOnDisk(_clock);
        (_rewards, _payments) = (new RewardSearch(_portal.Store, _clock), new TransactionSearch(_portal.Store, _clock));
    }

    private static RewardQuery Sandbox { get; } = new() { Environment = PortalEnvironment.Sandbox };

    public async Task InitializeAsync()
    {
        await _portal.ReferrerAsync("abcDEF12345", "ann");
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await _portal.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _portal.Dispose();

    [Fact]
    public async Task A_reward_is_found_by_its_referrer_its_code_its_invoice_its_currency_and_its_new_user()
    {
        var row = Assert.Single((await _rewards.FindAsync(Sandbox, default)).Items);
        Assert.Equal(("ann", "abcDEF12345", "in_1", new Money(2_000, Currency.Parse("USD"))), (row.Referrer, row.Code, row.InvoiceId, row.Net));

        RewardQuery[] hits =
        [
            Sandbox with { Referrer = "ann" }, Sandbox with { Referrer = "abcDEF12345" }, Sandbox with { Text = "in_1" },
            Sandbox with { Currency = "USD" }, Sandbox with { Text = row.NewUserId }, Sandbox with { Text = $"in_1 {row.NewUserId}" },
        ];
        foreach (var query in hits) Assert.Single((await _rewards.FindAsync(query, default)).Items);
        RewardQuery[] misses =
        [
            Sandbox with { Referrer = "bob" }, Sandbox with { Text = "in_2" }, Sandbox with { Currency = "EUR" }, Sandbox with { Text = "in_1 nobody" },
            Sandbox with { State = RewardState.Cancelled }, Sandbox with { Environment = PortalEnvironment.Production },
        ];
        foreach (var query in misses) Assert.Empty((await _rewards.FindAsync(query, default)).Items);
    }

    [Fact]
    public async Task One_reward_comes_with_its_explanation_its_balanced_entries_and_its_payment()
    {
        var row = Assert.Single((await _rewards.FindAsync(Sandbox, default)).Items);

        var detail = await _rewards.FindAsync(PortalEnvironment.Sandbox, row.Id, default);

        Assert.NotNull(detail);
        Assert.NotEmpty(detail.Explanation.Steps);
        Assert.Equal(0, Assert.Single(detail.EntrySets).Lines.Sum(l => l.Amount.Minor));
        Assert.Equal("in_1", detail.Payment?.ExternalId);
        Assert.Null(await _rewards.FindAsync(PortalEnvironment.Production, row.Id, default));
    }

    [Fact]
    public async Task A_payment_tells_what_it_earned_or_why_it_earned_nothing()
    {
        await _portal.TellAsync(StripeSamples.Customer(customer: "cus_2", ucc: null, newUserId: null), StripeSamples.InvoicePaid("cus_2", "in_2"));

        var earned = await _payments.FindAsync(PortalEnvironment.Sandbox, "invoice", "in_1", default);
        var nothing = await _payments.FindAsync(PortalEnvironment.Sandbox, "invoice", "in_2", default);

        Assert.Equal((null, 1), (earned?.Payment.Reason, earned?.Rewards.Count));
        Assert.Equal((ReasonCodes.NoIdentity, 0), (nothing?.Payment.Reason, nothing?.Rewards.Count));
        Assert.Equal("in_2", Assert.Single((await _payments.FindAsync(new TransactionQuery { Environment = PortalEnvironment.Sandbox, Reason = ReasonCodes.NoIdentity }, default)).Items).ExternalId);
        Assert.Equal("in_2", Assert.Single((await _payments.FindAsync(new TransactionQuery { Environment = PortalEnvironment.Sandbox, Text = "cus_2" }, default)).Items).ExternalId);
    }

    [Theory]
    [InlineData(2_000, 0, 0, 0, -1, null, RewardState.Approved)]
    [InlineData(2_000, 0, 0, 0, 1, null, RewardState.Pending)]
    [InlineData(2_000, 0, 0, 0, -1, "review", RewardState.Pending)]
    [InlineData(2_000, 500, 0, 0, 1, null, RewardState.Pending)]
    [InlineData(2_000, 2_000, 0, 0, 1, null, RewardState.Cancelled)]
    [InlineData(0, 0, 0, 0, 1, null, RewardState.Cancelled)]
    [InlineData(2_000, 0, 2_000, 0, -1, null, RewardState.Paid)]
    [InlineData(2_000, 500, 1_500, 0, -1, null, RewardState.Paid)]
    [InlineData(2_000, 500, 2_000, 500, -1, null, RewardState.ClawedBack)]
    [InlineData(2_000, 2_000, 2_000, 2_000, -1, null, RewardState.ClawedBack)]
    [InlineData(2_000, 2_000, 0, 2_000, -1, null, RewardState.ClawedBack)]
    public void A_state_follows_from_amounts_and_time(long earned, long reversed, long paid, long clawedBack, int holdDays, string? waitsFor, RewardState state)
    {
        var now = DateTimeOffset.UnixEpoch;
        var reward = new Reward
        {
            Environment = PortalEnvironment.Sandbox, Key = "", ReferralId = 1, ReferrerId = 1, Code = "", Component = "", Scope = "", Currency = "USD", Explanation = "",
            RevisionNumber = 1, PaidAt = now, CreatedAt = now, HoldUntil = now.AddDays(holdDays), Earned = earned, Reversed = reversed, Paid = paid, ClawedBack = clawedBack, WaitsFor = waitsFor,
        };

        Assert.Equal(state, RewardStates.Of(earned, reversed, paid, clawedBack, waitsFor is not null || reward.HoldUntil > now));
        Assert.Equal([state], Enum.GetValues<RewardState>().Where(s => RewardStates.Are(s, now).Compile()(reward)));   // the database's half says the same
    }

    [Fact]
    public async Task The_overview_adds_up()
    {
        var figures = await new OverviewFigures(_portal.Store, new DeliverySearch(_portal.Store), _clock).FindAsync(PortalEnvironment.Sandbox, null, default);

        var money = Assert.Single(figures.Money);
        Assert.Equal((1L, 2_000L, 2_000L), (money.Rewards, money.Earned.Minor, money.States.Sum(s => s.Net.Minor)));
        Assert.Equal("ann", Assert.Single(money.Top).ProductUserId);
        Assert.Equal(2, figures.Days.Sum(d => d.Accepted));
        Assert.Equal((0, 0, 0), (figures.Inbox.Pending, figures.Inbox.Waiting, figures.Inbox.Failed));
        Assert.True(figures.HasTraffic);
    }

    [Fact]
    [Trait("Database", "Sqlite")]
    public void Lists_of_money_follow_their_indexes()
    {
        using var db = _portal.Store.OpenRead();
        var now = _clock.GetUtcNow();
        (string Index, string Plan)[] plans =
        [
            ("IX_rewards_environment_id", QueryPlan.Of(RewardSearch.Build(db, Sandbox with { Cursor = 40 }, null, null, now).Take(51))),
            ("IX_rewards_environment_referrer_id_id", QueryPlan.Of(RewardSearch.Build(db, Sandbox, 1, null, now).Take(51))),
            ("ix_rewards_cancelled", QueryPlan.Of(RewardSearch.Build(db, Sandbox with { State = RewardState.Cancelled }, null, null, now).Take(51))),
            ("IX_transactions_environment_id", QueryPlan.Of(TransactionSearch.Build(db, new TransactionQuery { Environment = PortalEnvironment.Sandbox }, null).Take(51))),
            ("IX_transactions_environment_reason_id", QueryPlan.Of(TransactionSearch.Build(db, new TransactionQuery { Environment = PortalEnvironment.Sandbox, Reason = ReasonCodes.NoCode }, null).Take(51))),
        ];
        foreach (var (index, plan) in plans)
        {
            Assert.Contains(index, plan, StringComparison.Ordinal);
            Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
        }
    }
}
