using System.Globalization;
using Portal.Core;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Payouts;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Portal.Core.Sources;

namespace Portal.Shared;

/// <summary>What the pages call things. One place, so that a thing has one name.</summary>
public static class Words
{
    /// <summary>An environment's name.</summary>
    public static string Of(PortalEnvironment environment) => environment == PortalEnvironment.Production ? "Production" : "Sandbox";

    /// <summary>What an environment holds.</summary>
    public static string Holds(PortalEnvironment environment) => environment == PortalEnvironment.Production ? "real money" : "test data";

    /// <summary>A source's name.</summary>
    public static string OfSource(string source) => source switch
    {
        "stripe" => "Stripe",
        "chargebee" => "Chargebee",
        "api" => "API",
        "auto" => "Auto attribution",
        _ => source,
    };

    /// <summary>A way of being paid.</summary>
    public static string OfPayoutMethod(string method) => method switch
    {
        "paypal" => "PayPal",
        "venmo" => "Venmo",
        "bank" => "Bank account",
        _ => "Another way",
    };

    /// <summary>What an event's status means.</summary>
    public static string Explain(CheckLevel? status) => status switch
    {
        CheckLevel.Ok => "Every checked field is as it should be",
        CheckLevel.Warning => "Accepted, but something recommended is missing or odd",
        CheckLevel.Error => "A required field is missing or malformed",
        _ => "Not read yet",
    };

    /// <summary>What an event's state means.</summary>
    public static string Explain(EventState state) => state switch
    {
        EventState.Pending => "Stored; its turn comes within seconds",
        EventState.Processed => "Read, and all that it tells is known",
        EventState.Ignored => "Kept, but there is nothing to do for it",
        EventState.Waiting => "Read; waits for another event to arrive",
        _ => "Given up; resend it once the cause is mended",
    };

    /// <summary>A reward's state.</summary>
    public static string Of(RewardState state) => state switch
    {
        RewardState.Pending => "In hold",
        RewardState.Approved => "Approved",
        RewardState.Paid => "Paid",
        RewardState.ClawedBack => "Clawed back",
        _ => "Cancelled",
    };

    /// <summary>What a reward's state means.</summary>
    public static string Explain(RewardState state) => state switch
    {
        RewardState.Pending => "Earned, but not payable before the hold ends and what it waits for is settled",
        RewardState.Approved => "Past its hold: payable",
        RewardState.Paid => "Paid out",
        RewardState.ClawedBack => "Taken back after it was paid out: settled by what is earned next",
        _ => "Nothing is left of it: taken back, or corrected to nothing",
    };

    /// <summary>A payout's state.</summary>
    public static string Explain(PayoutState state) => state switch
    {
        PayoutState.Draft => "Put together; nothing is posted",
        PayoutState.Approved => "Looked at and agreed; to be paid and settled",
        PayoutState.Settled => "Paid out, and posted in the ledger",
        _ => "Given up; its rewards may stand in another payout",
    };

    /// <summary>Why somebody is not in a payout.</summary>
    public static string Of(LeftOutReason reason) => reason switch
    {
        LeftOutReason.Owes => "Owes as much from earlier payouts",
        LeftOutReason.BelowMinimum => "Below the minimum",
        _ => "The payout is full",
    };

    /// <summary>What a reward waits for.</summary>
    public static string OfWait(string waits) => waits == WaitReasons.Dispute ? "the end of a dispute" : "a review";

    /// <summary>Why a payment earned nothing, in a few words.</summary>
    public static string OfReason(string? reason) => reason switch
    {
        null => "Earned a reward",
        ReasonCodes.NoIdentity => "Customer has no new_user_id",
        ReasonCodes.NoCode => "Came without a referrer",
        ReasonCodes.UnknownCode => "Code belongs to nobody",
        ReasonCodes.SelfReferral => "Referred themselves",
        ReasonCodes.ZeroAmount => "Nothing was collected",
        ReasonCodes.NoRule => "No purchase rule at signup",
        ReasonCodes.OutsideWindow => "After the last rewarded month",
        ReasonCodes.PaymentsUsedUp => "Rewarded payments used up",
        ReasonCodes.PaidBeforeAttribution => "Paid long before the attribution",
        ReasonCodes.RoundsToZero => "Share rounds to zero",
        ReasonCodes.ChargeWithoutInvoice => "Charge without an invoice",
        ReasonCodes.CustomerRemoved => "After the customer was deleted",
        ReasonCodes.SubscriptionEnded => "After the subscription ended",
        ReasonCodes.BelowMinimum => "Below the smallest invoice",
        ReasonCodes.OtherProduct => "Bills no rewarded product",
        ReasonCodes.NotFirstPurchase => "Not the first purchase",
        ReasonCodes.CapReached => "Limit used up",
        ReasonCodes.RejectedByReview => "Rejected in review",
        _ => reason,
    };

    /// <summary>The reasons that can be filtered by.</summary>
    public static readonly IReadOnlyList<string> Reasons =
    [
        ReasonCodes.NoIdentity, ReasonCodes.NoCode, ReasonCodes.UnknownCode, ReasonCodes.SelfReferral, ReasonCodes.ZeroAmount, ReasonCodes.NoRule,
        ReasonCodes.OutsideWindow, ReasonCodes.PaymentsUsedUp, ReasonCodes.PaidBeforeAttribution, ReasonCodes.RoundsToZero, ReasonCodes.ChargeWithoutInvoice,
        ReasonCodes.CustomerRemoved, ReasonCodes.SubscriptionEnded, ReasonCodes.BelowMinimum, ReasonCodes.OtherProduct, ReasonCodes.NotFirstPurchase,
        ReasonCodes.CapReached, ReasonCodes.RejectedByReview,
    ];

    /// <summary>An account of the books.</summary>
    public static string Of(LedgerAccount account) => account switch
    {
        LedgerAccount.RewardExpense => "Reward expense",
        LedgerAccount.Payable => "Payable",
        LedgerAccount.PaidOut => "Paid out",
        _ => "Receivable",
    };

    /// <summary>What an entry set did.</summary>
    public static string Of(EntrySetRow set) => (set.Kind, set.Amount.Minor > 0) switch
    {
        (EntrySetKind.Earned, true) => "Earned",
        (EntrySetKind.Earned, false) => "Earning corrected down",
        (EntrySetKind.Reversed, true) => "Taken back",
        (EntrySetKind.Paid, true) => "Paid out",
        (EntrySetKind.Paid, false) => "Settled by other earnings",
        _ => "Given back",
    };

    /// <summary>A step of an explanation.</summary>
    public static string OfStep(string name) => name switch
    {
        "payment" => "Payment",
        "identity" => "Identity",
        "attribution" => "Attribution",
        "revision" => "Terms",
        "window" => "Time window",
        "base" => "Base amount",
        "reward" => "Reward",
        "refund" => "Money given back",
        "review" => "Review",
        "minimum" => "Smallest invoice",
        "dispute" => "Dispute",
        "cap" => "Limit",
        "part" => "Monthly part",
        "hold" => "Hold",
        _ => Capital(name),
    };

    /// <summary>What an event waits for, by the first word of its key.</summary>
    public static string OfWaiting(string kind) => kind switch
    {
        "customer" => "for a customer's new_user_id",
        "charge" => "for a charge not seen yet",
        "paymentIntent" => "for a payment not seen yet",
        "invoice" => "for an invoice not seen yet",
        _ => "for something else",
    };

    /// <summary>A kind of unclear case.</summary>
    public static string OfCase(string kind) => kind switch
    {
        ReviewKinds.CodeChanged => "Another referral code came later",
        ReviewKinds.IdentityChanged => "A customer changed identity",
        ReviewKinds.SelfReferral => "Perhaps a self-referral",
        ReviewKinds.AmbiguousRefund => "A refund fits several invoices",
        ReviewKinds.NoRate => "No exchange rate",
        ReviewKinds.PaidOutOfBand => "Paid outside the provider",
        ReviewKinds.LinesIncomplete => "Not all lines are known",
        ReviewKinds.FraudWarning => "Fraud warning",
        ReviewKinds.DisputeUnclear => "Dispute in another currency",
        _ => Capital(kind),
    };

    /// <summary>The kinds that can be filtered by.</summary>
    public static readonly IReadOnlyList<string> Cases =
    [
        ReviewKinds.CodeChanged, ReviewKinds.IdentityChanged, ReviewKinds.SelfReferral, ReviewKinds.AmbiguousRefund, ReviewKinds.NoRate,
        ReviewKinds.PaidOutOfBand, ReviewKinds.LinesIncomplete, ReviewKinds.FraudWarning, ReviewKinds.DisputeUnclear,
    ];

    /// <summary>A decision about a case, in a few words.</summary>
    public static string OfChoice(string kind, string choice) => (kind, choice) switch
    {
        (_, Decision.Reopen) => "Taken back",
        (ReviewKinds.CodeChanged, ReviewKinds.Keep) => "Keep the first code",
        (ReviewKinds.CodeChanged, _) => "Switch to the later code",
        (ReviewKinds.IdentityChanged, ReviewKinds.Keep) => "Keep the first identity",
        (ReviewKinds.IdentityChanged, _) => "Move the customer",
        (ReviewKinds.AmbiguousRefund, ReviewKinds.None) => "It paid none of them",
        (ReviewKinds.AmbiguousRefund, _) => $"It paid {choice["invoice:".Length..]}",
        (ReviewKinds.DisputeUnclear, ReviewKinds.None) => "Let the reward stand",
        (_, ReviewKinds.TakeBack) => "Take the reward back",
        (_, ReviewKinds.Reward) => "Reward",
        (_, ReviewKinds.Reject) => "Reject",
        _ => Capital(choice),
    };

    /// <summary>A word with a capital.</summary>
    public static string Capital(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..];

    /// <summary>A count of the inbox, which counts only so far.</summary>
    public static string Count(long count, long most = long.MaxValue) =>
        count.ToString("N0", CultureInfo.InvariantCulture) + (count >= most ? "+" : "");

    /// <summary>One or many.</summary>
    public static string Plural(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    /// <summary>Bytes, for people.</summary>
    public static string Bytes(long bytes) => bytes < 1024
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes} B")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024m:0.0} KiB");

    /// <summary>How long something took.</summary>
    public static string Duration(long microseconds) => microseconds < 1_000
        ? string.Create(CultureInfo.InvariantCulture, $"{microseconds} µs")
        : string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1000m:0.0} ms");

    /// <summary>A length of time, to the precision that matters at its size.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 1_000 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} h"),
    };

    /// <summary>How long ago, or in how long; whole days beyond a month are dates.</summary>
    public static string Relative(DateTimeOffset at, DateTimeOffset now)
    {
        var age = now - at;
        if (age.Duration().TotalSeconds < 5) return age < TimeSpan.Zero ? "in a moment" : "just now";
        var size = age.Duration();
        if (size.TotalDays >= 30) return at.UtcDateTime.ToString(at.Year == now.Year ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture);
        var text = size switch
        {
            { TotalSeconds: < 60 } => $"{(int)size.TotalSeconds} s",
            { TotalMinutes: < 60 } => $"{(int)size.TotalMinutes} min",
            { TotalHours: < 24 } => $"{(int)size.TotalHours} h",
            _ => $"{(int)size.TotalDays} d",
        };
        return age < TimeSpan.Zero ? $"in {text}" : $"{text} ago";
    }

    /// <summary>A moment, exactly.</summary>
    public static string Absolute(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
