using Microsoft.AspNetCore.Components;
using Portal.Core.Ledger;
using Portal.Core.Rewards;
using Portal.Shared;

namespace Portal.Pages.Rewards;

/// <summary>One reward: why it is that much, from event to amount, and all that ever moved it.</summary>
public sealed partial class RewardPage
{
    /// <summary>Our id of the reward.</summary>
    [Parameter]
    public long Id { get; set; }

    [Inject]
    private RewardSearch Search { get; set; } = null!;

    private IReadOnlyList<EntrySetRow> Reversals => View is null ? [] : [.. View.EntrySets.Where(s => s.Kind == EntrySetKind.Reversed)];

    /// <summary>Whether a later fold found that there should be no such reward: what it once rested on holds no more.</summary>
    private bool IsCorrected => View is { Reward.Earned.Minor: 0, EntrySets.Count: > 0 };

    private string Correction => View!.Payment switch
    {
        null => "its invoice does not stand any more.",
        { Reason: { } reason } => $"its payment earns nothing by what is known now. {Words.OfReason(reason)}.",
        _ => "its payment is credited by another referral code or another rule by what is known now.",
    };

    /// <inheritdoc />
    protected override Task<RewardDetail?> FetchAsync(CancellationToken ct) => Search.FindAsync(Environment, Id, ct);
}
