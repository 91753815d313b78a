using Portal.Core.Facts;

namespace Portal.Core.Sources.Api;

/// <summary>What a product can tell through the API: the words of <c>context.event.trigger</c>, which are the types of these events.</summary>
public static class ApiTriggers
{
    /// <summary>The source's name.</summary>
    public const string Source = ProductTelling.Scope;

    /// <summary>The only event name there is.</summary>
    public const string EventName = "ReferralUpdated";

    /// <summary>Somebody who was referred signed up.</summary>
    public const string NewSignup = "new-signup";

    /// <summary>Somebody who was referred attended a demonstration.</summary>
    public const string DemoCallAttended = "demo-call-attended";

    /// <summary>An invoice was paid.</summary>
    public const string InvoicePaid = "invoice-paid";

    /// <summary>Money of an invoice went back.</summary>
    public const string ChargeRefunded = "charge-refunded";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [NewSignup, DemoCallAttended, InvoicePaid, ChargeRefunded];

    /// <summary>How often an invoice comes, with the months that it pays for; 0 for what is no number of months.</summary>
    public static readonly IReadOnlyDictionary<string, int> Intervals = new Dictionary<string, int>
    {
        ["one-time"] = 0, ["weekly"] = 0, ["bi-weekly"] = 0, ["monthly"] = 1, ["quarterly"] = 3, ["semi-annual"] = 6,
        ["yearly"] = 12, ["biennial"] = 24, ["triennial"] = 36, ["lifetime"] = 0,
    };
}
