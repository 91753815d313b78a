using System.Text.Json.Serialization;
using Portal.Core.Ledger;

namespace Portal.Core.Rebuild;

/// <summary>What a difference is about.</summary>
public enum DifferenceKind
{
    /// <summary>A fact that no event tells, that is missing, or that its event tells otherwise.</summary>
    Fact,

    /// <summary>Who a customer is.</summary>
    Customer,

    /// <summary>Who is credited with a referral, since when, by which revision.</summary>
    Referral,

    /// <summary>What is earned or taken back, and until when it is held.</summary>
    Reward,

    /// <summary>A payment, or why it earns nothing.</summary>
    Payment,

    /// <summary>A question for a person.</summary>
    Case,

    /// <summary>It could not be recomputed at all.</summary>
    Failure,
}

/// <summary>Something that stands otherwise than the stored events and decisions say.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Unit">The referral as <c>user:42</c>, or the customer without one as <c>customer:stripe/cus_1</c>.</param>
/// <param name="Subject">What differs: the reward's key, <c>invoice in_1</c>, the case's key, the fact's natural key.</param>
/// <param name="Before">What stands.</param>
/// <param name="After">What should stand.</param>
public sealed record RebuildDifference(DifferenceKind Kind, string Unit, string Subject, string Before, string After)
{
    /// <summary>Our id of the referral, if it is stored.</summary>
    public long? ReferralId { get; init; }

    /// <summary>Our id of the reward, if it is stored.</summary>
    public long? RewardId { get; init; }

    /// <summary>The event that tells the fact.</summary>
    public long? EventId { get; init; }

    /// <summary>The reward's currency.</summary>
    public string? Currency { get; init; }

    /// <summary>By how much the reward's earnings less reversals should change, minor units.</summary>
    public long Change { get; init; }

    /// <summary>The reward as the fingerprint should take it.</summary>
    [JsonIgnore]
    internal FingerprintLine? Should { get; init; }
}

/// <summary>How much all rewards should change in one currency.</summary>
/// <param name="Currency">ISO code.</param>
/// <param name="Change">Minor units.</param>
public sealed record RebuildSum(string Currency, long Change);

/// <summary>What a rebuild found.</summary>
/// <param name="Hash">The fingerprint of what should stand.</param>
/// <param name="StoredHash">The fingerprint of what stands, at the same moment.</param>
/// <param name="Rewards">How many rewards should stand.</param>
/// <param name="Differences">Everything that differs.</param>
public sealed record RebuildReport(string Hash, string StoredHash, long Rewards, IReadOnlyList<RebuildDifference> Differences)
{
    /// <summary>The most differences that are kept with a run; their number is in <see cref="DifferencesInAll"/>.</summary>
    public const int MostKept = 1_000;

    /// <summary>How many differences there are.</summary>
    public int DifferencesInAll { get; init; } = Differences.Count;

    /// <summary>What they come to.</summary>
    public IReadOnlyList<RebuildSum> Sums { get; init; } =
        [.. Differences.Where(d => d.Change != 0).GroupBy(d => d.Currency!).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new RebuildSum(g.Key, g.Sum(d => d.Change)))];

    /// <summary>Rewards and payments whose amounts are right, but whose explanation would be worded otherwise today.</summary>
    public int Reworded { get; init; }

    /// <summary>Folds that other changes had asked for and that were still to be done: differences may come from them.</summary>
    public int FoldsWaiting { get; init; }

    /// <summary>Events read.</summary>
    public long Events { get; init; }

    /// <summary>Those of them whose payload was removed: their facts were taken as they are stored.</summary>
    public long FromFacts { get; init; }

    /// <summary>Those of these that an earlier version of the readers had read: what today's would tell of them cannot be known.</summary>
    public long FromOlderReading { get; init; }

    /// <summary>Facts that these events tell, each as often as it is told.</summary>
    public long Facts { get; init; }

    /// <summary>Referrals folded.</summary>
    public long Referrals { get; init; }

    /// <summary>Seconds spent on the events.</summary>
    public double ReadingSeconds { get; init; }

    /// <summary>Seconds spent in all.</summary>
    public double Seconds { get; init; }

    /// <summary>The most memory that the process held, in bytes, whatever else it did meanwhile.</summary>
    public long PeakMemory { get; init; }

    /// <summary>As it is kept: the first differences only.</summary>
    public RebuildReport Shortened() => Differences.Count <= MostKept ? this : this with { Differences = [.. Differences.Take(MostKept)] };
}

/// <summary>How far a rebuild is.</summary>
/// <param name="Events">Events read.</param>
/// <param name="Referrals">Referrals folded.</param>
/// <param name="Percent">Of the whole, 0 to 100.</param>
public readonly record struct RebuildProgress(long Events, long Referrals, int Percent);
