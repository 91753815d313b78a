using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Ledger;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Reviews;

/// <summary>Every kind of unclear case on a real file, from Stripe's own events: open, decided one way and the other, and taken back.</summary>
public sealed class DecisionTests
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;

    public static TheoryData<string> Names => [.. ReviewStory.All.Keys];

    [Fact]
    public void Every_kind_has_a_story() =>
        Assert.Equal(Portal.Shared.Words.Cases.Order(), ReviewStory.All.Values.Select(s => s.Kind).Distinct().Order());

    [Theory]
    [MemberData(nameof(Names))]
    public async Task While_a_case_is_open_its_rewards_wait(string name)
    {
        var story = ReviewStory.All[name];
        using var portal = await PortalAsync(story);
        await portal.TellAsync(story.Events);
        var open = await OnlyCaseAsync(portal, story);

        Assert.Equal(story.Open, SmallWorld.Actual(await portal.Ledger.BalancesAsync(Sandbox, default)));
        Assert.Equal(story.Choices.Select(c => c.Choice), open.Open);
        Assert.NotEmpty(open.Evidence);
        await using var db = portal.Store.OpenRead();
        var referral = await db.ReviewCases.Where(c => c.Id == open.Case.Id).Select(c => c.ReferralId).SingleAsync();
        var rewards = await db.Rewards.Where(r => r.ReferralId == referral && r.Earned > r.Reversed).ToListAsync();
        Assert.All(rewards, r => Assert.Equal(WaitReasons.Review, r.WaitsFor));
        Assert.Equal(rewards.Select(r => r.Id), open.Rewards.Select(r => r.Id));
        var waiting = rewards.Sum(r => r.Earned - r.Reversed);
        Assert.Equal(waiting, open.Case.AtStake.Sum(a => a.Minor));
        var balances = await portal.Ledger.BalancesAsync(Sandbox, default);   // the hold has been over for long
        Assert.Equal((waiting, balances.Sum(b => b.Net) - waiting), (balances.Sum(b => b.Pending), balances.Sum(b => b.Payable)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_choice_does_what_it_says_as_its_preview_foretold_and_can_be_taken_back(string name)
    {
        var story = ReviewStory.All[name];
        using var portal = await PortalAsync(story);
        await portal.TellAsync(story.Events);
        var open = await OnlyCaseAsync(portal, story);
        var before = await StateAsync(portal);

        foreach (var (choice, then) in story.Choices)
        {
            await DecideAsForetoldAsync(portal, open.Case.Id, choice);
            Assert.Equal(then, SmallWorld.Actual(await portal.Ledger.BalancesAsync(Sandbox, default)));
            var decided = (await portal.Reviews.FindAsync(Sandbox, open.Case.Id, default))!;
            Assert.Equal((choice, ReviewState.Settled, decided.StandingId), (decided.Standing?.Choice, decided.Case.State, decided.Case.DecisionId));

            await DecideAsForetoldAsync(portal, open.Case.Id, Decision.Reopen);
            Assert.Equal(before, await StateAsync(portal));
            Assert.Equal(ReviewState.Open, (await portal.Reviews.FindAsync(Sandbox, open.Case.Id, default))!.Case.State);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task From_one_decision_straight_to_another_is_as_good_as_by_way_of_open(string name)
    {
        var story = ReviewStory.All[name];
        using var portal = await PortalAsync(story);
        await portal.TellAsync(story.Events);
        var open = await OnlyCaseAsync(portal, story);

        foreach (var (choice, then) in story.Choices.Concat(story.Choices))
        {
            await DecideAsForetoldAsync(portal, open.Case.Id, choice);
            Assert.Equal(then, SmallWorld.Actual(await portal.Ledger.BalancesAsync(Sandbox, default)));
        }
        Assert.Equal(2 * story.Choices.Length, (await portal.Reviews.FindAsync(Sandbox, open.Case.Id, default))!.Decisions.Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_decision_outlives_every_event_told_again_and_is_the_same_in_any_order(string name)
    {
        var story = ReviewStory.All[name];
        foreach (var (choice, _) in story.Choices)
        {
            var hashes = new HashSet<LedgerHash>();
            foreach (var seed in new[] { 0, 1, 2 })
            {
                using var portal = await PortalAsync(story);
                var random = new Random(seed);
                foreach (var e in seed == 0 ? story.Events : [.. story.Events.OrderBy(_ => random.Next())]) await portal.TellAsync(e);
                await DecideAsForetoldAsync(portal, (await OnlyCaseAsync(portal, story)).Case.Id, choice);
                hashes.Add(await portal.Ledger.HashAsync(Sandbox, default));

                foreach (var e in story.Events.OrderBy(_ => random.Next())) await portal.TellAsync(Again(e));
                hashes.Add(await portal.Ledger.HashAsync(Sandbox, default));
            }
            Assert.Single(hashes);
        }
    }

    /// <summary>Decides, and proves that what happens is what the preview said: to the reward, and to the cent.</summary>
    private static async Task DecideAsForetoldAsync(PortalOnDisk portal, long id, string choice)
    {
        var detail = (await portal.Reviews.FindAsync(Sandbox, id, default))!;
        var preview = Assert.Single(await portal.Previews.TryAsync(Sandbox, id, [choice], default));
        var foretold = await StandsAsync(portal);
        foreach (var change in preview.Rewards)
        {
            Assert.Equal(foretold.GetValueOrDefault(change.Key), Shown(change.Before));
            foretold[change.Key] = Shown(change.After);
        }
        var decided = await portal.Desk.DecideAsync(Sandbox, id, new NewDecision(choice, "It is in the contract.", detail.StandingId), PortalOnDisk.Tester, default);
        Assert.True(decided.TryGet(out _, out var problem), problem?.Detail);
        await portal.DrainAsync();

        Assert.Equal(Sorted(foretold), Sorted(await StandsAsync(portal)));
    }

    private static IEnumerable<string> Sorted(Dictionary<string, string?> stands) => stands.Where(s => s.Value is not null).Select(s => $"{s.Key} {s.Value}").Order(StringComparer.Ordinal);

    private static string? Shown(RewardStand stand) => stand.Earned.Minor == 0 ? null : $"{stand.Earned} {stand.Reversed} {stand.Waits}";

    private static async Task<Dictionary<string, string?>> StandsAsync(PortalOnDisk portal)
    {
        await using var db = portal.Store.OpenRead();
        return (await db.Rewards.ToListAsync()).ToDictionary(r => r.Key, r => Currency.Parse(r.Currency) is var currency
            ? Shown(new RewardStand(new Money(r.Earned, currency), new Money(r.Reversed, currency), r.WaitsFor is not null && r.Earned != r.Reversed)) : null);
    }

    /// <summary>All that a decision may have touched, for comparison: the fingerprint, and what waits.</summary>
    private static async Task<string> StateAsync(PortalOnDisk portal) =>
        $"{(await portal.Ledger.HashAsync(Sandbox, default)).Hash} {string.Join(", ", Sorted(await StandsAsync(portal)))}";

    internal static async Task<ReviewDetail> OnlyCaseAsync(PortalOnDisk portal, ReviewStory story)
    {
        var page = await portal.Reviews.FindAsync(new ReviewQuery { Environment = Sandbox, State = ReviewState.Open }, default);
        var row = Assert.Single(page.Items);
        Assert.Equal(story.Kind, row.Kind);
        return (await portal.Reviews.FindAsync(Sandbox, row.Id, default))!;
    }

    internal static async Task<PortalOnDisk> PortalAsync(ReviewStory story)
    {
        var portal = new PortalOnDisk();
        await portal.ReferrerAsync(SmallWorld.Ann, "ann", email: "ann@gmail.com");
        await portal.ReferrerAsync(SmallWorld.Bo, "bo");
        await portal.RevisionAsync(story.Rules);
        return portal;
    }

    /// <summary>The same, told by an event of its own.</summary>
    private static string Again(string body)
    {
        var e = JsonNode.Parse(body)!;
        e["id"] = e["id"]!.GetValue<string>() + "_again";
        return e.ToJsonString();
    }
}
