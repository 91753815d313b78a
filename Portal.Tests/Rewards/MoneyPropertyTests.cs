using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Campaigns;
using Portal.Core.Ledger;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Rewards;

/// <summary>What holds for every history under every rule: thousands of generated ones (<see cref="History"/>).</summary>
[Trait("Database", "Without")]
public sealed class MoneyPropertyTests
{
    [Fact]
    public void Whatever_the_order_the_repetition_and_the_batches_the_same_stands() => ForHistories(4_000, seed =>
    {
        var (history, random) = (new History(seed), new Random(seed));
        var told = history.Told();
        var expected = History.Written(history.Fold());

        var again = told.Concat(told.Where(_ => random.Next(3) == 0)).OrderBy(_ => random.Next()).ToList();
        Assert.Equal((seed, expected), (seed, History.Written(history.Fold(again.Chunk(random.Next(1, 12))))));
    });

    [Fact]
    public void No_more_is_taken_back_than_was_earned_and_every_invoice_earns_or_has_one_reason() => ForHistories(3_000, seed =>
    {
        var book = new History(seed).Fold();
        Assert.All(book.Rewards.Values, l => Assert.InRange(l.Reversed, 0, l.Earned));
        foreach (var payment in book.Transactions.Values.Select(t => t.Payment).OfType<Payment>())
        {
            var earns = payment.Kind == "invoice" && book.Rewards.Values.Any(l => l.Earned > 0 && l.Standing?.InvoiceId == payment.ExternalId);
            Assert.Equal((seed, payment.ExternalId, earns), (seed, payment.ExternalId, payment.Reason is null));
            Assert.Equal(payment.Reason, payment.Explanation.Reason);
            Assert.InRange(payment.Refunded.Minor, 0, payment.Paid.Minor);
        }
    });

    [Fact]
    public void A_payment_given_back_in_full_leaves_nothing_of_its_rewards() => ForHistories(2_000, seed =>
    {
        var history = new History(seed);
        history.GiveEverythingBack();
        foreach (var line in history.Fold().Rewards.Values.Where(l => l.Standing is { InvoiceId: not null, WaitsFor: not WaitReasons.Review }))
            Assert.Equal((seed, line.Key, line.Earned), (seed, line.Key, line.Reversed));
    });

    [Fact]
    public void Limits_are_never_exceeded_and_what_they_leave_is_what_was_due_without_them_or_less() => ForHistories(2_000, seed =>
    {
        var history = new History(seed);
        var book = history.Fold();
        foreach (var referral in book.Rewards.Values.Where(l => l.Standing is not null).GroupBy(l => l.Referral))
        {
            if (history.Revisions.Single(r => r.Number == referral.Key.RevisionNumber).Terms.CapPerReferral is { } cap)
                Assert.InRange(referral.Where(l => l.Standing!.Earned.Currency == cap.Currency).Sum(l => l.Earned - l.Reversed), 0, cap.Minor);
        }
        if (history.Revisions is [{ Terms.CapPerReferrer: { Period: CapPeriod.Always } limit }])
        {
            foreach (var code in book.Rewards.Values.Where(l => l.Standing?.Earned.Currency == limit.Amount.Currency).GroupBy(l => l.Code!.Code))
                Assert.InRange(code.Sum(l => l.Earned - l.Reversed), 0, limit.Amount.Minor);
        }
        var free = new History(seed) { Revisions = [.. history.Revisions.Select(r => r with { Terms = r.Terms with { CapPerReferral = null, CapPerReferrer = null } })] }.Fold();
        Assert.All(book.Rewards.Values, l => Assert.True(l.Earned <= (free.Rewards.GetValueOrDefault(l.Key)?.Earned ?? 0), $"{seed} {l.Key}"));
    });

    [Fact]
    public void Once_all_cases_are_decided_nothing_waits_for_review_and_reopening_them_restores_what_stood() => ForHistories(1_000, seed =>
    {
        var (history, random) = (new History(seed), new Random(seed));
        var before = History.Written(history.Fold());
        for (var id = 1; ;)
        {
            var open = history.Fold().Cases.Values.Where(c => c.Case is { Decision: null }).Select(c => c.Case!).OrderBy(c => c.Key, StringComparer.Ordinal).ToList();
            if (open.Count == 0) break;
            foreach (var unclear in open) history.Decisions[unclear.Key] = new Decision(id++, unclear.Key, unclear.Choices[random.Next(unclear.Choices.Count)].Choice);
            Assert.True(id < 500, $"{seed}: deciding opens ever more cases");
        }
        Assert.DoesNotContain(history.Fold().Rewards.Values, l => l.Standing?.WaitsFor == WaitReasons.Review);

        foreach (var key in history.Decisions.Keys.ToList()) history.Decisions[key] = new Decision(1_000, key, Decision.Reopen);
        Assert.Equal((seed, before), (seed, History.Written(history.Fold())));
    });

    [Fact]
    public void Every_posting_balances_and_what_is_owed_stands_on_one_side() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Gen.Choose(0, 10_000_000).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            long unpaid = 0, payable = 0, receivable = 0;
            for (var i = 0; i < 12; i++)
            {
                var (kind, amount) = ((EntrySetKind)random.Next(3), random.NextInt64(-1_000, 1_000));
                var lines = Journal.Lines(kind, amount, unpaid);
                Assert.Equal(0, lines.Sum(l => l.Amount));
                payable -= lines.Where(l => l.Account == LedgerAccount.Payable).Sum(l => l.Amount);
                receivable += lines.Where(l => l.Account == LedgerAccount.Receivable).Sum(l => l.Amount);
                unpaid += kind == EntrySetKind.Earned ? amount : -amount;
                Assert.Equal((Math.Max(unpaid, 0), Math.Max(-unpaid, 0)), (payable, receivable));
            }
        }));

    [Fact]
    public void Monthly_parts_sum_to_the_whole_are_alike_and_never_fall_as_it_grows() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), whole =>
        {
            var parts = Enumerable.Range(1, MonthlyParts.Count).Select(p => MonthlyParts.Part(whole, p)).ToList();
            Assert.Equal(whole, parts.Sum());
            Assert.InRange(parts.Max() - parts.Min(), 0, 1);
            Assert.All(Enumerable.Range(1, MonthlyParts.Count), p => Assert.True(MonthlyParts.Part(whole + 1L, p) >= MonthlyParts.Part(whole, p)));
        }));

    private static void ForHistories(int count, Action<int> holds) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(count), Prop.ForAll(Gen.Choose(0, 100_000_000).ToArbitrary(), holds));
}
