using Portal.Core;
using Portal.Core.Payouts;
using Xunit;

namespace Portal.Tests.Payouts;

[Trait("Database", "Without")]
public sealed class PayoutReckoningTests
{
    [Fact]
    public void Nobody_is_paid_more_than_is_open_nor_less_than_nothing()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var lines = Enumerable.Range(0, random.Next(1, 8)).Select(_ => (Amount: random.NextInt64(1, 100) * (random.Next(3) == 0 ? -1 : 1), Open: random.NextInt64(-100, 100))).ToList();
            var due = PayoutReckoning.Due(lines);
            Assert.True(due.Sum() >= 0);
            Assert.All(lines.Zip(due), x => Assert.True(x.First.Amount > 0
                ? x.Second >= 0 && x.Second <= x.First.Amount && x.Second <= Math.Max(0, x.First.Open)
                : x.Second <= 0 && x.Second >= x.First.Amount && x.Second >= Math.Min(0, x.First.Open)));
        }
        List<(long, long)> same = [(50, 50), (-20, -20), (30, 30)];
        Assert.Equal([50, -20, 30], PayoutReckoning.Due(same));   // where nothing changed, as it was put together
    }

    [Theory]
    [InlineData("12.50", "USD", 1_250)]
    [InlineData("12", "USD", 1_200)]
    [InlineData("12", "JPY", 12)]
    [InlineData("0.125", "KWD", 125)]
    [InlineData("12.5", "JPY", null)]
    [InlineData("12.505", "USD", null)]
    [InlineData("-1", "USD", null)]
    [InlineData("1,000", "USD", null)]
    [InlineData("", "USD", null)]
    [InlineData("1.", "USD", null)]
    public void An_amount_is_read_as_people_write_it(string text, string currency, int? minor) =>
        Assert.Equal(minor, Money.TryRead(text, Currency.Parse(currency), out var amount) ? (int)amount.Minor : null);
}
