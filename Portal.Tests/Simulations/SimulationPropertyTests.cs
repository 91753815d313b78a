using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Portal.Core;
using Portal.Core.Campaigns;
using Portal.Core.Facts;
using Portal.Core.Pipeline;
using Portal.Core.Rates;
using Portal.Core.Rewards;
using Portal.Core.Simulations;
using Portal.Core.Sources.Stripe;
using Xunit;

namespace Portal.Tests.Simulations;

/// <summary>What holds for every history and whatever rules.</summary>
[Trait("Database", "Without")]
public sealed class SimulationPropertyTests
{
    private static readonly Dictionary<string, KnownCode> Codes = new()
    {
        [SmallWorld.Ann] = new(SmallWorld.Ann, 1, "ann", "default"), [SmallWorld.Bo] = new(SmallWorld.Bo, 2, "bo", "default"),
    };

    [Fact]
    public void The_revision_in_force_simulated_differs_in_nothing() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(800),
        Prop.ForAll(Gen.Choose(0, 10_000_000).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var starts = new[] { DateTimeOffset.UnixEpoch, new DateTimeOffset(2025, 1, 20, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2025, 2, 10, 0, 0, 0, TimeSpan.Zero) }.Take(random.Next(1, 4)).ToList();
            var revisions = starts.Select((start, i) => new Revision("default", i + 1, start, Read(RandomTerms.From(random, start)))).ToList();
            var inForce = revisions[^1];

            var (report, cells) = Simulate(seed, revisions, inForce.Terms, inForce.EffectiveFrom);

            Assert.Equal((0L, 0L), (report.ReferralsChanged, report.PaymentsChanged));
            Assert.All(report.Totals, t => Assert.Equal(0, t.Difference));
            Assert.All(report.Months, m => Assert.Equal(0, m.Difference));
            Assert.All(report.Reasons, r => Assert.Equal(0, r.Difference));
            Assert.All(cells, c => Assert.Equal(c.Now, c.Draft));
            Assert.Empty(report.Winners.Concat(report.Losers));
        }));

    [Fact]
    public void Whatever_is_tried_the_table_the_months_and_the_totals_tell_the_same_and_back_again_is_the_opposite() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Gen.Choose(0, 10_000_000).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var (one, other) = (Read(RandomTerms.From(random, DateTimeOffset.UnixEpoch)), Read(RandomTerms.From(random, DateTimeOffset.UnixEpoch)));

            var (there, cells) = Simulate(seed, [new Revision("default", 1, DateTimeOffset.UnixEpoch, one)], other, DateTimeOffset.UnixEpoch);
            var (back, _) = Simulate(seed, [new Revision("default", 1, DateTimeOffset.UnixEpoch, other)], one, DateTimeOffset.UnixEpoch);

            Assert.Equal(there.Totals.Where(t => (t.Now, t.Draft) != (0, 0)).Select(t => (t.Currency, t.Now, t.Draft)),
                cells.GroupBy(c => c.Currency).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Sum(c => c.Now), g.Sum(c => c.Draft))).Where(t => (t.Item2, t.Item3) != (0, 0)));
            Assert.Equal(there.Totals.Select(t => (t.Currency, t.Now, t.Draft)), there.Months.GroupBy(m => m.Currency).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Sum(m => m.Now), g.Sum(m => m.Draft))));
            Assert.Equal(there.Totals.Select(t => (t.Currency, t.Now, t.Draft)), back.Totals.Select(t => (t.Currency, t.Draft, t.Now)));
            Assert.Equal(there.Winners, back.Losers.Select(l => l with { Now = l.Draft, Draft = l.Now }));
            Assert.Equal((there.ReferralsChanged, there.PaymentsChanged), (back.ReferralsChanged, back.PaymentsChanged));
        }));

    private static (SimulationReport Report, List<SimulatedCell> Cells) Simulate(int seed, List<Revision> revisions, RevisionTerms draft, DateTimeOffset effectiveFrom)
    {
        var book = new ReferralBook(PortalEnvironment.Sandbox) { Rates = Rates };
        foreach (var told in Told(new SmallWorld(seed).Events(Telling.Basil))) book.Facts.Tell(told);
        foreach (var (code, known) in Codes) book.Codes[code] = known;
        var today = new RevisionHistory("default", revisions);
        var period = new SimulatedPeriod(null, null);
        var tally = new SimulationTally(effectiveFrom, period);
        FoldedWorld[] worlds = [new("default", today, Codes.Keys, period), new("default", today.With(draft, effectiveFrom), Codes.Keys, period)];
        foreach (var world in worlds)
        {
            for (var pass = 0; pass < world.Passes; pass++)
            {
                world.Begin();
                world.Fold(book, [.. book.KnownCustomers]);
            }
        }
        var cells = Codes.Values.SelectMany(c => tally.Add(c.ProductUserId, c.Code, worlds[0].Of(c.Code), worlds[1].Of(c.Code))).ToList();
        return (tally.Report(), cells);
    }

    private static RateTable Rates { get; } = new(
        new[] { ("EUR", "1.08"), ("JPY", "0.0065"), ("KWD", "3.25") }.Select((r, i) =>
            new ExchangeRate(Currency.Parse(r.Item1), Currency.Parse("USD"), new DateOnly(2020, 1, 1), ExactRate.Parse(r.Item2), i + 1)));

    private static RevisionTerms Read(RevisionDocument document) => document.Read().TryGet(out var terms, out var problem) ? terms : throw new FormatException(problem.Detail);

    private static IEnumerable<ToldFact> Told(List<string> events) => events.SelectMany((body, index) =>
    {
        var id = JsonNode.Parse(body)!["id"]!.GetValue<string>();
        return StripeReader.Read(Encoding.UTF8.GetBytes(body)).Facts.Select(f => new ToldFact(f, "stripe", id, index + 1));
    });
}
