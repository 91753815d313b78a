namespace Portal.Core.Rewards;

/// <summary>Why a payment earns nothing. Each paid invoice without a reward has exactly one.</summary>
public static class ReasonCodes
{
    /// <summary>The customer carries no <c>new_user_id</c>: nobody to attribute to.</summary>
    public const string NoIdentity = "noIdentity";

    /// <summary>The person carries no referral code: came without a referrer.</summary>
    public const string NoCode = "noCode";

    /// <summary>The only codes seen belong to nobody here.</summary>
    public const string UnknownCode = "unknownCode";

    /// <summary>Referrer and referred are the same person.</summary>
    public const string SelfReferral = "selfReferral";

    /// <summary>Nothing was collected: a trial, a full discount, or credit covered it.</summary>
    public const string ZeroAmount = "zeroAmount";

    /// <summary>The campaign had no purchase rule at the time of the signup.</summary>
    public const string NoRule = "noRule";

    /// <summary>Paid after the last month that the rule rewards.</summary>
    public const string OutsideWindow = "outsideWindow";

    /// <summary>The rule's number of payments was used up.</summary>
    public const string PaymentsUsedUp = "paymentsUsedUp";

    /// <summary>Paid longer before the attribution became known than the revision allows.</summary>
    public const string PaidBeforeAttribution = "paidBeforeAttribution";

    /// <summary>The share rounds to nothing.</summary>
    public const string RoundsToZero = "roundsToZero";

    /// <summary>Paid after the provider deleted the customer.</summary>
    public const string CustomerRemoved = "customerRemoved";

    /// <summary>A charge without an invoice: money is counted from invoices.</summary>
    public const string ChargeWithoutInvoice = "chargeWithoutInvoice";

    /// <summary>Paid after the subscription ended, for no time before its end.</summary>
    public const string SubscriptionEnded = "subscriptionEnded";

    /// <summary>Less was collected than the smallest invoice that earns.</summary>
    public const string BelowMinimum = "belowMinimum";

    /// <summary>The rule rewards certain products, and the invoice bills none of them.</summary>
    public const string OtherProduct = "otherProduct";

    /// <summary>The rule rewards the first purchase, and this is a later one.</summary>
    public const string NotFirstPurchase = "notFirstPurchase";

    /// <summary>What the referral or the referrer may earn was used up.</summary>
    public const string CapReached = "capReached";

    /// <summary>A person decided that it earns nothing.</summary>
    public const string RejectedByReview = "rejectedByReview";
}
