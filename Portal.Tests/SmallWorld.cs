using System.Globalization;
using System.Numerics;
using Portal.Core.Ledger;

namespace Portal.Tests;

/// <summary>How a world is told: the shape of its events, and whether the links between payments and invoices come as events too.</summary>
public enum Telling
{
    /// <summary>Newer shape, nothing but the ten subscribed types: refunds are matched by amount and time.</summary>
    Basil,

    /// <summary>Newer shape with <c>invoice_payment.paid</c>.</summary>
    BasilWithLinks,

    /// <summary>Older shape.</summary>
    Classic,

    /// <summary>Two endpoints during an upgrade: each event in one of the two shapes.</summary>
    Mixed,
}

/// <summary>
/// A small simulated account, made from a seed: who came by whose code, what they paid, what they got back. From it come both the
/// events and, reckoned separately and from the world alone, the balances that the portal must end with.
/// </summary>
internal sealed class SmallWorld
{
    public const string Ann = "codeOfAnn01";
    public const string Bo = "codeOfBo001";
    private const string Ghost = "codeOfGhost";
    private static readonly DateTimeOffset Begin = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Random _random;

    public SmallWorld(int seed)
    {
        _random = new Random(seed);
        for (var i = 0; i < _random.Next(2, 6); i++) Customers.Add(MakeCustomer(i));
    }

    public List<Person> Customers { get; } = [];

    /// <summary>The events, in the order of what happened.</summary>
    public List<string> Events(Telling telling)
    {
        var events = new List<(DateTimeOffset At, string Body)>();
        var turn = 0;
        foreach (var c in Customers)
        {
            events.Add((c.Created, StripeSamples.Customer(customer: c.Id, ucc: c.Late is null ? c.Code : null, newUserId: c.Late is null ? c.User : null, at: c.Created, shape: Shape())));
            if (c.Late is { } late) events.Add((late, StripeSamples.Customer("customer.updated", c.Id, c.Code, c.User, created: c.Created, at: late, shape: Shape())));
            if (c.Later is { } later) events.Add((later, StripeSamples.Customer("customer.updated", c.Id, Bo, c.User, created: c.Created, at: later, shape: Shape())));
            foreach (var i in c.Invoices) Tell(c, i);
            foreach (var o in c.OneOffs)
            {
                events.Add((o.PaidAt, StripeSamples.Charge("charge.succeeded", o.Charge, c.Id, null, o.Intent, o.Paid, 0, o.Currency, chargedAt: o.PaidAt, at: o.PaidAt, shape: Shape())));
                events.Add((o.PaidAt.AddDays(1), StripeSamples.Charge("charge.refunded", o.Charge, c.Id, null, o.Intent, o.Paid, o.Paid, o.Currency, chargedAt: o.PaidAt, at: o.PaidAt.AddDays(1), shape: Shape())));
            }
        }
        return [.. events.OrderBy(e => e.At).Select(e => e.Body)];

        StripeShape Shape() => telling switch
        {
            Telling.Classic => StripeShape.Classic,
            Telling.Mixed => turn++ % 2 == 0 ? StripeShape.Basil : StripeShape.Classic,
            _ => StripeShape.Basil,
        };

        void Tell(Person c, Sale i)
        {
            events.Add((i.PaidAt, StripeSamples.InvoicePaid(c.Id, i.Id, i.Paid, i.Total, i.Net, i.Currency, i.PaidAt, Shape(), at: i.PaidAt,
                paymentIntent: i.Paid > 0 ? i.Intent : null, charge: i.Paid > 0 ? i.Charge : null)));
            if (i.Paid == 0) return;
            var linked = telling is Telling.BasilWithLinks or Telling.Classic;
            if (!i.QuietCharge || !linked) events.Add((i.PaidAt.AddSeconds(-2), Charge("charge.succeeded", 0, i.PaidAt.AddSeconds(-2))));
            if (telling == Telling.BasilWithLinks) events.Add((i.PaidAt, StripeSamples.InvoicePaymentPaid(i.Id, i.Intent, null, i.Paid, i.Currency, i.PaidAt)));
            var total = 0L;
            foreach (var r in i.Refunds)
            {
                total += r.Amount;
                if (i.TellsTotals) events.Add((r.At, Charge("charge.refunded", total, r.At)));
                if (!i.TellsTotals || r.Fails || i.TellsBoth) events.Add((r.At, Refund("refund.created", r, "pending", r.At)));
                if (r.Fails) events.Add((r.At.AddDays(2), Refund("refund.failed", r, "failed", r.At.AddDays(2))));
            }

            string Charge(string type, long refunded, DateTimeOffset at) => StripeSamples.Charge(type, i.Charge, c.Id, i.Id, i.Intent, i.Paid, refunded, i.Currency,
                chargedAt: i.PaidAt.AddSeconds(-2), at: at, shape: Shape());

            string Refund(string type, Back r, string status, DateTimeOffset at) =>
                StripeSamples.Refund(type, r.Id, i.QuietCharge ? null : i.Charge, i.Intent, r.Amount, i.Currency, status, at, shape: Shape());
        }
    }

    /// <summary>What each referrer must have earned and lost, as <c>ann USD 400 100</c>, by arithmetic of its own.</summary>
    public List<string> Expected()
    {
        var sums = new SortedDictionary<string, (BigInteger Earned, BigInteger Reversed)>(StringComparer.Ordinal);
        foreach (var referral in Customers.Where(c => c.User is not null).GroupBy(c => c.User))
        {
            var claims = referral.SelectMany(c => new[] { (At: c.Late ?? c.Created, c.Code), (At: c.Later ?? DateTimeOffset.MaxValue, Code: (string?)(c.Later is null ? null : Bo)) })
                .Where(c => c.Code is Ann or Bo).OrderBy(c => c.At).ToList();
            if (claims.Count == 0) continue;
            var paid = referral.SelectMany(c => c.Invoices).Where(i => i.Paid > 0).OrderBy(i => i.PaidAt).ToList();
            foreach (var i in paid.Where(i => i.PaidAt < YearAfter(paid[0].PaidAt) && i.PaidAt >= claims[0].At.AddDays(-30)))
            {
                var earned = Fifth(i, i.Paid);
                if (earned == 0) continue;
                var key = $"{(claims[0].Code == Ann ? "ann" : "bo")} {i.Currency.ToUpperInvariant()}";
                var so = sums.GetValueOrDefault(key);
                sums[key] = (so.Earned + earned, so.Reversed + earned - Fifth(i, i.Paid - i.Refunds.Where(r => !r.Fails).Sum(r => r.Amount)));
            }
        }
        return [.. sums.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key} {s.Value.Earned} {s.Value.Reversed}"))];
    }

    /// <summary>The portal's balances in the same form.</summary>
    public static List<string> Actual(IEnumerable<Balance> balances) =>
        [.. balances.Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.Referrer} {b.Currency} {b.Earned} {b.Reversed}")).Order(StringComparer.Ordinal)];

    private static BigInteger Fifth(Sale i, long collected)
    {
        // floor(x + 1/2) of collected × net / total / 5
        BigInteger numerator = (BigInteger)collected * i.Net, denominator = (BigInteger)i.Total * 5;
        return (2 * numerator + denominator) / (2 * denominator);
    }

    private static DateTimeOffset YearAfter(DateTimeOffset at) => at is { Month: 2, Day: 29 } ? at.AddDays(-1).AddYears(1) : at.AddYears(1);

    private Person MakeCustomer(int index)
    {
        var created = Begin.AddSeconds(_random.Next(60 * 86_400));
        var kind = _random.Next(10);
        var user = kind == 9 ? null : index > 0 && _random.Next(6) == 0 ? $"user-{index - 1}" : $"user-{index}";
        var customer = new Person($"cus_{index}", created, user, kind switch { 7 => Ghost, 8 => null, _ => _random.Next(3) == 0 ? Bo : Ann });
        var currency = _random.Next(4) switch { 0 => "jpy", 1 => "kwd", 2 => "eur", _ => "usd" };
        var at = created;
        for (var i = 0; i < _random.Next(7); i++)
        {
            at = i == 0 ? at.AddSeconds(_random.Next(3 * 86_400)) : at.AddMonths(_random.Next(1, 5)).AddSeconds(_random.Next(-600, 600));
            customer.Invoices.Add(MakeSale(index, i, currency, at));
        }
        if (kind is 5 or 6) customer.Late = created.AddDays(_random.Next(1, 90)).AddSeconds(7);
        if (_random.Next(8) == 0 && user is not null) customer.Later = created.AddDays(200);
        if (_random.Next(4) == 0) customer.OneOffs.Add(MakeSale(index, 99, currency, created.AddDays(3).AddSeconds(11)));
        return customer;
    }

    private Sale MakeSale(int customer, int number, string currency, DateTimeOffset paidAt)
    {
        long total = _random.Next(5) == 0 ? _random.Next(1, 12) : _random.Next(1, 50_000);
        var net = _random.Next(3) == 0 ? total : _random.NextInt64(total / 2, total + 1);
        var paid = _random.Next(8) switch { 0 => 0, 1 => _random.NextInt64(1, total + 1), _ => total };
        var name = $"{customer}x{number}";
        var sale = new Sale($"in_{name}", $"ch_{name}", $"pi_{name}", currency, paidAt, paid, total, net)
        {
            TellsTotals = _random.Next(3) > 0, TellsBoth = _random.Next(2) == 0,
        };
        sale.QuietCharge = !sale.TellsTotals && _random.Next(2) == 0;
        var left = paid;
        for (var r = 0; left > 0 && r < _random.Next(4); r++)
        {
            var amount = _random.Next(3) == 0 ? left : _random.NextInt64(1, left + 1);
            var fails = _random.Next(5) == 0;
            sale.Refunds.Add(new Back($"re_{name}x{r}", amount, paidAt.AddDays(5 * (r + 1)), fails));
            if (fails) break;   // what fails is the last: the running total would come down again
            left -= amount;
        }
        return sale;
    }

    public sealed record Person(string Id, DateTimeOffset Created, string? User, string? Code)
    {
        /// <summary>When code and identity came, if not at once.</summary>
        public DateTimeOffset? Late { get; set; }

        /// <summary>When Bo's code came afterwards.</summary>
        public DateTimeOffset? Later { get; set; }

        public List<Sale> Invoices { get; } = [];

        public List<Sale> OneOffs { get; } = [];
    }

    public sealed record Sale(string Id, string Charge, string Intent, string Currency, DateTimeOffset PaidAt, long Paid, long Total, long Net)
    {
        /// <summary>Its refunds come as the charge's running total; otherwise one by one, by their ids.</summary>
        public bool TellsTotals { get; init; }

        /// <summary>… and by their ids as well.</summary>
        public bool TellsBoth { get; init; }

        /// <summary>The charge is never told, where a link to the invoice is.</summary>
        public bool QuietCharge { get; set; }

        public List<Back> Refunds { get; } = [];
    }

    public sealed record Back(string Id, long Amount, DateTimeOffset At, bool Fails);
}
