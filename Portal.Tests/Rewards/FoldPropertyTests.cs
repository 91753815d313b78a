using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Portal.Core;
using Portal.Core.Campaigns;
using Portal.Core.Facts;
using Portal.Core.Pipeline;
using Portal.Core.Rewards;
using Portal.Core.Sources.Stripe;
using Xunit;

namespace Portal.Tests.Rewards;

/// <summary>What holds for every history: thousands of small ones, folded without a database.</summary>
[Trait("Database", "Without")]
public sealed class FoldPropertyTests
{
    private static readonly Dictionary<string, KnownCode> Codes = new()
    {
        [SmallWorld.Ann] = new(SmallWorld.Ann, 1, "ann", "default"), [SmallWorld.Bo] = new(SmallWorld.Bo, 2, "bo", "default"),
    };

    [Fact]
    public void A_history_ends_in_what_an_oracle_reckons_in_every_shape_and_order_and_however_often_it_is_told() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(600),
        Prop.ForAll(Gen.Choose(0, 10_000_000).ToArbitrary(), seed =>
        {
            var (world, random) = (new SmallWorld(seed), new Random(seed));
            var expected = string.Join('\n', world.Expected());
            foreach (var telling in Enum.GetValues<Telling>())
            {
                var told = Told(world.Events(telling));
                Assert.Equal((seed, telling, expected), (seed, telling, Balances(Fold(told))));
                var again = told.Concat(told.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next()).ToList();
                Assert.Equal(Written(Fold(told)), Written(Fold(again)));
            }
        }));

    [Fact]
    public void Nothing_is_taken_back_beyond_what_was_earned_and_every_paid_invoice_has_rewards_or_one_reason() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(Gen.Choose(0, 10_000_000).ToArbitrary(), seed =>
        {
            foreach (var folded in Fold(Told(new SmallWorld(seed).Events((Telling)(seed % 4)))))
            {
                Assert.All(folded.Rewards, r => Assert.InRange(r.Reversed.Minor, 0, r.Earned.Minor));
                Assert.All(folded.Rewards, r => Assert.True(r.Earned.Minor > 0, "a reward of nothing"));
                Assert.All(folded.Payments, p => Assert.Equal(p.Kind == "invoice" && folded.Rewards.Any(r => r.InvoiceId == p.ExternalId), p.Reason is null));
                Assert.All(folded.Payments, p => Assert.Equal(p.Reason, p.Explanation.Reason));
                Assert.All(folded.Payments, p => Assert.NotEmpty(p.Explanation.Steps));
                Assert.Equal(folded.Payments.Count, folded.Payments.DistinctBy(p => (p.Kind, p.ExternalId)).Count());
                Assert.All(folded.Rewards, r => Assert.Contains(r.Explanation.Steps, s => s.Name == "reward" && s.Arithmetic!.EndsWith($"= {r.Earned}", StringComparison.Ordinal)));
                Assert.All(folded.Rewards, r => Assert.All(r.Explanation.Steps.SelectMany(s => s.Evidence), e => Assert.StartsWith("$.data.object", e.Path, StringComparison.Ordinal)));
            }
        }));

    [Fact]
    public void However_a_refund_is_split_the_same_is_taken_back() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(600),
        Prop.ForAll(Gen.Choose(1, 1_000_000).Three().ToArbitrary(), n =>
        {
            var (paid, net, back) = ((long)n.Item1, Math.Min(n.Item1, n.Item2), Math.Min(n.Item1, n.Item3));
            var (first, second) = (back / 3, back / 2);
            Story Paid() => new Story().Customer().Paid(paid: paid, net: net).Charged(amount: paid).Linked();
            var whole = Paid().Refunded(back).Fold().Rewards.Sum(r => r.Reversed.Minor);

            var steps = Paid().Refunded(Math.Max(1, first)).Refunded(Math.Max(1, second)).Refunded(back).Fold().Rewards.Sum(r => r.Reversed.Minor);
            var parts = Paid().Refund("re_1", first).Refund("re_2", second).Refund("re_3", back - first - second).Fold().Rewards.Sum(r => r.Reversed.Minor);
            return whole == steps && whole == parts;
        }));

    [Fact]
    public void An_unrelated_customer_changes_nothing() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Gen.Choose(0, 10_000_000).ToArbitrary(), seed =>
        {
            var events = new SmallWorld(seed).Events(Telling.Basil);
            var stranger = new SmallWorld(seed + 1).Events(Telling.Basil).Select(e => e.Replace("cus_", "cus_z", StringComparison.Ordinal)
                .Replace("user-", "other-", StringComparison.Ordinal).Replace("in_", "in_z", StringComparison.Ordinal).Replace("ch_", "ch_z", StringComparison.Ordinal)
                .Replace("pi_", "pi_z", StringComparison.Ordinal).Replace("re_", "re_z", StringComparison.Ordinal).Replace("evt_", "evt_z", StringComparison.Ordinal));
            var alone = Written(Fold(Told(events)));

            var together = Fold(Told([.. events, .. stranger]));
            Assert.Equal(alone, string.Join('\n', Written(together).Split('\n').Where(line => !line.Contains("_z", StringComparison.Ordinal) && !line.Contains("other-", StringComparison.Ordinal))));
        }));

    private static List<ToldFact> Told(List<string> events) => [.. events.SelectMany((body, index) =>
    {
        var id = JsonNode.Parse(body)!["id"]!.GetValue<string>();
        return StripeReader.Read(Encoding.UTF8.GetBytes(body)).Facts.Select(f => new ToldFact(f, "stripe", id, index + 1));
    })];

    private static List<FoldedReferral> Fold(IEnumerable<ToldFact> told)
    {
        var book = new ReferralBook(PortalEnvironment.Sandbox);
        foreach (var fact in told) book.Facts.Tell(fact);
        foreach (var (code, known) in Codes) book.Codes[code] = known;
        book.Campaigns["default"] = new RevisionHistory("default", [Story.Revise(1, DateTimeOffset.UnixEpoch)]);
        return [.. book.KnownCustomers.GroupBy(book.IdentityOf).OrderBy(g => g.Key?.Key, StringComparer.Ordinal)
            .Select(g => ReferralFold.Fold(book.Story(g.Key, [.. g])))];
    }

    private static string Balances(List<FoldedReferral> folded) => string.Join('\n', folded
        .SelectMany(f => f.Rewards.Select(r => (Key: $"{f.Attribution.Code!.ProductUserId} {r.Earned.Currency}", r.Earned, r.Reversed)))
        .GroupBy(r => r.Key).Select(g => $"{g.Key} {g.Sum(r => r.Earned.Minor)} {g.Sum(r => r.Reversed.Minor)}").Order(StringComparer.Ordinal));

    private static string Written(List<FoldedReferral> folded) => string.Join('\n', folded.SelectMany(f =>
        f.Rewards.Select(r => $"{f.Attribution.Code!.Code} {r.Component} {r.InvoiceId} {r.Earned} {r.Reversed} {r.Explanation.ToJson()}").Order(StringComparer.Ordinal)
            .Concat(f.Payments.Select(p => $"{p.Kind} {p.ExternalId} {p.Paid} {p.Refunded} {p.Reason}").Order(StringComparer.Ordinal))
            .Concat(f.Cases.Select(c => $"{c.Kind} {c.Subject} {c.Question}").Order(StringComparer.Ordinal))));
}
