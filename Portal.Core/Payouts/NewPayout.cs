namespace Portal.Core.Payouts;

/// <summary>A payout as somebody asked for it, not yet checked.</summary>
/// <param name="Currency">ISO code.</param>
/// <param name="AsOf">Rewards whose hold was over by then; now, where none is given.</param>
/// <param name="Minimum">Whoever is owed less waits for another payout, minor units.</param>
/// <param name="Referrers">Only these, by the product's ids; everybody where none are given.</param>
/// <param name="Note">What it is for.</param>
public sealed record NewPayout(string? Currency, DateTimeOffset? AsOf, long? Minimum, IReadOnlyList<string>? Referrers, string? Note)
{
    /// <summary>Characters of a note.</summary>
    internal const int LongestNote = 200;

    /// <summary>Referrers that can be named.</summary>
    private const int MostReferrers = 1_000;

    /// <summary>What is wrong with it, if anything; <c>invalidField</c>.</summary>
    internal Problem? Fault(DateTimeOffset now)
    {
        if (!Portal.Core.Currency.TryParse(Currency, out _)) return Wrong("currency", "currency must be a code of three letters such as EUR.");
        if (AsOf > now) return Wrong("asOf", "asOf must not lie in the future: a hold that is not over is not paid.");
        if (Minimum is < 0 or > Money.Largest) return Wrong("minimum", "minimum must be minor units, zero or more.");
        if (Referrers is { Count: 0 or > MostReferrers }) return Wrong("referrers", $"referrers must be 1 to {MostReferrers} product user ids; leave it out for everybody.");
        if (Note?.Length > LongestNote) return Wrong("note", $"note must have at most {LongestNote} characters.");
        return null;
    }

    internal static Problem Wrong(string field, string detail) => new("invalidField", detail, field);
}

/// <summary>Why somebody who has rewards to be paid is not in a payout. What is left out carries over to the next one.</summary>
public enum LeftOutReason
{
    /// <summary>As much was taken back after earlier payouts as is to be paid, or more.</summary>
    Owes,

    /// <summary>Less than the minimum.</summary>
    BelowMinimum,

    /// <summary>The payout is as long as one may be.</summary>
    Full,
}

/// <summary>What a payout pays to somebody, or why it does not.</summary>
/// <param name="ReferrerId">Our id.</param>
/// <param name="Referrer">The product's id.</param>
/// <param name="Name">A name, if known.</param>
/// <param name="Email">An e-mail address, if known.</param>
/// <param name="Amount">In all.</param>
/// <param name="LineCount">How many rewards.</param>
/// <param name="LeftOut">Why not, if not.</param>
public sealed record PlannedShare(long ReferrerId, string Referrer, string? Name, string? Email, Money Amount, int LineCount, LeftOutReason? LeftOut);

/// <summary>What a payout would be.</summary>
/// <param name="Currency">In which currency.</param>
/// <param name="Shares">Who is paid.</param>
/// <param name="LeftOut">Who is not, although there are rewards to be paid or netted.</param>
public sealed record PayoutPlan(Currency Currency, IReadOnlyList<PlannedShare> Shares, IReadOnlyList<PlannedShare> LeftOut)
{
    /// <summary>In all.</summary>
    public Money Total => new(Shares.Sum(s => s.Amount.Minor), Currency);

    /// <summary>How many rewards.</summary>
    public int LineCount => Shares.Sum(s => s.LineCount);
}
