using System.Globalization;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Pipeline;

namespace Portal.Core.Reviews;

/// <summary>A decision about to be made.</summary>
/// <param name="Choice">One of the case's choices, or <see cref="Decision.Reopen"/>.</param>
/// <param name="Reason">Why, 1 to 500 characters.</param>
/// <param name="ExpectedDecisionId">The decision that the person saw standing; null where the case was open.</param>
public sealed record NewDecision(string? Choice, string? Reason, long? ExpectedDecisionId);

/// <summary>Where people decide cases. A decision is written once, and what it concerns is folded again.</summary>
public sealed class ReviewDesk(PortalStore store, DecisionPreviews previews, InboxSignal signal, TimeProvider clock)
{
    /// <summary>The longest reason.</summary>
    public const int LongestReason = 500;

    /// <summary>Decides.</summary>
    /// <returns>The decision; problems <c>notFound</c>, <c>invalidField</c>, <c>caseAnswered</c>, <c>decidedMeanwhile</c>, <c>nothingToReopen</c>, <c>decidedSo</c>.</returns>
    public async Task<Outcome<DecisionRow>> DecideAsync(PortalEnvironment environment, long caseId, NewDecision wanted, Actor actor, CancellationToken ct)
    {
        if (wanted.Reason?.Trim() is not { Length: > 0 and <= LongestReason } reason)
            return new Problem("invalidField", $"reason must have 1 to {LongestReason} characters: it is what others will read.", "reason");
        var outcome = await store.WriteAsync(db => Decide(db, environment, caseId, wanted with { Reason = reason }, actor), ct);
        if (outcome.TryGet(out _, out _)) signal.Wake();
        return outcome;
    }

    /// <summary>What a decision would change, with the same checks and without making it.</summary>
    public async Task<Outcome<DecisionPreview>> TryAsync(PortalEnvironment environment, long caseId, NewDecision wanted, CancellationToken ct)
    {
        await using (var db = store.OpenRead())
        {
            if (!Check(db, environment, caseId, wanted).TryGet(out _, out var problem)) return problem;
        }
        return (await previews.TryAsync(environment, caseId, [wanted.Choice!], ct))[0];
    }

    private Outcome<DecisionRow> Decide(PortalDb db, PortalEnvironment environment, long caseId, NewDecision wanted, Actor actor)
    {
        if (!Check(db, environment, caseId, wanted).TryGet(out var checkedCase, out var problem)) return problem;
        var now = clock.GetUtcNow();
        var decision = new StoredDecision
        {
            Environment = environment,
            CaseKey = checkedCase.Case.Key,
            Choice = wanted.Choice!,
            Reason = wanted.Reason!,
            DecidedAt = now,
            DecidedBy = actor.Name,
        };
        db.ReviewDecisions.Add(decision);
        db.SaveChanges();   // it has its id now
        db.RefoldRequests.Add(new RefoldRequest
        {
            Environment = environment, CauseKind = RefoldRequest.OfDecision, CauseId = decision.Id.ToString(CultureInfo.InvariantCulture), RequestedAt = now,
        });
        db.Audit(actor, now, environment, wanted.Choice == Decision.Reopen ? "reviewCase.reopened" : "reviewCase.decided", checkedCase.Case.Key,
            checkedCase.Standing?.Choice ?? "open", $"{(wanted.Choice == Decision.Reopen ? "open" : wanted.Choice)}: {wanted.Reason}");
        return new DecisionRow(decision.Id, decision.Choice, decision.Reason, now, actor.Name);
    }

    private static Outcome<CheckedCase> Check(PortalDb db, PortalEnvironment environment, long caseId, NewDecision wanted)
    {
        if (db.ReviewCases.SingleOrDefault(c => c.Id == caseId && c.Environment == environment) is not { } review)
            return new Problem("notFound", $"There is no review case {caseId} in {environment.Slug()}.", Kind: ProblemKind.Missing);
        var choices = ReviewSearch.ChoicesOf(review);
        var known = choices.Select(c => c.Choice).Append(Decision.Reopen).ToList();
        if (wanted.Choice is null || !known.Contains(wanted.Choice))
            return new Problem("invalidField", $"choice must be one of {string.Join(", ", known)}.", "choice");
        if (review is { SettledAt: not null, DecisionId: null })
            return new Problem("caseAnswered", "Later events answered this question, so there is nothing left to decide.", Kind: ProblemKind.Conflict);
        var newest = db.ReviewDecisions.Where(d => d.Environment == environment && d.CaseKey == review.Key).OrderByDescending(d => d.Id).FirstOrDefault();
        var standing = ReviewSearch.StandingOf(newest, choices);
        if (standing?.Id != wanted.ExpectedDecisionId)
        {
            return new Problem("decidedMeanwhile", standing is null
                ? "The decision that you saw was taken back meanwhile: the case is open."
                : $"{standing.DecidedBy} decided \"{standing.Choice}\" meanwhile (decision {standing.Id}): {standing.Reason}", "expectedDecisionId", ProblemKind.Conflict);
        }
        if (wanted.Choice == Decision.Reopen && standing is null) return new Problem("nothingToReopen", "No decision stands that could be taken back.", "choice", ProblemKind.Conflict);
        if (wanted.Choice == standing?.Choice) return new Problem("decidedSo", "This is what stands already.", "choice", ProblemKind.Conflict);
        return new CheckedCase(review, standing);
    }

    private sealed record CheckedCase(ReviewCase Case, StoredDecision? Standing);
}
