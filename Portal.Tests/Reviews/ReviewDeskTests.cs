using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Ledger;
using Portal.Core.Pipeline;
using Portal.Core.Reviews;
using Xunit;

namespace Portal.Tests.Reviews;

/// <summary>Who may decide what, when two decide at once, and what is written down.</summary>
public sealed class ReviewDeskTests : IAsyncLifetime
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private static readonly ReviewStory Changed = ReviewStory.All["codeChanged"];
    private PortalOnDisk _portal = null!;
    private long _id;

    public static TheoryData<string, ReviewQuery> Filters => new()
    {
        { "ix_review_cases_open", new ReviewQuery { Environment = Sandbox, State = ReviewState.Open, Cursor = 40 } },
        { "ix_review_cases_settled", new ReviewQuery { Environment = Sandbox, State = ReviewState.Settled, Cursor = 40 } },
        { "IX_review_cases_environment_kind_id", new ReviewQuery { Environment = Sandbox, Kind = ReviewKinds.NoRate, Cursor = 40 } },
    };

    public async Task InitializeAsync()
    {
        _portal = await DecisionTests.PortalAsync(Changed);
        await _portal.TellAsync(Changed.Events);
        _id = (await DecisionTests.OnlyCaseAsync(_portal, Changed)).Case.Id;
    }

    public Task DisposeAsync()
    {
        _portal.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_decision_is_kept_with_who_when_and_why_and_audited()
    {
        var kept = await DecideAsync(ReviewKinds.Switch, null, "  Bo brought them, see ticket 12.  ");
        await DecideAsync(Decision.Reopen, kept, "The ticket was about another one.");

        var history = (await _portal.Reviews.FindAsync(Sandbox, _id, default))!.Decisions;
        Assert.Equal(
            [(Decision.Reopen, "The ticket was about another one.", "tester@example.com"), (ReviewKinds.Switch, "Bo brought them, see ticket 12.", "tester@example.com")],
            history.Select(d => (d.Choice, d.Reason, d.DecidedBy)));
        await using var db = _portal.Store.OpenRead();
        Assert.Equal(
            [("reviewCase.decided", "open", "switch: Bo brought them, see ticket 12."), ("reviewCase.reopened", "switch", "open: The ticket was about another one.")],
            (await db.AuditLog.Where(a => a.Action.StartsWith("reviewCase")).OrderBy(a => a.Id).ToListAsync()).Select(a => (a.Action, a.Before!, a.After!)));
        var causes = await db.LedgerEntrySets.Where(s => s.CauseKind == RefoldRequest.OfDecision).Select(s => s.CauseId).Distinct().ToListAsync();
        Assert.Equal(history.Select(d => d.Id.ToString()).Order(), causes.Order());
    }

    [Fact]
    public async Task Of_two_people_at_once_the_second_is_told_what_the_first_decided()
    {
        var first = await DecideAsync(ReviewKinds.Keep, null);

        Assert.Equal(("decidedMeanwhile", ProblemKind.Conflict), await RefusedAsync(ReviewKinds.Switch, null));
        Assert.Equal(("decidedMeanwhile", ProblemKind.Conflict), await RefusedAsync(Decision.Reopen, first + 1));
        var second = await DecideAsync(ReviewKinds.Switch, first);
        Assert.Equal(("decidedMeanwhile", ProblemKind.Conflict), await RefusedAsync(Decision.Reopen, first));
        await DecideAsync(Decision.Reopen, second);
        Assert.Equal(("decidedMeanwhile", ProblemKind.Conflict), await RefusedAsync(ReviewKinds.Keep, second));
    }

    [Fact]
    public async Task What_is_no_choice_has_no_reason_or_is_not_there_is_refused_and_leaves_nothing()
    {
        Assert.Equal(("invalidField", ProblemKind.Invalid), await RefusedAsync("reward", null));
        Assert.Equal(("invalidField", ProblemKind.Invalid), await RefusedAsync(null, null));
        Assert.Equal(("invalidField", ProblemKind.Invalid), await RefusedAsync(ReviewKinds.Keep, null, " "));
        Assert.Equal(("invalidField", ProblemKind.Invalid), await RefusedAsync(ReviewKinds.Keep, null, new string('x', 501)));
        Assert.Equal(("nothingToReopen", ProblemKind.Conflict), await RefusedAsync(Decision.Reopen, null));
        Assert.Equal(("notFound", ProblemKind.Missing), await RefusedAsync(ReviewKinds.Keep, null, environment: PortalEnvironment.Production));
        await using var db = _portal.Store.OpenRead();
        Assert.False(await db.ReviewDecisions.AnyAsync() || await db.RefoldRequests.AnyAsync() || await db.AuditLog.AnyAsync(a => a.Action.StartsWith("reviewCase")));

        var kept = await DecideAsync(ReviewKinds.Keep, null, new string('x', 500));
        Assert.Equal(("decidedSo", ProblemKind.Conflict), await RefusedAsync(ReviewKinds.Keep, kept));
    }

    [Fact]
    public async Task A_preview_leaves_nothing_behind()
    {
        await using var db = _portal.Store.OpenRead();
        var before = (await _portal.Ledger.HashAsync(Sandbox, default), await db.LedgerEntrySets.CountAsync(), await db.ReviewDecisions.CountAsync());

        var preview = Assert.Single(await _portal.Previews.TryAsync(Sandbox, _id, [ReviewKinds.Switch], default));

        Assert.Equal([("ann", -4_000L, 4_000L, 0L), ("bo", 4_000, 0, 0)], preview.Sums.Select(s => (s.Referrer, s.By.Minor, s.WaitingBefore.Minor, s.WaitingAfter.Minor)));
        Assert.Equal(before, (await _portal.Ledger.HashAsync(Sandbox, default), await db.LedgerEntrySets.CountAsync(), await db.ReviewDecisions.CountAsync()));
        Assert.Empty(await _portal.Previews.TryAsync(PortalEnvironment.Production, _id, [ReviewKinds.Switch], default));
    }

    [Fact]
    public async Task A_case_that_later_events_answered_is_closed_to_decisions_and_opens_its_rewards()
    {
        var story = ReviewStory.All["ambiguousRefund"];
        using var portal = await DecisionTests.PortalAsync(story);
        await portal.TellAsync(story.Events);
        var open = await DecisionTests.OnlyCaseAsync(portal, story);
        var decided = await portal.Desk.DecideAsync(Sandbox, open.Case.Id, new NewDecision("invoice:in_1", "A guess.", null), PortalOnDisk.Tester, default);
        Assert.True(decided.TryGet(out var decision, out _));
        await portal.DrainAsync();

        await portal.TellAsync(StripeSamples.InvoicePaymentPaid("in_2"));   // ch_1 paid in_2, whatever was guessed

        Assert.Equal(["ann USD 4400 1200"], SmallWorld.Actual(await portal.Ledger.BalancesAsync(Sandbox, default)));
        var answered = (await portal.Reviews.FindAsync(Sandbox, open.Case.Id, default))!;
        Assert.True(answered.Case.IsAnsweredByFacts);
        Assert.Empty(answered.Open);
        var late = await portal.Desk.DecideAsync(Sandbox, open.Case.Id, new NewDecision(Decision.Reopen, "Late.", decision!.Id), PortalOnDisk.Tester, default);
        Assert.Equal("caseAnswered", late.TryGet(out _, out var problem) ? null : problem.Code);
        Assert.Equal(0, await portal.Reviews.CountOpenAsync(Sandbox, default));
    }

    [Fact]
    public async Task A_question_that_one_batch_raises_and_answers_is_never_asked()
    {
        var story = ReviewStory.All["ambiguousRefund"];
        using var portal = await DecisionTests.PortalAsync(story);
        foreach (var e in story.Events) await portal.DeliverAsync(e);
        await portal.DeliverAsync(StripeSamples.InvoicePaymentPaid("in_2"));

        Assert.Equal(story.Events.Length + 1, await portal.Pipeline.DrainAsync(default));

        Assert.Empty((await portal.Reviews.FindAsync(new ReviewQuery { Environment = Sandbox }, default)).Items);
        var balance = Assert.Single(await portal.Ledger.BalancesAsync(Sandbox, default));
        Assert.Equal((0, balance.Net), (balance.Pending, balance.Payable));
    }

    [Fact]
    public async Task Cases_are_found_by_who_they_are_about_and_by_what_was_decided()
    {
        var id = await DecideAsync(ReviewKinds.Keep, null);
        foreach (var (text, found) in new[] { ("cus_1", 1), ("user-1", 1), ("codeChanged:user:user-1/codeOfBo001", 1), ($"decision:{id}", 1), ("cus_1 user-1", 1), ("user-2", 0), ("decision:99", 0), ("cus_1 user-2", 0) })
            Assert.Equal((text, found), (text, (await _portal.Reviews.FindAsync(new ReviewQuery { Environment = Sandbox, Text = text }, default)).Items.Count));
        Assert.Empty((await _portal.Reviews.FindAsync(new ReviewQuery { Environment = PortalEnvironment.Production, Text = $"decision:{id}" }, default)).Items);
    }

    [Theory]
    [Trait("Database", "Sqlite")]
    [MemberData(nameof(Filters))]
    public void A_filter_follows_its_index_and_sorts_nothing(string index, ReviewQuery query)
    {
        using var db = _portal.Store.OpenRead();
        var plan = QueryPlan.Of(ReviewSearch.Build(db, query, null).Take(51));
        Assert.Contains($"INDEX {index} ", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    private async Task<long> DecideAsync(string choice, long? seen, string reason = "It is in the contract.")
    {
        var outcome = await _portal.Desk.DecideAsync(Sandbox, _id, new NewDecision(choice, reason, seen), PortalOnDisk.Tester, default);
        Assert.True(outcome.TryGet(out var decided, out var problem), problem?.Detail);
        await _portal.DrainAsync();
        return decided.Id;
    }

    private async Task<(string, ProblemKind)> RefusedAsync(string? choice, long? seen, string reason = "It is in the contract.", PortalEnvironment environment = Sandbox)
    {
        var outcome = await _portal.Desk.DecideAsync(environment, _id, new NewDecision(choice, reason, seen), PortalOnDisk.Tester, default);
        return outcome.TryGet(out _, out var problem) ? throw new InvalidOperationException("It was decided.") : (problem.Code, problem.Kind);
    }
}
