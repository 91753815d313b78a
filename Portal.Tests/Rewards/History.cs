using System.Collections.Frozen;
using Portal.Core;
using Portal.Core.Campaigns;
using Portal.Core.Facts;
using Portal.Core.Ledger;
using Portal.Core.Pipeline;
using Portal.Core.Rates;
using Portal.Core.Reviews;
using Portal.Core.Rewards;

namespace Portal.Tests.Rewards;

/// <summary>
/// A history made from a seed: a handful of people and organisations, everything that can happen to their payments, and rules of every
/// kind. Folded by the portal's own book in memory, so that thousands take seconds.
/// </summary>
internal sealed class History
{
    private static readonly DateTimeOffset Begin = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Currencies = ["USD", "USD", "USD", "EUR", "JPY", "KWD"];
    private readonly Random _random;
    private readonly List<(Fact Fact, DateTimeOffset At)> _facts = [];

    public History(int seed)
    {
        _random = new Random(seed);
        Revisions = [Revise(1, Begin.AddYears(-1)), .. One(3) ? [Revise(2, Begin.AddDays(20))] : Array.Empty<Revision>()];
        Rates = One(2) ? RateTable.Empty : new RateTable([Rate("EUR", "USD", "1.1"), Rate("USD", "JPY", "151.37"), .. One(2) ? [Rate("KWD", "USD", "3.25")] : Array.Empty<ExchangeRate>()]);
        for (var i = 0; i < _random.Next(1, 5); i++) Live(i);
    }

    public IReadOnlyList<Revision> Revisions { get; init; }

    public RateTable Rates { get; }

    public Dictionary<string, Decision> Decisions { get; } = [];

    /// <summary>What happened, in order, each fact told by an event of its own.</summary>
    public List<ToldFact> Told() => [.. _facts.OrderBy(f => f.At).Select((f, i) => new ToldFact(f.Fact, "stripe", $"evt_{i:0000}", i + 1))];

    /// <summary>Refunds every charge in full.</summary>
    public void GiveEverythingBack()
    {
        foreach (var charge in _facts.Select(f => f.Fact).OfType<ChargeSucceeded>().ToList())
            Tell(new ChargeRefunded($"evt_back_{charge.ChargeId}", charge.ChargeId, charge.PaymentIntentId, charge.Currency, charge.Amount) { OccurredAt = Begin.AddYears(4), CustomerId = charge.CustomerId });
    }

    /// <summary>Folds as the portal does: what is told in each batch, then whatever that stirred.</summary>
    public ReferralBook Fold(IEnumerable<IReadOnlyList<ToldFact>> batches)
    {
        var book = new ReferralBook(PortalEnvironment.Sandbox) { Rates = Rates };
        book.Campaigns["default"] = new RevisionHistory("default", Revisions);
        foreach (var (code, id, user) in new[] { (Story.Ann, 1L, "ann"), (Story.Bo, 2L, "bo") })
        {
            book.Codes[code] = new KnownCode(code, id, user, "default") { Email = user == "bo" ? "cus_1@example.com" : null };
            if (book.Campaigns["default"].LooksAcrossReferrals) book.Circles[code] = new ReferrerCircle();
        }
        foreach (var (key, decision) in Decisions) book.Decisions[key] = decision;
        foreach (var batch in batches)
        {
            var left = batch.Select(book.Facts.Tell).ToList();
            book.Fold(batch.Select(t => book.Facts.CustomerOf(t.Scope, t.Fact)).Concat(left).OfType<CustomerKey>().Distinct().ToList(), Cause.Event(1));
            for (var rounds = 0; book.Stirred.Count > 0; rounds++)
            {
                if (rounds > 3) throw new InvalidOperationException("what is stirred does not come to rest");
                var codes = book.Stirred.ToHashSet();
                book.Stirred.Clear();
                var keys = book.Referrals.Values.Where(r => r.Code is not null && codes.Contains(r.Code)).Select(r => r.Identity.Key).ToHashSet();
                book.Fold(book.Customers.Where(c => c.Value.IdentityKey is { } key && keys.Contains(key)).Select(c => c.Key).ToList(), Cause.Event(1));
            }
        }
        return book;
    }

    /// <summary>All at once.</summary>
    public ReferralBook Fold() => Fold([Told()]);

    /// <summary>What stands, in an order of its own.</summary>
    public static string Written(ReferralBook book) => string.Join('\n',
        book.Rewards.Values.Where(l => l.Earned > 0 || l.Standing is not null).Select(l => $"{l.Key} {l.Earned} {l.Reversed} {l.Standing?.WaitsFor} {l.Standing?.HoldUntil:O} {l.Standing?.NetBeforeCap} {l.RevisionNumber}").Order(StringComparer.Ordinal)
            .Concat(book.Transactions.Values.Where(t => t.Payment is not null).Select(t => $"{t.Payment!.Kind} {t.Payment.ExternalId} {t.Payment.Refunded} {t.Payment.Reason}").Order(StringComparer.Ordinal))
            .Concat(book.Cases.Values.Where(c => c.Case is not null).Select(c => $"{c.Case!.Key} {c.Case.Decision?.Choice}").Order(StringComparer.Ordinal)));

    private void Live(int index)
    {
        var customer = $"cus_{index}";
        var user = index > 0 && One(5) ? $"user-{index - 1}" : $"user-{index}";
        var organization = One(3) ? "acme" : null;
        var created = Begin.AddMinutes(_random.Next(40 * 1440));
        var code = _random.Next(8) switch { 0 => null, 1 => "codeOfGhost", 2 or 3 => Story.Bo, _ => Story.Ann };
        Seen(customer, created, created, One(6) ? null : new Claim(code, user, organization, "$.data.object.metadata"));
        if (One(3)) Seen(customer, created, created.AddDays(_random.Next(1, 90)), new Claim(One(2) ? Story.Bo : code, One(6) ? $"user-{index + 10}" : user, organization, "$.data.object.metadata"));
        if (One(4)) Tell(new DemoAttended(user, null) { OccurredAt = created.AddDays(2), CustomerId = customer });
        var currency = Currencies[_random.Next(Currencies.Length)];
        var at = created;
        for (var n = 0; n < _random.Next(6); n++)
        {
            at = at.AddDays(_random.Next(1, 70)).AddMinutes(_random.Next(600));
            Pay($"{index}x{n}", customer, currency, at);
        }
        if (One(5)) Tell(new SubscriptionEnded($"sub_{customer}") { OccurredAt = created.AddDays(_random.Next(30, 200)), CustomerId = customer });
        if (One(8)) Tell(new CustomerRemoved { OccurredAt = created.AddDays(_random.Next(30, 200)), CustomerId = customer });
    }

    private void Pay(string name, string customer, string currency, DateTimeOffset at)
    {
        long total = One(5) ? _random.Next(1, 40) : _random.Next(1, 60_000);
        var net = One(2) ? total : _random.NextInt64(total / 2, total + 1);
        var paid = _random.Next(8) switch { 0 => 0, 1 => _random.NextInt64(1, total + 1), _ => total };
        var isAnnual = One(4);
        var part = _random.NextInt64(0, net + 1);
        Tell(new InvoicePaid($"in_{name}", currency, paid, total, net, "$.data.object.total_excluding_tax", $"sub_{customer}", "subscription_cycle", null)
        {
            OccurredAt = at, CustomerId = customer, HasMoreLines = One(12), PaidOutOfBand = One(20),
            Lines = [Line("prod_a", part), Line(One(2) ? "prod_a" : "prod_b", net - part)],
        });
        if (paid == 0) return;
        Tell(new ChargeSucceeded($"ch_{name}", $"pi_{name}", currency, paid, false) { OccurredAt = at.AddSeconds(-2), CustomerId = customer });
        if (!One(4)) Tell(new PaymentLinked($"in_{name}", $"pi_{name}", null) { OccurredAt = at });
        var left = paid;
        for (var r = 0; left > 0 && r < _random.Next(3); r++)
        {
            var amount = One(3) ? left : _random.NextInt64(1, left + 1);
            var fails = One(5);
            Tell(new RefundSeen($"re_{name}x{r}", $"ch_{name}", $"pi_{name}", currency, amount, "pending") { OccurredAt = at.AddDays(5 * (r + 1)) });
            if (fails) Tell(new RefundSeen($"re_{name}x{r}", $"ch_{name}", $"pi_{name}", currency, amount, "failed") { OccurredAt = at.AddDays(5 * (r + 1) + 2) });
            else left -= amount;
        }
        if (One(6)) Dispute(name, currency, paid, at);
        if (One(9)) Tell(new FraudWarned($"issfr_{name}", $"ch_{name}", null) { OccurredAt = at.AddDays(1) });
        if (One(9)) Tell(new CreditNoteIssued($"cn_{name}", $"in_{name}", currency, paid / 2, One(4) ? "void" : "issued", []) { OutOfBandAmount = paid / 2, OccurredAt = at.AddDays(3), CustomerId = customer });
        if (One(15)) Tell(new InvoiceVoided($"in_{name}") { OccurredAt = at.AddDays(_random.Next(-1, 5)), CustomerId = customer });

        InvoiceLine Line(string product, long amount) => new(product, null, amount, at, isAnnual ? at.AddYears(1) : at.AddMonths(1), "$.data.object.lines.data[0]");
    }

    private void Dispute(string name, string currency, long paid, DateTimeOffset at)
    {
        var amount = _random.NextInt64(1, paid + 1);
        Move("created", "needs_response", amount, 8, currency);
        if (One(3)) return;
        Move("funds_withdrawn", "under_review", amount, 9, One(8) ? "GBP" : currency);
        if (One(2)) Move("funds_reinstated", "under_review", _random.NextInt64(1, amount + 1), 20, currency);
        if (!One(3)) Move("closed", One(2) ? "lost" : "won", amount, 21, currency);

        void Move(string movement, string status, long moved, int day, string of) =>
            Tell(new DisputeMoved($"evt_dp_{name}_{movement}", $"dp_{name}", $"ch_{name}", $"pi_{name}", of, moved, movement, status) { OccurredAt = at.AddDays(day) });
    }

    private Revision Revise(int number, DateTimeOffset from)
    {
        var rules = new List<RewardRule>();
        for (var place = 1; place <= _random.Next(1, 4); place++)
        {
            var rule = _random.Next(7) switch
            {
                0 => Story.Flat(place, RuleKind.FirstPurchase, 5_000),
                1 => Story.Flat(place, RuleKind.Signup, 700, "EUR"),
                2 => Story.Flat(place, RuleKind.Demo, 300),
                3 => Story.Tiers(place, TierBy.Referral, (1, "10"), (2, "17.5"), (3, "20")),
                4 => Story.Tiers(place, TierBy.Month, (1, "30"), (3, "20"), (5, "10")) with { MaxMonths = 6 },
                5 => Story.Rule(place, "12.5", One(2) ? 12 : null, One(3) ? 2 : null) with { ProductIds = FrozenSet.ToFrozenSet(["prod_a"]) },
                _ => Story.Rule(place, "20", One(2) ? 3 : null),
            };
            rules.Add(rule);
        }
        return new Revision("default", number, from, new RevisionTerms(Currency.Parse("USD"), One(4) ? RewardBase.Gross : RewardBase.NetOfTax, rules, 30, 30)
        {
            CapPerReferral = One(3) ? Story.Usd(_random.Next(1_000, 12_000)) : null,
            CapPerReferrer = One(3) ? new PeriodCap(Story.Usd(_random.Next(1_000, 12_000)), (CapPeriod)_random.Next(4)) : null,
            MinimumInvoice = One(5) ? Story.Usd(_random.Next(1, 5_000)) : null,
            SpreadAnnualOverMonths = One(3),
            RewardOrganizations = One(3),
        });
    }

    private void Seen(string customer, DateTimeOffset created, DateTimeOffset at, Claim? claim) =>
        Tell(new CustomerSeen($"evt_{customer}_{at.Ticks}", created, $"{customer}@example.com", null, claim) { OccurredAt = at, CustomerId = customer });

    private void Tell(Fact fact) => _facts.Add((fact, fact.OccurredAt));

    private bool One(int of) => _random.Next(of) == 0;

    private static ExchangeRate Rate(string from, string to, string rate) =>
        new(Currency.Parse(from), Currency.Parse(to), new DateOnly(2024, 1, 1), ExactRate.TryParse(rate, out var exact) ? exact : throw new FormatException(rate), 1);
}
