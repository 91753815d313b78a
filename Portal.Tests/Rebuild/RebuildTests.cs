using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Campaigns;
using Portal.Core.Ledger;
using Portal.Core.Rebuild;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Rebuild;

/// <summary>What a rebuild finds: nothing where nothing is wrong, and what was tampered with by name.</summary>
public sealed class RebuildTests
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;

    [Fact]
    public void A_history_rebuilt_from_its_events_is_the_ledger_that_stands_whatever_the_order() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(25),
        Prop.ForAll(Gen.Choose(0, 10_000_000).ToArbitrary(), seed => AssertRebuildsAsync(seed).GetAwaiter().GetResult()));

    [Theory]
    [InlineData("byReferrals")]
    [InlineData("byMonth")]
    [InlineData("cap")]
    [InlineData("organizations")]
    public async Task Rules_of_every_kind_are_rebuilt(string rules)
    {
        using var portal = await PortalAsync(Rules(rules));
        foreach (var seed in new[] { 5, 6, 7 })
        {
            var letter = (char)('a' + seed);
            await portal.TellAsync(new SmallWorld(seed).Events(Telling.BasilWithLinks).OrderBy(_ => Random.Shared.Next()).Select(e => Renamed(e, letter)));
        }

        await AssertCleanAsync(portal);
        Assert.True((await portal.RebuildAsync()).Rewards > 0);
    }

    [Fact]
    public async Task An_empty_portal_is_rebuilt_too()
    {
        using var portal = new PortalOnDisk();
        await AssertCleanAsync(portal);
    }

    [Theory]
    [InlineData("DELETE FROM facts WHERE kind = 'invoicePaid' AND invoice_id = 'in_1'", DifferenceKind.Fact, "invoice-paid:in_1")]
    [InlineData("UPDATE facts SET data = replace(data, '10000', '90000') WHERE kind = 'invoicePaid' AND invoice_id = 'in_1'", DifferenceKind.Fact, "invoice-paid:in_1")]
    [InlineData("UPDATE facts SET customer_id = 'cus_other' WHERE kind = 'invoicePaid' AND invoice_id = 'in_1'", DifferenceKind.Fact, "invoice-paid:in_1")]
    [InlineData("UPDATE facts SET event_id = 999999 WHERE kind = 'invoicePaid' AND invoice_id = 'in_1'", DifferenceKind.Fact, "invoice-paid:in_1")]
    [InlineData("UPDATE facts SET natural_key = 'invoice-paid:in_x' WHERE kind = 'invoicePaid' AND invoice_id = 'in_1'", DifferenceKind.Fact, "invoice-paid:in_1")]
    [InlineData("UPDATE referrals SET code = 'codeOfBo001' WHERE new_user_id = 'user-1'", DifferenceKind.Referral, "referral user-1")]
    [InlineData("UPDATE referrals SET first_paid_at = first_paid_at + {day}", DifferenceKind.Referral, "referral user-1")]
    [InlineData("UPDATE customers SET identity_key = 'user:nobody'", DifferenceKind.Customer, "customer cus_1")]
    [InlineData("UPDATE customers SET new_user_id = NULL, identity_key = NULL", DifferenceKind.Customer, "customer cus_1")]
    [InlineData("DELETE FROM customers", DifferenceKind.Customer, "customer cus_1")]
    [InlineData("UPDATE rewards SET hold_until = {epoch}", DifferenceKind.Reward, "codeOfAnn01/user:user-1/purchase:1/stripe/in_1/USD")]
    [InlineData("UPDATE rewards SET waits_for = 'review'", DifferenceKind.Reward, "codeOfAnn01/user:user-1/purchase:1/stripe/in_1/USD")]
    [InlineData("UPDATE transactions SET reason = 'unknownCode' WHERE external_id = 'in_1'", DifferenceKind.Payment, "invoice in_1")]
    [InlineData("DELETE FROM transactions WHERE external_id = 'in_1'", DifferenceKind.Payment, "invoice in_1")]
    public async Task What_was_tampered_with_is_named_and_put_right(string sql, DifferenceKind kind, string subject)
    {
        using var portal = await SalesAsync();
        var before = await portal.Ledger.HashAsync(Sandbox, default);
        portal.Tamper(sql);

        var found = await portal.RebuildAsync();
        Assert.Contains((kind, subject), found.Differences.Select(d => (d.Kind, d.Subject)));
        Assert.Equal(before.Hash, found.Hash);   // what should stand is what stood
        Assert.Equal(found.Differences.Select(d => $"{d}"), (await portal.RebuildAsync()).Differences.Select(d => $"{d}"));

        var run = await portal.ApplyAsync();
        Assert.Equal((RebuildState.Done, (string?)null), (run.State, run.Error));
        Assert.Equal(before, await portal.Ledger.HashAsync(Sandbox, default));
        await AssertCleanAsync(portal);
    }

    [Fact]
    public async Task A_reward_posted_by_hand_is_found_and_taken_back_with_the_rebuild_as_its_cause()
    {
        using var portal = await SalesAsync();
        var before = await portal.Ledger.HashAsync(Sandbox, default);
        await portal.Store.WriteAsync(db => Journal.Post(db, [new Posting(db.Rewards.Single(r => r.InvoiceId == "in_1"), EntrySetKind.Earned, 777, new Cause("event", "1"))], default), default);

        var found = await portal.RebuildAsync();
        var difference = Assert.Single(found.Differences);
        Assert.Equal(("earned 2777", "earned 2000", -777L, "USD"), (difference.Before, difference.After, difference.Change, difference.Currency));
        Assert.Equal(new RebuildSum("USD", -777), Assert.Single(found.Sums));
        Assert.Equal(before.Hash, found.Hash);
        Assert.NotEqual(found.Hash, found.StoredHash);

        var run = await portal.ApplyAsync();
        Assert.Equal(1, run.Posted);
        await using var db = portal.Store.OpenRead();
        var set = await db.LedgerEntrySets.OrderBy(s => s.Id).LastAsync();
        Assert.Equal(("rebuild", $"{run.Id}", -777L), (set.CauseKind, set.CauseId, set.Amount));
        Assert.Contains("rebuild.applied", await db.Set<Core.Audit.AuditEntry>().Select(a => a.Action).ToListAsync());
        await AssertCleanAsync(portal);
    }

    [Fact]
    public async Task A_decision_that_nobody_folded_is_found()
    {
        using var portal = await SalesAsync();
        await portal.TellAsync(StripeSamples.Customer("customer.updated", ucc: SmallWorld.Bo, newUserId: "user-1", at: new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        await using (var db = portal.Store.OpenRead()) Assert.Equal("codeChanged", (await db.Set<Core.Reviews.ReviewCase>().SingleAsync()).Kind);
        await AssertCleanAsync(portal);
        portal.Tamper("INSERT INTO review_decisions (environment, case_key, choice, reason, decided_at, decided_by) SELECT environment, key, 'switch', 'x', {epoch}, 'x' FROM review_cases");

        var found = await portal.RebuildAsync();
        Assert.Contains(found.Differences, d => d.Kind == DifferenceKind.Case);
        Assert.Contains(found.Differences, d => d.Kind == DifferenceKind.Referral && d.After.Contains(SmallWorld.Bo, StringComparison.Ordinal));
        await portal.ApplyAsync();
        Assert.Equal(found.Hash, (await portal.Ledger.HashAsync(Sandbox, default)).Hash);
        await AssertCleanAsync(portal);
    }

    [Fact]
    public async Task What_a_wrong_first_payment_did_to_the_other_referrals_is_found_too()
    {
        using var portal = await PortalAsync(Rules("byReferrals"));
        for (var n = 1; n <= 3; n++)
            await portal.TellAsync(StripeSamples.Customer(customer: $"cus_{n}", ucc: SmallWorld.Ann, newUserId: $"user-{n}", eventId: $"evt_c{n}"),
                StripeSamples.InvoicePaid($"cus_{n}", $"in_{n}", paidAt: new DateTimeOffset(2026, 2, n, 0, 0, 0, TimeSpan.Zero), eventId: $"evt_i{n}"));
        var right = await portal.Ledger.HashAsync(Sandbox, default);
        await AssertCleanAsync(portal);
        // The second referral loses its payment, and whoever is folded after that counts one referral less.
        portal.Tamper("DELETE FROM facts WHERE invoice_id = 'in_2'");
        await portal.TellAsync(StripeSamples.Customer("customer.updated", "cus_2", SmallWorld.Ann, "user-2", eventId: "evt_c2b"));
        Assert.NotEqual(right, await portal.Ledger.HashAsync(Sandbox, default));

        var found = await portal.RebuildAsync();
        Assert.Equal(right.Hash, found.Hash);
        Assert.Contains(found.Differences, d => d.Kind == DifferenceKind.Reward && d.Unit == "user:user-3");
        await portal.ApplyAsync();
        Assert.Equal(right, await portal.Ledger.HashAsync(Sandbox, default));
        await AssertCleanAsync(portal);
    }

    [Fact]
    public async Task Events_that_arrive_meanwhile_are_no_difference()
    {
        using var portal = await PortalAsync(PortalOnDisk.TwentyPercent);
        for (var seed = 0; seed < 4; seed++) await portal.TellAsync(Renamed(seed));
        using var end = new CancellationTokenSource();
        var arrivals = Task.Run(async () =>
        {
            for (var seed = 4; !end.IsCancellationRequested && seed < 60; seed++) await portal.TellAsync(Renamed(seed));
        });

        for (var i = 0; i < 5; i++)
        {
            var report = await portal.RebuildAsync();
            Assert.Empty(report.Differences);
            Assert.Equal(report.StoredHash, report.Hash);
        }
        await end.CancelAsync();
        await arrivals;
        await AssertCleanAsync(portal);

        static IEnumerable<string> Renamed(int seed) => new SmallWorld(seed).Events(Telling.Basil).Select(e => RebuildTests.Renamed(e, (char)('A' + seed)));
    }

    private static async Task AssertRebuildsAsync(int seed)
    {
        var (world, random) = (new SmallWorld(seed), new Random(seed));
        using var portal = await PortalAsync(PortalOnDisk.TwentyPercent);
        var events = world.Events((Telling)(seed % 4));
        foreach (var batch in events.Concat(events.Where(_ => random.Next(3) == 0)).OrderBy(_ => random.Next()).Chunk(random.Next(1, 25))) await portal.TellAsync(batch);
        await AssertCleanAsync(portal);
    }

    private static async Task AssertCleanAsync(PortalOnDisk portal)
    {
        var (first, second) = (await portal.RebuildAsync(), await portal.RebuildAsync());
        Assert.Empty(first.Differences);
        Assert.Equal(0, first.Reworded);
        Assert.Equal((first.Hash, first.Rewards), (second.Hash, second.Rewards));
        Assert.Equal(await portal.Ledger.HashAsync(Sandbox, default), new LedgerHash(first.Hash, first.Rewards));
        Assert.Equal(first.Hash, first.StoredHash);
    }

    private static async Task<PortalOnDisk> SalesAsync()
    {
        var portal = await PortalAsync(PortalOnDisk.TwentyPercent);
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());
        return portal;
    }

    private static async Task<PortalOnDisk> PortalAsync(RevisionDocument rules)
    {
        var portal = new PortalOnDisk();
        await portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await portal.ReferrerAsync(SmallWorld.Bo, "bo");
        await portal.RevisionAsync(rules);
        return portal;
    }

    private static RevisionDocument Rules(string kind) => kind switch
    {
        "byReferrals" => Of("""{"kind":"purchase","percentTiers":{"by":"referral","steps":[{"from":1,"percent":"10"},{"from":2,"percent":"15"},{"from":3,"percent":"30"}]},"maxMonths":12}""", ""),
        "byMonth" => Of("""{"kind":"purchase","percentTiers":{"by":"month","steps":[{"from":1,"percent":"30"},{"from":4,"percent":"20"}]},"maxMonths":12}""", ""),
        "cap" => Of("""{"kind":"purchase","percent":"20"}""", ""","capPerReferrer":{"amount":3000,"currency":"USD","period":"month"}"""),
        _ => Of("""{"kind":"purchase","percent":"20"},{"kind":"signup","flat":{"amount":500,"currency":"USD"}}""", ""","rewardOrganizations":true"""),
    };

    private static RevisionDocument Of(string rules, string more) =>
        RevisionDocument.FromJson($$"""{"effectiveFrom":"2020-01-01T00:00:00Z","currency":"USD","base":"netOfTax","rules":[{{rules}}]{{more}}}""");

    private static string Renamed(string body, char letter) => body.Replace("cus_", $"cus_{letter}", StringComparison.Ordinal)
        .Replace("user-", $"user{letter}-", StringComparison.Ordinal).Replace("in_", $"in_{letter}", StringComparison.Ordinal).Replace("ch_", $"ch_{letter}", StringComparison.Ordinal)
        .Replace("pi_", $"pi_{letter}", StringComparison.Ordinal).Replace("re_", $"re_{letter}", StringComparison.Ordinal).Replace("evt_", $"evt_{letter}", StringComparison.Ordinal);
}
