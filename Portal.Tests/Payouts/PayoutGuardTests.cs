using System.Data.Common;
using Portal.Core;
using Portal.Core.Payouts;
using Xunit;

namespace Portal.Tests.Payouts;

/// <summary>What the database refuses about payouts, whoever asks; and how it finds what is to be paid.</summary>
public sealed class PayoutGuardTests : PayoutStory
{
    [Theory]
    [InlineData("INSERT INTO payout_lines (payout_id, referrer_id, reward_id, amount, is_open) SELECT payout_id, referrer_id, reward_id, amount, true FROM payout_lines", "payout_lines")]
    [InlineData("UPDATE payout_lines SET paid = amount + 1", "ck_payout_lines_pays_at_most_its_amount")]
    [InlineData("UPDATE payout_lines SET amount = amount + 1", "never changed")]
    [InlineData("UPDATE payouts SET amount = amount + 1", "never changed")]
    [InlineData("DELETE FROM payout_lines", "never deleted")]
    [InlineData("DELETE FROM payouts", "never deleted")]
    [InlineData("UPDATE rewards SET paid = earned", "sums of its entries")]
    public async Task An_open_payout_is_guarded(string sql, string refusal)
    {
        await PaysAsync("one");
        await DraftAsync();
        AssertRefused(sql, refusal);
    }

    [Theory]
    [InlineData("UPDATE payouts SET state = 'approved'", "never changed")]
    [InlineData("UPDATE payout_lines SET is_open = true", "never changed")]
    [InlineData("UPDATE payout_lines SET paid = 0", "never changed")]
    public async Task What_is_settled_is_settled(string sql, string refusal)
    {
        await PaysAsync("one");
        await PayAsync();
        AssertRefused(sql, refusal);
    }

    [Fact]
    [Trait("Database", "Sqlite")]
    public async Task What_is_to_be_paid_is_found_by_an_index_and_so_is_what_is_in_a_payout()
    {
        await using var db = Portal.Store.OpenRead();
        var open = QueryPlan.Of(PayoutPlanner.Open(db, PortalEnvironment.Sandbox, "USD", Clock.GetUtcNow()).OrderBy(r => r.ReferrerId).ThenBy(r => r.Id));
        Assert.Contains("ix_rewards_unpaid", open, StringComparison.Ordinal);
        Assert.Contains("ix_payout_lines_open", open, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", open, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", QueryPlan.Of(LineNow.Of(db, 1)), StringComparison.Ordinal);
        foreach (var state in new PayoutState?[] { null, PayoutState.Settled })
        {
            var list = QueryPlan.Of(PayoutSearch.Build(db, new PayoutQuery { Environment = PortalEnvironment.Sandbox, State = state, Cursor = 9 }));
            Assert.DoesNotContain("SCAN", list, StringComparison.Ordinal);
            Assert.DoesNotContain("TEMP B-TREE", list, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_settlement_that_breaks_off_leaves_nothing_half()
    {
        foreach (var name in new[] { "one", "two", "three" }) await PaysAsync(name);
        var payout = await ApproveAsync(await DraftAsync());
        var last = payout.Shares[0].Lines[^1].RewardId;
        Portal.Database.Execute(TestDatabase.Server is null
            ? [$"CREATE TRIGGER broken BEFORE INSERT ON ledger_entry_sets WHEN NEW.kind = 'paid' AND NEW.reward_id = {last} BEGIN SELECT RAISE(ABORT, 'the power fails'); END"]
            : ["CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''the power fails''; END'",
                $"CREATE TRIGGER broken BEFORE INSERT ON ledger_entry_sets FOR EACH ROW WHEN (NEW.kind = 'paid' AND NEW.reward_id = {last}) EXECUTE FUNCTION broken()"]);
        await Assert.ThrowsAnyAsync<Exception>(() => SettleAsync(payout));

        Assert.Equal((0L, 6_000L), (await BalanceAsync() is var ann ? (ann.Paid, ann.Payable) : default));
        Assert.Equal(PayoutState.Approved, (await Search.FindAsync(PortalEnvironment.Sandbox, payout.Payout.Id, default))!.Payout.State);
        Portal.Database.Execute(TestDatabase.Server is null ? "DROP TRIGGER broken" : "DROP TRIGGER broken ON ledger_entry_sets");
        Assert.Equal(6_000, Good(await SettleAsync(payout)).Payout.Paid!.Minor);
    }

    private void AssertRefused(string sql, string refusal) =>
        Assert.Contains(refusal, Assert.ThrowsAny<DbException>(() => Portal.Database.Execute(sql)).Message, StringComparison.Ordinal);
}
