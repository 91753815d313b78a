using System.Globalization;
using Portal.Core.Rewards;

namespace Portal.Core.Simulations;

/// <summary>The part of time that a simulation compares, by when a reward counts and when an invoice was paid.</summary>
/// <param name="From">From this moment on; null from the beginning.</param>
/// <param name="To">Before this moment; null without end.</param>
public readonly record struct SimulatedPeriod(DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>Whether a moment lies in it.</summary>
    public bool Has(DateTimeOffset at) => !(at < From) && !(at >= To);
}

/// <summary>What a simulation keeps of a reward.</summary>
/// <param name="Cause">The invoice, or the signup or demonstration.</param>
/// <param name="Month">When it counts, as <c>2026-01</c>, UTC.</param>
/// <param name="Net">What is left of it after reversals.</param>
public sealed record SimulatedReward(string Cause, string Month, Money Net);

/// <summary>What a simulation keeps of a paid invoice.</summary>
/// <param name="Name">The invoice.</param>
/// <param name="Reason">Why it earns nothing, one of <see cref="ReasonCodes"/>; null when it earns something.</param>
public sealed record SimulatedPayment(string Name, string? Reason);

/// <summary>What a simulation keeps of a folded referral: a few words of each reward and payment of the period, without the explanations.</summary>
/// <param name="Rewards">Its rewards.</param>
/// <param name="Payments">Its paid invoices.</param>
public sealed record SimulatedReferral(IReadOnlyList<SimulatedReward> Rewards, IReadOnlyList<SimulatedPayment> Payments)
{
    /// <summary>A referral that is not there.</summary>
    public static readonly SimulatedReferral None = new([], []);

    /// <summary>What the period has of a fold.</summary>
    public static SimulatedReferral Of(FoldedReferral folded, SimulatedPeriod period) => new(
        [.. folded.Rewards.Where(r => period.Has(r.At)).Select(r => new SimulatedReward(
            r.InvoiceId is { } invoice ? Name(r.Scope, invoice) : r.Component, r.At.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture), r.Earned - r.Reversed))],
        [.. folded.Payments.Where(p => p.Kind == "invoice" && period.Has(p.PaidAt)).Select(p => new SimulatedPayment(Name(p.Scope, p.ExternalId), p.Reason))]);

    private static string Name(string scope, string invoice) => $"{scope}/{invoice}";
}
