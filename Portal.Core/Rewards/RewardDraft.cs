using Portal.Core.Campaigns;

namespace Portal.Core.Rewards;

/// <summary>A reward on its way through the limits, the parts and the hold.</summary>
internal sealed class RewardDraft
{
    /// <summary>The rule that it comes from.</summary>
    public required RewardRule Rule { get; init; }

    /// <summary>Source and account of the invoice; the portal's own for what has none.</summary>
    public required string Scope { get; init; }

    /// <summary>The invoice, if it comes from one.</summary>
    public string? InvoiceId { get; init; }

    /// <summary>When it counts.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What was earned, as far as it went.</summary>
    public required Money Earned { get; set; }

    /// <summary>What is left of it after reversals.</summary>
    public required Money Net { get; set; }

    /// <summary>1 to 12 for a monthly part.</summary>
    public int? Part { get; init; }

    /// <summary>Why it may not be paid out yet.</summary>
    public string? WaitsFor { get; set; }

    /// <summary>What is left of it before the limit per referrer.</summary>
    public long? NetBeforeCap { get; set; }

    /// <summary>How it came about so far.</summary>
    public required List<ExplanationStep> Steps { get; init; }

    /// <summary>What was taken back.</summary>
    public Money Reversed => Earned - Net;

    /// <summary>Which rule, and which part of it.</summary>
    public string Component => Part is null ? $"{Rule.Word}:{Rule.Place}" : $"{Rule.Word}:{Rule.Place}/{Part}";
}
