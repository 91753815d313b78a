using System.Text.Json.Nodes;
using Portal.Core.Campaigns;
using Portal.Core.Reviews;

namespace Portal.Tests.Reviews;

/// <summary>An unclear case as Stripe's events tell it: the rules, the events, what stands while it is open, and what each choice must lead to.</summary>
/// <param name="Kind">The case's kind.</param>
/// <param name="Rules">The revision in force.</param>
/// <param name="Events">In the order of what happened.</param>
/// <param name="Open">The balances while it is open, as <c>ann USD 2000 0</c>: earned and reversed.</param>
/// <param name="Choices">The balances after each choice.</param>
internal sealed record ReviewStory(string Kind, RevisionDocument Rules, string[] Events, string[] Open, (string Choice, string[] Then)[] Choices)
{
    private static readonly DateTimeOffset Noon = StripeSamples.Noon;
    private static readonly RevisionDocument Twenty = PortalOnDisk.TwentyPercent;

    private static readonly string[] Customer = [StripeSamples.Customer(ucc: SmallWorld.Ann)];

    private static readonly string[] Sale = [.. Customer, StripeSamples.InvoicePaid(), StripeSamples.Charge(), StripeSamples.InvoicePaymentPaid()];

    /// <summary>By name: the kind, and what is special about it.</summary>
    public static IReadOnlyDictionary<string, ReviewStory> All { get; } = new Dictionary<string, ReviewStory>
    {
        ["codeChanged"] = new(ReviewKinds.CodeChanged, Twenty,
            [.. Customer, StripeSamples.InvoicePaid(), StripeSamples.Customer("customer.updated", ucc: SmallWorld.Bo, created: Noon, at: Noon.AddDays(1)), StripeSamples.InvoicePaid(invoice: "in_2", paidAt: Noon.AddDays(2))],
            ["ann USD 4000 0"], [(ReviewKinds.Keep, ["ann USD 4000 0"]), (ReviewKinds.Switch, ["bo USD 4000 0"])]),

        ["codeChanged in steps by referrals"] = new(ReviewKinds.CodeChanged, Tiered,
            [
                .. Customer, StripeSamples.InvoicePaid(),
                StripeSamples.Customer("customer.updated", ucc: SmallWorld.Bo, created: Noon, at: Noon.AddDays(1)),
                StripeSamples.Customer(customer: "cus_2", ucc: SmallWorld.Ann, newUserId: "user-2", at: Noon), StripeSamples.InvoicePaid("cus_2", "in_2", paidAt: Noon.AddDays(2)),
                StripeSamples.Customer(customer: "cus_3", ucc: SmallWorld.Bo, newUserId: "user-3", at: Noon), StripeSamples.InvoicePaid("cus_3", "in_3", paidAt: Noon.AddDays(2)),
            ],
            ["ann USD 4000 0", "bo USD 1000 0"],   // 10 % with one paying referral, 30 % with two
            [(ReviewKinds.Keep, ["ann USD 4000 0", "bo USD 1000 0"]), (ReviewKinds.Switch, ["ann USD 1000 0", "bo USD 4000 0"])]),

        ["identityChanged"] = new(ReviewKinds.IdentityChanged, Once,
            [
                .. Customer, StripeSamples.InvoicePaid(),
                StripeSamples.Customer(customer: "cus_2", ucc: SmallWorld.Bo, newUserId: "user-2", at: Noon.AddHours(1)), StripeSamples.InvoicePaid("cus_2", "in_2", paidAt: Noon.AddDays(1)),
                StripeSamples.Customer("customer.updated", ucc: SmallWorld.Ann, newUserId: "user-2", created: Noon, at: Noon.AddDays(2)),
            ],
            ["ann USD 5000 0", "bo USD 5000 0"],
            // Moved, both customers are user-2 whose first code is Bo's, and whose first payment is in_1.
            [(ReviewKinds.Keep, ["ann USD 5000 0", "bo USD 5000 0"]), (ReviewKinds.Move, ["bo USD 5000 0"])]),

        ["identityChanged away from the code"] = new(ReviewKinds.IdentityChanged, Twenty,
            [
                StripeSamples.Customer(customer: "cus_0", ucc: SmallWorld.Ann, at: Noon), StripeSamples.InvoicePaid("cus_0", "in_0"),
                StripeSamples.Customer(ucc: null, at: Noon.AddHours(1)), StripeSamples.InvoicePaid(paidAt: Noon.AddDays(1)),
                StripeSamples.Customer("customer.updated", ucc: null, newUserId: "user-2", created: Noon.AddHours(1), at: Noon.AddDays(2)),
            ],
            ["ann USD 4000 0"], [(ReviewKinds.Keep, ["ann USD 4000 0"]), (ReviewKinds.Move, ["ann USD 2000 0"])]),

        ["selfReferral"] = new(ReviewKinds.SelfReferral, Twenty,
            [StripeSamples.Customer(ucc: SmallWorld.Ann, email: "A.nn+new@gmail.com"), StripeSamples.InvoicePaid()],
            ["ann USD 2000 0"], [(ReviewKinds.Reward, ["ann USD 2000 0"]), (ReviewKinds.Reject, [])]),

        ["ambiguousRefund"] = new(ReviewKinds.AmbiguousRefund, Twenty,
            [
                .. Customer, StripeSamples.InvoicePaid(), StripeSamples.InvoicePaid(invoice: "in_2", totalExcludingTax: 12_000, paidAt: Noon.AddSeconds(30)),
                StripeSamples.Charge(), StripeSamples.Charge(charge: "ch_2", paymentIntent: "pi_2", chargedAt: Noon.AddSeconds(30)),
                StripeSamples.Charge("charge.refunded", amountRefunded: 6_000, chargedAt: Noon, at: Noon.AddDays(1)),
            ],
            ["ann USD 4400 0"], [("invoice:in_1", ["ann USD 4400 1000"]), ("invoice:in_2", ["ann USD 4400 1200"])]),

        ["ambiguousRefund, perhaps of none"] = new(ReviewKinds.AmbiguousRefund, Twenty,
            [
                .. Customer, StripeSamples.InvoicePaid(), StripeSamples.Charge(), StripeSamples.Charge(charge: "ch_2", paymentIntent: "pi_2", chargedAt: Noon.AddSeconds(30)),
                StripeSamples.Charge("charge.refunded", amountRefunded: 6_000, chargedAt: Noon, at: Noon.AddDays(1)),
            ],
            ["ann USD 2000 0"], [("invoice:in_1", ["ann USD 2000 1000"]), (ReviewKinds.None, ["ann USD 2000 0"])]),

        ["noRate for the smallest invoice"] = new(ReviewKinds.NoRate, Twenty with { MinimumInvoice = Euros(5_000) }, [.. Customer, StripeSamples.InvoicePaid()],
            ["ann USD 2000 0"], [(ReviewKinds.Reward, ["ann USD 2000 0"]), (ReviewKinds.Reject, [])]),

        ["noRate for the limit per referral"] = new(ReviewKinds.NoRate, Twenty with { CapPerReferral = Euros(1_000) }, [.. Customer, StripeSamples.InvoicePaid()],
            ["ann USD 2000 0"], [(ReviewKinds.Reward, ["ann USD 2000 0"]), (ReviewKinds.Reject, [])]),

        ["noRate for the limit per referrer"] = new(ReviewKinds.NoRate, Twenty with { CapPerReferrer = new PeriodCapDocument { Amount = 1_000, Currency = "EUR", Period = "month" } }, [.. Customer, StripeSamples.InvoicePaid()],
            ["ann USD 2000 0"], [(ReviewKinds.Reward, ["ann USD 2000 0"]), (ReviewKinds.Reject, [])]),

        ["paidOutOfBand"] = new(ReviewKinds.PaidOutOfBand, Twenty, [.. Customer, StripeSamples.InvoicePaid(outside: true)],
            ["ann USD 2000 0"], [(ReviewKinds.Reward, ["ann USD 2000 0"]), (ReviewKinds.Reject, [])]),

        ["linesIncomplete"] = new(ReviewKinds.LinesIncomplete, Twenty with { Rules = [Twenty.Rules![0]! with { ProductIds = ["prod_1"] }] },
            [.. Customer, WithMoreLines(StripeSamples.InvoicePaid(lines: [StripeSamples.Line(6_000, tax: 1_000), StripeSamples.Line(6_000, "prod_2", "price_2", tax: 1_000)]))],
            ["ann USD 1000 0"], [(ReviewKinds.Reward, ["ann USD 1000 0"]), (ReviewKinds.Reject, [])]),

        ["fraudWarning"] = new(ReviewKinds.FraudWarning, Twenty, [.. Sale, StripeSamples.FraudWarning(at: Noon.AddDays(1))],
            ["ann USD 2000 0"], [(ReviewKinds.Reward, ["ann USD 2000 0"]), (ReviewKinds.Reject, ["ann USD 2000 2000"])]),

        ["disputeUnclear"] = new(ReviewKinds.DisputeUnclear, Twenty,
            [.. Sale, StripeSamples.Dispute("funds_withdrawn", amount: 11_000, currency: "eur", status: "lost", balanceTransactions: [-11_000], at: Noon.AddDays(1))],
            ["ann USD 2000 0"], [(ReviewKinds.TakeBack, ["ann USD 2000 2000"]), (ReviewKinds.None, ["ann USD 2000 0"])]),
    };

    private static RevisionDocument Tiered => Twenty with
    {
        Rules = [new RuleDocument { Kind = "purchase", PercentTiers = new TiersDocument { By = "referral", Steps = [new StepDocument { From = 1, Percent = "10" }, new StepDocument { From = 2, Percent = "30" }] } }],
    };

    private static RevisionDocument Once => Twenty with { Rules = [new RuleDocument { Kind = "firstPurchase", Flat = new MoneyDocument { Amount = 5_000, Currency = "USD" } }] };

    private static MoneyDocument Euros(long amount) => new() { Amount = amount, Currency = "EUR" };

    private static string WithMoreLines(string invoice)
    {
        var e = JsonNode.Parse(invoice)!;
        e["data"]!["object"]!["lines"]!["has_more"] = true;
        return e.ToJsonString();
    }
}
