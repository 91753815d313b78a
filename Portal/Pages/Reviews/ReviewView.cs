using Portal.Core.Reviews;

namespace Portal.Pages.Reviews;

/// <summary>A case with what each decision that is possible now would change.</summary>
/// <param name="Detail">The case.</param>
/// <param name="Previews">One per possible decision.</param>
public sealed record ReviewView(ReviewDetail Detail, IReadOnlyList<DecisionPreview> Previews)
{
    /// <summary>Whether the previews of an earlier look still hold: reckoning them costs more than looking.</summary>
    public bool StillHolds(ReviewDetail now) => Detail.StandingId == now.StandingId && Detail.Case.SettledAt == now.Case.SettledAt && Detail.Case.Question == now.Case.Question
        && Detail.Choices.SequenceEqual(now.Choices) && Detail.Rewards.SequenceEqual(now.Rewards);
}
