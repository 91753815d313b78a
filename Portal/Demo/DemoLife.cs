using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Demo;

/// <summary>One customer's life from the signup to the end of the history, as the events that it causes.</summary>
internal sealed class DemoLife
{
    private readonly DemoCustomer _customer;
    private readonly DemoTimeline _timeline;
    private readonly DemoRandom _random;
    private readonly int _number;
    private readonly string _subscription;
    private readonly List<DemoEvent> _events = [];
    private int _invoices;
    private int _plan;
    private int _quantity;

    private DemoLife(DemoCustomer customer, int number, DemoTimeline timeline, DemoRandom random)
    {
        (_customer, _number, _timeline, _random) = (customer, number, timeline, random);
        _subscription = random.Id("sub_1", 23);
        _plan = random.Between(0, 99) switch { < 45 => 0, < 85 => 1, _ => customer.Story == DemoStory.Upgrade ? 1 : 2 };
        _quantity = random.Between(1, 4);
    }

    /// <summary>The events, in the order in which they happened.</summary>
    public static IEnumerable<DemoEvent> Of(DemoCustomer customer, int number, DemoTimeline timeline, DemoRandom random)
    {
        var life = new DemoLife(customer, number, timeline, random);
        life.SignUp();
        if (customer.Story != DemoStory.NeverPaid) life.Subscribe();
        return life._events.Where(e => e.At <= timeline.EndsAt && e.ArrivesAt <= timeline.EndsAt);
    }

    private bool Has(DemoStory story) => _customer.Story == story;

    private void SignUp()
    {
        Tell("customer.created", _customer.CreatedAt, DemoObjects.Customer(_customer, _customer.CreatedAt));
        foreach (var (from, _, _) in _customer.Metadata.Skip(1))
        {
            var before = _customer.MetadataAt(from.AddSeconds(-1)).Code;
            Tell("customer.updated", from, DemoObjects.Customer(_customer, from),
                new JsonObject { ["metadata"] = new JsonObject { ["cello_ucc"] = before } });
        }
    }

    private void Subscribe()
    {
        var startedAt = _customer.CreatedAt + TimeSpan.FromMinutes(_random.Between(3, 600));
        var billedFrom = startedAt;
        if (Has(DemoStory.Trial))
        {
            billedFrom = startedAt.AddDays(14);
            TellSubscription("created", "trialing", startedAt, startedAt, billedFrom);
            TellInvoice(Bill("subscription_create", 0, startedAt.AddSeconds(2), billedFrom));
        }
        else
        {
            TellSubscription("created", "incomplete", startedAt, startedAt, startedAt.AddMonths(1));
        }
        if (Has(DemoStory.OneOffCharge)) BuyOnce(startedAt.AddDays(9));

        var months = Has(DemoStory.Yearly) ? 12 : 1;
        for (var period = 0; ; period++)
        {
            var from = billedFrom.AddMonths(period * months);
            var until = billedFrom.AddMonths((period + 1) * months);
            if (from > _timeline.EndsAt) return;
            if (period > 0 && Leaves(period))
            {
                TellSubscription("deleted", "canceled", startedAt, from, until, from.AddMinutes(1));
                if (Has(DemoStory.Deleted)) Tell("customer.deleted", from.AddDays(6), DemoObjects.Customer(_customer, from));
                return;
            }
            var paidAt = from.AddSeconds(period == 0 ? 5 : _random.Between(3_600, 4_200));
            PayPeriod(period, paidAt, until, months);
            TellSubscription("updated", "active", startedAt, from, until, at: paidAt.AddSeconds(1));
            if (period == 1 && (Has(DemoStory.Upgrade) || (Has(DemoStory.Ordinary) && _random.Chance(25)))) Upgrade(paidAt.AddDays(11), until, startedAt, from);
        }
    }

    private bool Leaves(int period) => _customer.Story switch
    {
        DemoStory.Deleted => period == 3,
        DemoStory.Ordinary or DemoStory.Organic => _random.Chance(11),
        _ => false,
    };

    private void PayPeriod(int period, DateTimeOffset paidAt, DateTimeOffset until, int months)
    {
        var price = _customer.Prices[_plan] * _quantity * (months == 12 ? 10 : 1);
        var invoice = Bill(period == 0 ? "subscription_create" : "subscription_cycle", price, paidAt, until);
        if (Has(DemoStory.RefundBeforeInvoice) && period == 1)
        {
            var refundAt = paidAt.AddHours(20);
            TellInvoice(invoice, arrivesAt: refundAt.AddDays(12));   // its retries failed, and somebody resent it from the dashboard
            Refund(invoice, invoice.Total, refundAt, 0);
            return;
        }
        TellInvoice(invoice);
        switch (_customer.Story)
        {
            case DemoStory.PartialRefund when period == 1:
                var third = Part(invoice.Total, 30);
                Refund(invoice, third, paidAt.AddDays(4), 0);
                Refund(invoice, Part(invoice.Total, 20), paidAt.AddDays(19), third);
                break;
            case DemoStory.FullRefund when period == 1: Refund(invoice, invoice.Total, paidAt.AddDays(6), 0); break;
            case DemoStory.AmbiguousRefund when period == 0: SellTheSameAgain(invoice, paidAt, until); break;
            case DemoStory.Ordinary when _random.Chance(4):
                Refund(invoice, _random.Chance(50) ? invoice.Total : Part(invoice.Total, _random.Between(10, 60)), paidAt + _random.Days(1, 25), 0);
                break;
        }
    }

    /// <summary>A second invoice over the same amount, but with tax in it, and a refund that may concern either.</summary>
    private void SellTheSameAgain(DemoInvoice first, DateTimeOffset paidAt, DateTimeOffset until)
    {
        var (net, tax) = DemoInvoice.Split(first.Total, new DemoTax(2_000, true), _customer.Step);
        var second = Bill("manual", 0, paidAt.AddSeconds(50), until) with { ChargeId = _random.Id("ch_3"), IntentId = _random.Id("pi_3"), Net = net, Tax = tax };
        TellInvoice(second);
        Refund(second, second.Total, paidAt.AddDays(5), 0, namesRefund: false);
    }

    private void Upgrade(DateTimeOffset at, DateTimeOffset until, DateTimeOffset startedAt, DateTimeOffset from)
    {
        var before = _customer.Prices[_plan] * _quantity;
        if (_plan < 2 && _random.Chance(60)) _plan++;
        else _quantity += _random.Between(1, 3);
        var difference = Part((_customer.Prices[_plan] * _quantity) - before, 62);   // for the rest of the month
        if (difference <= 0) return;
        TellInvoice(Bill("subscription_update", difference, at, until));
        TellSubscription("updated", "active", startedAt, from, until, at: at.AddSeconds(1));
    }

    private void BuyOnce(DateTimeOffset at)
    {
        var (charge, intent, amount) = (_random.Id("ch_3"), _random.Id("pi_3"), _customer.Prices[0] * 2);
        var basil = _timeline.IsBasil(at);
        Tell("charge.succeeded", at, DemoObjects.Charge(_customer, charge, intent, null, amount, 0, at, false, basil));
        Tell("charge.updated", at.AddSeconds(4), DemoObjects.Charge(_customer, charge, intent, null, amount, 0, at, true, basil),
            new JsonObject { ["balance_transaction"] = null });
    }

    private DemoInvoice Bill(string reason, long price, DateTimeOffset paidAt, DateTimeOffset until)
    {
        var (net, tax) = DemoInvoice.Split(price, _customer.Tax, _customer.Step);
        var number = string.Create(CultureInfo.InvariantCulture, $"DEMO{_number:000}-{++_invoices:0000}");
        return new DemoInvoice(_random.Id("in_1"), number, price > 0 ? _random.Id("ch_3") : null, price > 0 ? _random.Id("pi_3") : null, reason,
            DemoCustomer.Plans[_plan], _quantity, net, tax, paidAt, until);
    }

    private void TellInvoice(DemoInvoice v, DateTimeOffset? arrivesAt = null)
    {
        var (at, basil) = (v.PaidAt, _timeline.IsBasil(v.PaidAt));
        if (v.ChargeId is { } charge && v.IntentId is { } intent)
        {
            Tell("charge.succeeded", at.AddSeconds(-1), DemoObjects.Charge(_customer, charge, intent, v.Id, v.Total, 0, at.AddSeconds(-1), false, basil), arrivesAt: arrivesAt);
            Tell("charge.updated", at.AddSeconds(3), DemoObjects.Charge(_customer, charge, intent, v.Id, v.Total, 0, at.AddSeconds(-1), true, basil),
                new JsonObject { ["balance_transaction"] = null }, arrivesAt);
            if (basil && at >= _timeline.LinksBegin) Tell("invoice_payment.paid", at, DemoObjects.InvoicePayment(_customer, v), arrivesAt: arrivesAt);
        }
        Tell("invoice.paid", at, DemoObjects.Invoice(_customer, v, _subscription, basil), arrivesAt: arrivesAt);
    }

    private void Refund(DemoInvoice v, long amount, DateTimeOffset at, long refundedBefore, bool namesRefund = true)
    {
        if (v.ChargeId is not { } charge || v.IntentId is not { } intent) return;
        var basil = _timeline.IsBasil(at);
        Tell("charge.refunded", at,
            DemoObjects.Charge(_customer, charge, intent, v.Id, v.Total, refundedBefore + amount, v.PaidAt.AddSeconds(-1), true, basil),
            new JsonObject { ["amount_refunded"] = refundedBefore });
        if (basil && namesRefund) Tell("refund.created", at, DemoObjects.Refund(_customer, v, _random.Id("re_3"), amount, at));
    }

    private void TellSubscription(
        string movement, string status, DateTimeOffset startedAt, DateTimeOffset from, DateTimeOffset until, DateTimeOffset? endedAt = null, DateTimeOffset? at = null)
    {
        var when = at ?? endedAt ?? startedAt;
        Tell($"customer.subscription.{movement}", when, DemoObjects.Subscription(
            _customer, _subscription, status, _plan, _quantity, startedAt, from, until, endedAt, _timeline.IsBasil(when)));
    }

    private void Tell(string type, DateTimeOffset at, JsonObject about, JsonObject? before = null, DateTimeOffset? arrivesAt = null) =>
        _events.Add(new DemoEvent(_random.Id("evt_1", 23), type, at, about, _timeline.IsBasil(at)) { Before = before, ArrivesAt = arrivesAt ?? at });

    private long Part(long amount, int percent) => amount * percent / 100 / _customer.Step * _customer.Step;
}
