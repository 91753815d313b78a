using Portal.Core;
using Portal.Core.Reviews;
using Xunit;

namespace Portal.Tests.Reviews;

[Trait("Database", "Without")]
public sealed class DecisionPreviewTests
{
    private static readonly Currency Usd = Currency.Parse("USD");
    private static readonly Currency Jpy = Currency.Parse("JPY");

    [Fact]
    public void Only_what_changes_is_shown_and_summed_per_referrer_and_currency()
    {
        var preview = DecisionPreview.Of("switch",
        [
            Change("b", "ann", Usd, (2_000, 0, true), (0, 0, false)),
            Change("a", "bo", Usd, (0, 0, false), (2_000, 500, false)),
            Change("c", "ann", Usd, (1_000, 400, true), (1_000, 400, false)),
            Change("d", "ann", Jpy, (300, 0, false), (200, 0, true)),
            Change("e", "ann", Usd, (7_777, 0, false), (7_777, 0, false)),
        ]);

        Assert.Equal(["a", "b", "c", "d"], preview.Rewards.Select(r => r.Key));
        Assert.Equal(
            [("ann", "JPY", 300L, 200L, 0L, 200L), ("ann", "USD", 2_600, 600, 2_600, 0), ("bo", "USD", 0, 1_500, 0, 0)],
            preview.Sums.Select(s => (s.Referrer, s.By.Currency.Code, s.Before.Minor, s.After.Minor, s.WaitingBefore.Minor, s.WaitingAfter.Minor)));
    }

    [Fact]
    public void What_was_paid_out_and_would_not_be_left_is_owed()
    {
        var preview = DecisionPreview.Of("reject", [Change("a", "ann", Usd, (2_000, 0, false), (2_000, 2_000, false), paid: 2_000), Change("b", "ann", Usd, (500, 0, true), (900, 0, false), paid: 100)]);

        Assert.Equal((-1_600, 2_000), (Assert.Single(preview.Sums).By.Minor, preview.Sums[0].Owed.Minor));
    }

    private static RewardChange Change(string key, string referrer, Currency currency, (long, long, bool) before, (long, long, bool) after, long paid = 0) =>
        new(key, 1, referrer, "in_1", "purchase:1", new Money(paid, currency), Stand(before, currency), Stand(after, currency));

    private static RewardStand Stand((long Earned, long Reversed, bool Waits) stand, Currency currency) =>
        new(new Money(stand.Earned, currency), new Money(stand.Reversed, currency), stand.Waits);
}
