using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Reviews;

namespace Portal.Core.Pipeline;

/// <summary>
/// Tries decisions out: loads all that a case touches, sets the decision, folds in memory and compares with what stands. Nothing is
/// saved. What the referrer's other referrals gain or lose by it, through steps and limits that look across referrals, is part of it.
/// </summary>
public sealed class DecisionPreviews(PortalStore store)
{
    /// <summary>Other referrals of a referrer that are folded for a preview; where there are more, they are left out and the preview says so.</summary>
    public const int MostReferrals = 200;

    /// <summary>What each of these decisions about a case would change.</summary>
    public async Task<IReadOnlyList<DecisionPreview>> TryAsync(PortalEnvironment environment, long caseId, IEnumerable<string> choices, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        if (await db.ReviewCases.SingleOrDefaultAsync(c => c.Id == caseId && c.Environment == environment, ct) is not { } review) return [];
        var customers = await Refold.CustomersOfAsync(db, review, ct);
        var previews = new List<DecisionPreview>();
        foreach (var choice in choices) previews.Add(await TryAsync(db, review, customers, new Decision(long.MaxValue, review.Key, choice), ct));
        return previews;
    }

    private static async Task<DecisionPreview> TryAsync(PortalDb db, ReviewCase review, List<CustomerKey> customers, Decision decision, CancellationToken ct)
    {
        var book = await FoldAsync(db, review, customers, decision, ct);
        if (book.Stirred.Count == 0) return Compare(book, decision.Choice, isPartial: false);
        var codes = book.Stirred.ToList();
        var others = await db.Referrals.Where(r => r.Environment == review.Environment && codes.Contains(r.Code!)).OrderBy(r => r.Id).Take(MostReferrals + 1).ToListAsync(ct);
        if (others.Count > MostReferrals) return Compare(book, decision.Choice, isPartial: true);
        var peers = await Refold.CustomersOfAsync(db, review.Environment, others, ct);
        return Compare(await FoldAsync(db, review, [.. customers.Union(peers)], decision, ct), decision.Choice, isPartial: false);
    }

    private static async Task<ReferralBook> FoldAsync(PortalDb db, ReviewCase review, List<CustomerKey> customers, Decision decision, CancellationToken ct)
    {
        var book = await new ReferralBookLoader(db, review.Environment).LoadAsync([], customers, ct);
        book.Decisions[review.Key] = decision;
        var cause = new Cause(RefoldRequest.OfDecision, "preview");
        book.Fold(customers, cause);
        if (book.Stirred.Count > 0) book.Fold(customers, cause);   // those that came first have not seen what the later ones brought
        return book;
    }

    private static DecisionPreview Compare(ReferralBook book, string choice, bool isPartial) =>
        DecisionPreview.Of(choice, book.Rewards.Values.Where(l => l.Standing is not null || l.Gone).Select(l => Change(book, l)), isPartial);

    private static RewardChange Change(ReferralBook book, RewardLine line)
    {
        var stored = line.Stored;
        var currency = line.Standing?.Earned.Currency ?? Currency.Parse(stored!.Currency);
        var code = stored?.Code ?? line.Code!.Code;
        var (invoice, component) = (line.Standing?.InvoiceId ?? stored?.InvoiceId, line.Standing?.Component ?? stored!.Component);
        return new RewardChange(line.Key, stored?.Id, book.Codes.GetValueOrDefault(code)?.ProductUserId ?? code, invoice, component, new Money(stored?.Paid ?? 0, currency),
            Stand(stored?.Earned ?? 0, stored?.Reversed ?? 0, stored?.WaitsFor, currency), Stand(line.Earned, line.Reversed, line.Standing?.WaitsFor, currency));
    }

    private static RewardStand Stand(long earned, long reversed, string? waitsFor, Currency currency) =>
        new(new Money(earned, currency), new Money(reversed, currency), waitsFor is not null && earned != reversed);
}
