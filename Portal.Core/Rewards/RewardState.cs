using System.Linq.Expressions;

namespace Portal.Core.Rewards;

/// <summary>What a reward's amounts and the time make of it; derived, never stored.</summary>
public enum RewardState
{
    /// <summary>In its hold, or waiting for a review or a dispute.</summary>
    Pending,

    /// <summary>Past its hold, payable.</summary>
    Approved,

    /// <summary>Paid out.</summary>
    Paid,

    /// <summary>Taken back in full before it was paid out, or corrected to nothing.</summary>
    Cancelled,

    /// <summary>Taken back, in part or in full, after it was paid out.</summary>
    ClawedBack,
}

/// <summary>The derivation, in one place: for a row in memory and for the database.</summary>
internal static class RewardStates
{
    /// <summary>The state of one reward.</summary>
    public static RewardState Of(long earned, long reversed, long paid, long clawedBack, bool isHeld)
    {
        if (earned == reversed) return clawedBack > 0 || paid > 0 ? RewardState.ClawedBack : RewardState.Cancelled;
        if (paid > earned - reversed) return RewardState.ClawedBack;
        if (paid == earned - reversed) return RewardState.Paid;
        return isHeld ? RewardState.Pending : RewardState.Approved;
    }

    /// <summary>The rewards that are in a state.</summary>
    public static Expression<Func<Reward, bool>> Are(RewardState state, DateTimeOffset now) => state switch
    {
        RewardState.Cancelled => r => r.Earned == r.Reversed && r.ClawedBack == 0 && r.Paid == 0,
        RewardState.ClawedBack => r => r.Paid > r.Earned - r.Reversed || (r.Earned == r.Reversed && r.ClawedBack > 0),
        RewardState.Paid => r => r.Earned != r.Reversed && r.Paid == r.Earned - r.Reversed,
        RewardState.Pending => r => r.Paid < r.Earned - r.Reversed && (r.HoldUntil > now || r.WaitsFor != null),
        _ => r => r.Paid < r.Earned - r.Reversed && r.HoldUntil <= now && r.WaitsFor == null,
    };
}
