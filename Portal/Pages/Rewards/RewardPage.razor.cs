using Microsoft.AspNetCore.Components;
using Portal.Core.Ledger;
using Portal.Core.Rewards;

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

    /// <inheritdoc />
    protected override Task<RewardDetail?> FetchAsync(CancellationToken ct) => Search.FindAsync(Environment, Id, ct);
}
