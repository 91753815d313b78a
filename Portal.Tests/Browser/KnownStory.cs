using System.Text.Json.Nodes;

namespace Portal.Tests.Browser;

/// <summary>A few customers of which the journeys know every cent, beside the demo's.</summary>
internal static class KnownStory
{
    /// <summary>Inside the demo's program, and long enough ago to be finished.</summary>
    public static readonly DateTimeOffset Day = new(DateTime.UtcNow.Date.AddDays(-4).AddHours(12), TimeSpan.Zero);

    /// <summary>Of the demo's referrers.</summary>
    public const string Mara = "mAra7Lq2xYb";

    /// <summary>Of the demo's referrers.</summary>
    public const string Jonas = "jOnas4Kf8Wd";

    /// <summary>What a page must show as text, and never do.</summary>
    public const string Markup = "<img src=x onerror=window.hacked=1>";

    /// <summary>A pair with a line to draw, one without, and a correction.</summary>
    public static object Rates => new
    {
        rates = new[] { ("EUR", "USD", 40, "1.0711"), ("EUR", "USD", 30, "1.0842"), ("EUR", "USD", 20, "1.0795"), ("EUR", "USD", 10, "1.0924"), ("USD", "JPY", 10, "155.20"), ("KWD", "EUR", 10, "3.021456789012") }
            .Select(r => new { from = r.Item1, to = r.Item2, day = Day.AddDays(-r.Item3).ToString("yyyy-MM-dd"), rate = r.Item4, note = r.Item1 == "KWD" ? "the bank's sheet of the month, by mail" : null }),
    };

    /// <summary>Set by mistake, and set right.</summary>
    public static object RateSetRight => new { from = "EUR", to = "USD", day = Day.AddDays(-10).ToString("yyyy-MM-dd"), rate = "1.0929", note = "set right" };

    public static string[] Events =>
    [
        StripeSamples.Customer(customer: "cus_known", ucc: Mara, newUserId: "known-user", email: "Known.Person@example.com", at: Day, eventId: "evt_known_customer"),
        StripeSamples.InvoicePaid("cus_known", "in_known", email: "known.person@example.com", paymentIntent: "pi_known", charge: "ch_known", paidAt: Day.AddHours(1), eventId: "evt_known_paid"),
        StripeSamples.Customer(customer: "cus_back", ucc: Jonas, newUserId: "back-user", email: "back@example.com", at: Day, eventId: "evt_back_customer"),
        StripeSamples.InvoicePaid("cus_back", "in_back", email: "back@example.com", paymentIntent: "pi_back", charge: "ch_back", paidAt: Day.AddHours(1), eventId: "evt_back_paid"),
        StripeSamples.InvoicePaymentPaid("in_back", "pi_back", null, 12_000, "usd", Day.AddHours(1)),
        StripeSamples.Refund(refund: "re_back", charge: "ch_back", paymentIntent: "pi_back", amount: 6_000, at: Day.AddDays(1), eventId: "evt_back_refund"),
        StripeSamples.Customer(customer: "cus_alone", ucc: null, newUserId: "alone-user", email: "alone@example.com", at: Day, eventId: "evt_alone_customer"),
        StripeSamples.InvoicePaid("cus_alone", "in_alone", email: "alone@example.com", paymentIntent: "pi_alone", charge: "ch_alone", paidAt: Day.AddHours(1), eventId: "evt_alone_paid"),
        // First credited to Jonas; then an earlier telling turns up with Mara's code.
        StripeSamples.Customer("customer.updated", "cus_moved", Jonas, "moved-user", email: "moved@example.com", created: Day, at: Day.AddMinutes(5), eventId: "evt_moved_later"),
        StripeSamples.InvoicePaid("cus_moved", "in_moved", email: "moved@example.com", paymentIntent: "pi_moved", charge: "ch_moved", paidAt: Day.AddHours(1), eventId: "evt_moved_paid"),
        StripeSamples.Customer("customer.created", "cus_moved", Mara, "moved-user", email: "moved@example.com", created: Day, at: Day, eventId: "evt_moved_first"),
        StripeSamples.Customer(customer: "cus_bad", ucc: Mara, newUserId: null, email: null, name: Markup, at: Day, eventId: "evt_bad_customer"),
        StripeSamples.Event("<b>invented</b>", new JsonObject { ["id"] = "x_1", ["metadata"] = new JsonObject { [Markup] = "<script>window.hacked=1</script>" } },
            Day, "evt_markup", StripeShape.Basil),
        StripeSamples.Event("customer.created", new JsonObject { ["id"] = "cus_live", ["object"] = "customer", ["email"] = "live@example.com" },
            Day, "evt_wrong_mode", StripeShape.Basil, liveMode: true),
    ];
}
