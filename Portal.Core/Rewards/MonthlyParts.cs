using Portal.Core.Facts;

namespace Portal.Core.Rewards;

/// <summary>The reward of an annual payment in twelve monthly parts that sum to the whole.</summary>
internal static class MonthlyParts
{
    /// <summary>How many.</summary>
    public const int Count = 12;

    private static readonly TimeSpan Year = TimeSpan.FromDays(360);

    /// <summary>Whether an invoice bills whole years only.</summary>
    public static bool IsAnnual(InvoicePaid invoice) =>
        invoice.Lines.Any(l => l.Net > 0) && invoice.Lines.Where(l => l.Net > 0).All(l => l is { From: { } from, To: { } to } && to - from >= Year);

    /// <summary>
    /// The part of a whole, 1 for the first: all equal, and what does not divide goes one minor unit each to the last ones. A part of
    /// more is never less, so that what is taken back of a part never exceeds it.
    /// </summary>
    public static long Part(long whole, int part) => (whole / Count) + (part > Count - (whole % Count) ? 1 : 0);

    /// <summary>The parts of a draft, one a month from its payment on.</summary>
    public static IEnumerable<RewardDraft> Of(RewardDraft draft)
    {
        if (draft.Earned.Minor == 0)
        {
            yield return draft;   // a limit left nothing to divide
            yield break;
        }
        for (var part = 1; part <= Count; part++)
        {
            var earned = draft.Earned with { Minor = Part(draft.Earned.Minor, part) };
            if (earned.Minor == 0) continue;
            yield return new RewardDraft
            {
                Rule = draft.Rule,
                Scope = draft.Scope,
                InvoiceId = draft.InvoiceId,
                At = draft.At.MonthsLater(part - 1),
                Earned = earned,
                Net = draft.Net with { Minor = Part(draft.Net.Minor, part) },
                Part = part,
                WaitsFor = draft.WaitsFor,
                Steps = [.. draft.Steps, new("part", $"An annual payment is rewarded in {Count} monthly parts; this is part {part}.", $"{draft.Earned} / {Count} → {earned}", [])],
            };
        }
    }
}
