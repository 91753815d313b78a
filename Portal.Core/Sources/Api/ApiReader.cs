using System.Text.Json;
using Portal.Core.Facts;

namespace Portal.Core.Sources.Api;

/// <summary>
/// Reads an event that a product told through <c>POST /api/{environment}/events</c>. Here the product's user is the customer, so that
/// whoever signs up, pays or is refunded is one referral with what the payment provider tells of the same user. Pure, and throws for no input.
/// </summary>
public static class ApiReader
{
    /// <summary>Reads one event.</summary>
    /// <param name="body">The body exactly as received.</param>
    /// <param name="withChecks">Whether single fields are checked too, for people.</param>
    public static Reading Read(ReadOnlyMemory<byte> body, bool withChecks = true) => JsonBody.Read(body, root => Read(root, withChecks), Unreadable);

    private static Reading Read(JsonElement root, bool withChecks)
    {
        var told = root.Member("context").Member("event");
        if (told.Member("trigger").Raw() is not { } trigger || !ApiTriggers.All.Contains(trigger)) return Unreadable("The event has no known trigger at $.context.event.trigger.");
        if (told.Member("timestamp").DateTime() is not { } at) return Unreadable("The event has no usable time at $.context.event.timestamp.");
        var e = new ApiEvent(trigger, at, root);
        return new Reading(withChecks ? FieldChecks.Of(ApiFieldRules.For(trigger), root, (rule, payload) => Price(rule, payload, e.Currency)) : [], Facts(e), e.UserId, e.Email, null, null);
    }

    private static List<Fact> Facts(in ApiEvent e)
    {
        if (e.UserId is not { } user) return [];
        // Whoever is told to have paid has signed up, at that moment at the latest.
        List<Fact> facts = [new CustomerSeen(e.Telling, e.At, e.Email, e.Name, e.Claim) { OccurredAt = e.At, CustomerId = user }];
        switch (e.Trigger)
        {
            case ApiTriggers.DemoCallAttended:
                facts.Add(new DemoAttended(user, e.Claim) { OccurredAt = e.At, CustomerId = user });
                break;
            case ApiTriggers.InvoicePaid when e is { InvoiceId: { } invoice, Price: { } price }:
                facts.Add(new InvoicePaid(invoice, e.Currency!.Code, price, price, price, "$.payload.price", e.Subscription.Member("id").Name(), null, e.Claim)
                {
                    OccurredAt = e.At, CustomerId = user, Lines = [new InvoiceLine(e.Subscription.Member("productKey").Text(), null, price, e.At, Until(e), "$.payload.price")],
                });
                break;
            case ApiTriggers.ChargeRefunded when e is { InvoiceId: { } invoice, Price: { } price }:
                // The payment has no id here: it is named by its invoice, and the link says so.
                var payment = ProductTelling.PaymentOf(invoice);
                facts.Add(new PaymentLinked(invoice, null, payment) { OccurredAt = e.At, CustomerId = user });
                facts.Add(new RefundSeen($"{invoice}@{e.At.ToUnixTimeMilliseconds()}", payment, null, e.Currency!.Code, price, "succeeded") { OccurredAt = e.At, CustomerId = user });
                break;
        }
        return facts;
    }

    /// <summary>The end of the period that an invoice pays for, as its interval says.</summary>
    private static DateTimeOffset? Until(in ApiEvent e) =>
        e.Subscription.Member("interval").Raw() is { } interval && ApiTriggers.Intervals.TryGetValue(interval, out var months) && months > 0 && e.At.Year < 9990 ? e.At.AddMonths(months) : null;

    private static FieldCheck? Price(FieldRule rule, JsonElement root, Currency? currency) =>
        rule.Shape == FieldShape.MajorAmount ? FieldChecks.Judge(rule, root, value => value.MajorAmount(currency ?? Currency.Parse("USD")) is not null) : null;

    private static Reading Unreadable(string why) => new([], [], null, null, null, why);
}
