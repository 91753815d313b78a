using Portal.Core;
using Portal.Core.Campaigns;
using Portal.Core.Facts;
using Portal.Core.Pipeline;
using Portal.Core.Rates;
using Portal.Core.Referrals;
using Portal.Core.Reviews;
using Portal.Core.Rewards;

namespace Portal.Tests.Rewards;

/// <summary>
/// Facts of one referral (user-1 by cus_1, unless told otherwise), told one after the other, and what a fold makes of them. Facts
/// go through <see cref="ReferralBook"/>, as in the portal, so that a fact that is told twice is known once.
/// </summary>
internal sealed class Story
{
    public const string Ann = "codeOfAnn01";
    public const string Bo = "codeOfBo001";
    public const string Newcomer = "codeOfUser1";
    public const string Scope = "stripe";

    /// <summary>The day of the signup, at noon.</summary>
    public static readonly DateTimeOffset Signup = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);

    private static readonly Claim NobodysClaim = new(null, null, null, "$.data.object.metadata");

    public List<ToldFact> Facts { get; init; } = [];

    public Dictionary<string, KnownCode> Codes { get; } = new()
    {
        [Ann] = new(Ann, 1, "ann", "default"),
        [Bo] = new(Bo, 2, "bo", "default"),
        [Newcomer] = new(Newcomer, 3, "user-1", "default"),
    };

    public List<Revision> Revisions { get; init; } = [Revise(1, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero))];

    public static Revision Revise(
        int number, DateTimeOffset from, string percent = "20", int? months = 12, int? payments = null, RewardBase on = RewardBase.NetOfTax, int late = 30, int hold = 30) =>
        new("default", number, from, new RevisionTerms(Currency.Parse("USD"), on, [Rule(1, percent, months, payments)], hold, late));

    public static RewardRule Rule(int place, string percent, int? months = null, int? payments = null) =>
        new(place, RuleKind.Purchase, new PercentRate(Share(percent))) { MaxMonths = months, MaxPayments = payments };

    /// <summary>A revision since 2020 with these rules, without tax, 30 days of hold.</summary>
    public static Revision Under(params RewardRule[] rules) => Revise(1, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)) is var one ? one with { Terms = one.Terms with { Rules = rules } } : throw new InvalidOperationException();

    public static RewardRule Flat(int place, RuleKind kind, long minor, string currency = "USD") => new(place, kind, new FlatRate(new Money(minor, Currency.Parse(currency))));

    public static RewardRule Tiers(int place, TierBy by, params (int From, string Percent)[] steps) =>
        new(place, RuleKind.Purchase, new TieredRate(by, [.. steps.Select(s => new RateStep(s.From, Share(s.Percent)))]));

    public static Money Usd(long minor) => new(minor, Currency.Parse("USD"));

    public static Percent Share(string percent) => Percent.TryParse(percent, out var read) ? read : throw new FormatException(percent);

    /// <summary>What people decided, by the case's key.</summary>
    public Dictionary<string, Decision> Decisions { get; } = [];

    /// <summary>What the referrers' other referrals brought, by code.</summary>
    public Dictionary<string, Circle> Circles { get; } = [];

    public RateTable Rates { get; set; } = RateTable.Empty;

    /// <summary>A person's decision about a case.</summary>
    public Story Decide(string caseKey, string choice)
    {
        Decisions[caseKey] = new Decision(Decisions.Count + 1, caseKey, choice);
        return this;
    }

    /// <summary>Any fact, told by an event of its own.</summary>
    public Story And(Fact fact, string? eventId = null)
    {
        var id = Facts.Count + 1;
        Facts.Add(new ToldFact(fact, Scope, eventId ?? $"evt_{id}", id));
        return this;
    }

    public Story Customer(
        string? code = Ann, string? user = "user-1", string customer = "cus_1", DateTimeOffset? at = null, DateTimeOffset? created = null, string? eventId = null)
    {
        var claim = code is null && user is null ? null : NobodysClaim with { Code = code, NewUserId = user };
        var name = eventId ?? $"evt_{Facts.Count + 1}";
        return And(new CustomerSeen(name, created ?? at ?? Signup, $"{customer}@example.com", "New User", claim) { OccurredAt = at ?? created ?? Signup, CustomerId = customer }, name);
    }

    public Story Paid(
        string invoice = "in_1", long paid = 12_000, long? total = null, long? net = null, string currency = "USD", DateTimeOffset? at = null,
        string? customer = "cus_1", Claim? claim = null) =>
        And(new InvoicePaid(invoice, currency, paid, total ?? paid, net ?? (total ?? paid) * 5 / 6, "$.data.object.total_excluding_tax", "sub_1", "subscription_cycle", claim)
        {
            OccurredAt = at ?? Signup, CustomerId = customer,
        });

    public Story Charged(
        string charge = "ch_1", long amount = 12_000, string? intent = "pi_1", string currency = "USD", DateTimeOffset? at = null,
        bool namesNoInvoice = false, string? customer = "cus_1") =>
        And(new ChargeSucceeded(charge, intent, currency, amount, namesNoInvoice) { OccurredAt = at ?? Signup, CustomerId = customer });

    public Story Refunded(long total, string charge = "ch_1", string? intent = "pi_1", string currency = "USD", DateTimeOffset? at = null) =>
        And(new ChargeRefunded($"evt_{charge}_{total}_{(at ?? Signup.AddDays(5)).ToUnixTimeSeconds()}", charge, intent, currency, total) { OccurredAt = at ?? Signup.AddDays(5), CustomerId = "cus_1" });

    public Story Refund(
        string refund, long amount, string status = "succeeded", string? charge = "ch_1", string? intent = "pi_1", string currency = "USD", DateTimeOffset? at = null) =>
        And(new RefundSeen(refund, charge, intent, currency, amount, status) { OccurredAt = at ?? Signup.AddDays(5) });

    public Story Linked(string invoice = "in_1", string? intent = "pi_1", string? charge = null) =>
        And(new PaymentLinked(invoice, intent, charge) { OccurredAt = Signup });

    /// <summary>What should stand for a person, from all facts that the person's customers can be joined to.</summary>
    public FoldedReferral Fold(string? person = "user-1") => FoldOf(person is null ? null : Identity.User(person));

    /// <summary>What should stand for an organisation.</summary>
    public FoldedReferral FoldOrganization(string organization) => FoldOf(Identity.Organization(organization));

    private FoldedReferral FoldOf(Identity? identity)
    {
        var book = new ReferralBook(PortalEnvironment.Sandbox) { Rates = Rates };
        foreach (var told in Facts) book.Facts.Tell(told);
        foreach (var (code, known) in Codes) book.Codes[code] = known;
        foreach (var (key, decision) in Decisions) book.Decisions[key] = decision;
        book.Campaigns["default"] = new RevisionHistory("default", Revisions);
        var customers = book.KnownCustomers.Where(c => book.IdentityOf(c) == identity).ToList();
        return ReferralFold.Fold(book.Story(identity, customers) with { Circles = Circles });
    }

    /// <summary>The fold's only reward: earned and reversed, minor units.</summary>
    public (long Earned, long Reversed) OnlyReward() => Fold().Rewards is [var reward]
        ? (reward.Earned.Minor, reward.Reversed.Minor)
        : throw new InvalidOperationException("not one reward");

    /// <summary>Why a payment earned nothing.</summary>
    public string? Reason(string id = "in_1") => Fold().Payments.Single(p => p.ExternalId == id).Reason;
}
