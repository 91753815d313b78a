using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Rewards;

namespace Portal.Core.Ledger;

/// <summary>A movement of one amount of a reward, to be posted.</summary>
/// <param name="Reward">The reward, already saved.</param>
/// <param name="Kind">Which amount.</param>
/// <param name="Amount">By how much, minor units; positive raises.</param>
/// <param name="Cause">What caused it.</param>
public sealed record Posting(Reward Reward, EntrySetKind Kind, long Amount, Cause Cause);

/// <summary>What caused a posting.</summary>
/// <param name="Kind"><c>event</c>, <c>code</c>, <c>referrer</c>, <c>revision</c>, <c>rate</c>, <c>decision</c>, <c>rebuild</c>, <c>upgrade</c> or <c>payout</c>.</param>
/// <param name="Id">Of the event in our inbox, the code, the revision, the decision and so on.</param>
public sealed record Cause(string Kind, string Id)
{
    /// <summary>An event caused it.</summary>
    public static Cause Event(long id) => new("event", id.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>The one way into the ledger: balanced sets, entries first, each set's arrival sealing them.</summary>
public static class Journal
{
    /// <summary>
    /// The postings that bring a reward from what stands to what should stand, in an order in which no step takes back more
    /// than was earned: earnings up, reversals, earnings down.
    /// </summary>
    public static IEnumerable<(EntrySetKind Kind, long Amount)> Difference((long Earned, long Reversed) stands, (long Earned, long Reversed) should)
    {
        var (earned, reversed) = (should.Earned - stands.Earned, should.Reversed - stands.Reversed);
        if (earned > 0) yield return (EntrySetKind.Earned, earned);
        if (reversed != 0) yield return (EntrySetKind.Reversed, reversed);
        if (earned < 0) yield return (EntrySetKind.Earned, earned);
    }

    /// <summary>Writes the postings in order. Saves: entries first, then the sets.</summary>
    public static void Post(PortalDb db, IReadOnlyList<Posting> postings, DateTimeOffset now)
    {
        if (postings.Count == 0) return;
        var (entries, sets) = (new List<LedgerEntry>(3 * postings.Count), new List<LedgerEntrySet>(postings.Count));
        var ids = db.TakeIds<LedgerEntrySet>(postings.Count);
        var unpaid = Unpaid(db, postings);
        foreach (var posting in postings)
        {
            var set = SetOf(ids[sets.Count], posting, now);
            foreach (var (account, amount) in Lines(posting.Kind, posting.Amount, unpaid[posting.Reward.Id]))
            {
                if (amount != 0) entries.Add(EntryOf(set, account, account == LedgerAccount.RewardExpense ? null : posting.Reward.ReferrerId, amount));
            }
            unpaid[posting.Reward.Id] += posting.Kind == EntrySetKind.Earned ? posting.Amount : -posting.Amount;
            sets.Add(set);
        }
        PreparedRows<LedgerEntry>.Insert(db, entries);
        PreparedRows<LedgerEntrySet>.Insert(db, sets);   // in order: it matters to the constraint that no reversal exceeds its reward
    }

    /// <summary>
    /// What is unpaid of each reward at this moment: a payout may have been settled since the postings were reckoned, and changes nothing
    /// in them. Another posting of what was earned or reversed does, and breaks the run off, to be tried again.
    /// </summary>
    private static Dictionary<long, long> Unpaid(PortalDb db, IReadOnlyList<Posting> postings)
    {
        var unpaid = new Dictionary<long, long>();
        foreach (var some in postings.Select(p => p.Reward).DistinctBy(r => r.Id).Chunk(500))
        {
            var ids = some.Select(r => r.Id).ToList();
            var stands = db.Rewards.AsNoTracking().Where(r => ids.Contains(r.Id)).Select(r => new { r.Id, r.Earned, r.Reversed, r.Paid }).ToDictionary(r => r.Id);
            foreach (var reward in some)
            {
                var now = stands[reward.Id];
                if ((now.Earned, now.Reversed) != (reward.Earned, reward.Reversed)) throw new InvalidOperationException($"Reward {reward.Id} was moved by somebody else meanwhile.");
                unpaid[reward.Id] = now.Earned - now.Reversed - now.Paid;
            }
        }
        return unpaid;
    }

    /// <summary>
    /// The lines of a posting. What is owed to the referrer stands in Payable; where more was taken back than is still unpaid, the rest
    /// is owed by the referrer and stands in Receivable, until future earnings settle it.
    /// </summary>
    /// <param name="kind">Which amount of the reward moves.</param>
    /// <param name="amount">By how much.</param>
    /// <param name="unpaid">Earned less reversed less paid before it: below zero, the referrer owes.</param>
    internal static (LedgerAccount Account, long Amount)[] Lines(EntrySetKind kind, long amount, long unpaid)
    {
        var after = unpaid + (kind == EntrySetKind.Earned ? amount : -amount);
        var (payable, receivable) = (Math.Max(after, 0) - Math.Max(unpaid, 0), Math.Max(-after, 0) - Math.Max(-unpaid, 0));
        return
        [
            (kind == EntrySetKind.Paid ? LedgerAccount.PaidOut : LedgerAccount.RewardExpense, payable - receivable),
            (LedgerAccount.Payable, -payable),
            (LedgerAccount.Receivable, receivable),
        ];
    }

    private static LedgerEntrySet SetOf(long id, Posting posting, DateTimeOffset now) => new()
    {
        Id = id,
        Environment = posting.Reward.Environment,
        PostedAt = now,
        Kind = posting.Kind,
        RewardId = posting.Reward.Id,
        Amount = posting.Amount,
        Currency = posting.Reward.Currency,
        CauseKind = posting.Cause.Kind,
        CauseId = posting.Cause.Id,
    };

    private static LedgerEntry EntryOf(LedgerEntrySet set, LedgerAccount account, long? referrerId, long amount) => new()
    {
        EntrySetId = set.Id,
        Environment = set.Environment,
        Account = account,
        ReferrerId = referrerId,
        Currency = set.Currency,
        Amount = amount,
    };
}
