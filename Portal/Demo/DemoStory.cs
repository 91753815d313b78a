namespace Portal.Demo;

/// <summary>What is particular about a customer. Each is told at least once in a history of as many customers.</summary>
internal enum DemoStory
{
    /// <summary>Referred, subscribes, pays, perhaps leaves.</summary>
    Ordinary,

    /// <summary>Came without a referrer: neither key in the metadata.</summary>
    Organic,

    /// <summary>Carries a code, but nobody put <c>new_user_id</c> beside it.</summary>
    MissingNewUserId,

    /// <summary>The metadata came twelve days after the first payment.</summary>
    LateAttribution,

    /// <summary>The metadata came 45 days after the first payment: too late for that one.</summary>
    TooLateAttribution,

    /// <summary>A code that belongs to nobody.</summary>
    UnknownCode,

    /// <summary>Another referrer's code came later: a case for a person.</summary>
    ChangedCode,

    /// <summary>A referrer who used the own code.</summary>
    SelfReferral,

    /// <summary>A trial first: an invoice over nothing.</summary>
    Trial,

    /// <summary>Also bought something without an invoice.</summary>
    OneOffCharge,

    /// <summary>Pays for longer than the rule rewards.</summary>
    LongStanding,

    /// <summary>The refund was told before the payment.</summary>
    RefundBeforeInvoice,

    /// <summary>Got a part back, and later another.</summary>
    PartialRefund,

    /// <summary>Got everything back.</summary>
    FullRefund,

    /// <summary>Two like invoices within two minutes, one refund, and nothing says of which: a case for a person.</summary>
    AmbiguousRefund,

    /// <summary>Took a larger plan in the middle of a month.</summary>
    Upgrade,

    /// <summary>Pays by the year.</summary>
    Yearly,

    /// <summary>Pays in a currency without decimals.</summary>
    Yen,

    /// <summary>Pays in a currency of three decimals.</summary>
    Dinar,

    /// <summary>Pays in euros, tax included.</summary>
    Euro,

    /// <summary>Cancelled, and was deleted later.</summary>
    Deleted,

    /// <summary>The provider knows no e-mail address.</summary>
    NoEmail,

    /// <summary>Signed up and never paid.</summary>
    NeverPaid,
}
