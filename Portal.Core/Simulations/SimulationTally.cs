namespace Portal.Core.Simulations;

/// <summary>What one referrer earns in a month and currency, minor units: a row of the table.</summary>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="Referrer">The product's id of the referrer.</param>
/// <param name="Ucc">The code.</param>
/// <param name="Currency">ISO code.</param>
/// <param name="Now">As it stands.</param>
/// <param name="Draft">As it would stand.</param>
public sealed record SimulatedCell(string Month, string Referrer, string Ucc, string Currency, long Now, long Draft);

/// <summary>
/// Compares what the referrals of each code bring by the revisions of today with what they would bring with the draft, and adds up.
/// Pure; keeps sums only, so that its size does not grow with the history.
/// </summary>
/// <param name="effectiveFrom">From when on the draft is taken to be in force.</param>
/// <param name="period">What is compared.</param>
public sealed class SimulationTally(DateTimeOffset effectiveFrom, SimulatedPeriod period)
{
    /// <summary>How many winners, and how many losers, are named in each currency.</summary>
    public const int Named = 100;

    private readonly SortedDictionary<string, Pair> _totals = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string Month, string Currency), Pair> _months = [];
    private readonly SortedDictionary<string, Pair> _reasons = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<ReferrerDifference>> _winners = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<ReferrerDifference>> _losers = new(StringComparer.Ordinal);
    private long _referrals;
    private long _referralsChanged;
    private long _payments;
    private long _paymentsChanged;

    /// <summary>Takes all referrals of a code; a referrer has one code in a campaign.</summary>
    /// <param name="referrer">The product's id of the referrer.</param>
    /// <param name="code">The code.</param>
    /// <param name="now">By the revisions of today, by identity.</param>
    /// <param name="draft">With the draft, by identity.</param>
    /// <returns>The referrer's rows of the table.</returns>
    public IReadOnlyList<SimulatedCell> Add(
        string referrer, string code, IReadOnlyDictionary<string, SimulatedReferral> now, IReadOnlyDictionary<string, SimulatedReferral> draft)
    {
        foreach (var identity in now.Keys.Union(draft.Keys))
        {
            var (today, then) = (now.GetValueOrDefault(identity) ?? SimulatedReferral.None, draft.GetValueOrDefault(identity) ?? SimulatedReferral.None);
            _referrals++;
            if (Changes(today, then)) _referralsChanged++;
        }
        AddPayments([.. now.Values], [.. draft.Values]);

        var cells = new SortedDictionary<(string Month, string Currency), Pair>();
        foreach (var (rewards, isDraft) in new[] { (now, false), (draft, true) })
        {
            foreach (var reward in rewards.Values.SelectMany(r => r.Rewards)) Count(cells, (reward.Month, reward.Net.Currency.Code), reward.Net.Minor, isDraft);
        }
        foreach (var (key, pair) in cells)
        {
            Count(_months, key, pair);
            Count(_totals, key.Currency, pair);
        }
        foreach (var own in cells.GroupBy(c => c.Key.Currency))
        {
            var sum = new ReferrerDifference(referrer, code, own.Key, own.Sum(c => c.Value.Now), own.Sum(c => c.Value.Draft));
            if (sum.Difference > 0) Note(_winners, sum);
            if (sum.Difference < 0) Note(_losers, sum);
        }
        return [.. cells.Where(c => c.Value != default).Select(c => new SimulatedCell(c.Key.Month, referrer, code, c.Key.Currency, c.Value.Now, c.Value.Draft))];
    }

    /// <summary>What was found so far.</summary>
    public SimulationReport Report() => new(
        effectiveFrom, period.From, period.To, _referrals, _referralsChanged, _payments, _paymentsChanged,
        [.. _totals.Select(t => new CurrencyDifference(t.Key, t.Value.Now, t.Value.Draft))],
        [.. _months.Select(m => new MonthDifference(m.Key.Month, m.Key.Currency, m.Value.Now, m.Value.Draft))],
        [.. _winners.Values.SelectMany(Most)],
        [.. _losers.Values.SelectMany(Most)],
        [.. _reasons.Select(r => new ReasonDifference(r.Key, r.Value.Now, r.Value.Draft))]);

    private static bool Changes(SimulatedReferral now, SimulatedReferral draft) => Differing(Sums([now]), Sums([draft])).Any();

    /// <summary>An invoice belongs to one code, but may belong to another referral of it where organisations are one: so payments are compared within the code.</summary>
    private void AddPayments(IReadOnlyList<SimulatedReferral> now, IReadOnlyList<SimulatedReferral> draft)
    {
        var (today, then) = (Payments(now), Payments(draft));
        var changed = Differing(Sums(now), Sums(draft)).Select(s => s.Cause).ToHashSet();
        foreach (var name in today.Keys.Union(then.Keys))
        {
            _payments++;
            if (changed.Contains(name)) _paymentsChanged++;
        }
        foreach (var reason in today.Values.OfType<string>()) Count(_reasons, reason, 1, isDraft: false);
        foreach (var reason in then.Values.OfType<string>()) Count(_reasons, reason, 1, isDraft: true);
    }

    private static Dictionary<string, string?> Payments(IEnumerable<SimulatedReferral> referrals) =>
        referrals.SelectMany(r => r.Payments).GroupBy(p => p.Name).ToDictionary(g => g.Key, g => g.First().Reason);

    private static HashSet<(string Cause, string Month, Currency Currency, long Sum)> Sums(IEnumerable<SimulatedReferral> referrals) =>
        [.. referrals.SelectMany(r => r.Rewards).GroupBy(r => (r.Cause, r.Month, r.Net.Currency)).Select(g => (g.Key.Cause, g.Key.Month, g.Key.Currency, g.Sum(r => r.Net.Minor))).Where(s => s.Item4 != 0)];

    private static IEnumerable<T> Differing<T>(HashSet<T> now, HashSet<T> draft) => now.Except(draft).Concat(draft.Except(now));

    private static void Note(SortedDictionary<string, List<ReferrerDifference>> all, ReferrerDifference one)
    {
        if (!all.TryGetValue(one.Currency, out var most)) all[one.Currency] = most = [];
        most.Add(one);
        if (most.Count >= 10 * Named) all[one.Currency] = Most(most);
    }

    private static List<ReferrerDifference> Most(List<ReferrerDifference> all) =>
        [.. all.OrderByDescending(d => Math.Abs(d.Difference)).ThenBy(d => d.Referrer, StringComparer.Ordinal).Take(Named)];

    private static void Count<TKey>(SortedDictionary<TKey, Pair> sums, TKey key, long amount, bool isDraft) where TKey : notnull =>
        Count(sums, key, isDraft ? new Pair(0, amount) : new Pair(amount, 0));

    private static void Count<TKey>(SortedDictionary<TKey, Pair> sums, TKey key, Pair more) where TKey : notnull
    {
        var so = sums.GetValueOrDefault(key);
        sums[key] = new Pair(checked(so.Now + more.Now), checked(so.Draft + more.Draft));
    }

    private readonly record struct Pair(long Now, long Draft);
}
