namespace Portal.Core.Payouts;

/// <summary>What a payout may still pay, reckoned in one place: for the page, for the file and for what is posted.</summary>
internal static class PayoutReckoning
{
    /// <summary>What may be paid of a reward, above zero; or what its referrer owes of it, below zero.</summary>
    /// <param name="unpaid">Earned less reversed less paid.</param>
    /// <param name="isHeld">Whether it is in its hold or waits for something: then nothing is paid. What is owed is owed all the same.</param>
    public static long Open(long unpaid, bool isHeld) => isHeld && unpaid > 0 ? 0 : unpaid;

    /// <summary>
    /// What each line of one referrer comes to now: never more than it says and never more than is open; and no more is netted than is paid,
    /// so that nobody's payout is below zero.
    /// </summary>
    /// <param name="lines">What each says, and what is open of its reward.</param>
    public static long[] Due(IReadOnlyList<(long Amount, long Open)> lines)
    {
        var due = new long[lines.Count];
        var toPay = 0L;
        for (var i = 0; i < due.Length; i++)
        {
            if (lines[i].Amount > 0) toPay += due[i] = Math.Clamp(lines[i].Open, 0, lines[i].Amount);
        }
        for (var i = 0; i < due.Length; i++)
        {
            if (lines[i].Amount < 0) toPay += due[i] = Math.Max(Math.Clamp(lines[i].Open, lines[i].Amount, 0), -toPay);
        }
        return due;
    }
}
