using System.Text.Json.Nodes;

namespace Portal.Demo;

/// <summary>The whole history as the requests that reach the endpoint: everybody's life, and what goes wrong between two systems.</summary>
internal static class DemoHistory
{
    private static readonly DemoStory[] Stories = Enum.GetValues<DemoStory>();

    /// <summary>The deliveries, in the order of their arrival. The same arguments give the same bytes.</summary>
    public static IReadOnlyList<DemoDelivery> Of(int seed, int customers, DemoTimeline timeline)
    {
        var events = Enumerable.Range(0, customers).SelectMany(number => LifeOf(seed, number, timeline))
            .Concat(Strays(new DemoRandom(seed, -1), timeline))
            .OrderBy(e => e.ArrivesAt).ThenBy(e => e.Id, StringComparer.Ordinal).ToList();
        var deliveries = new List<DemoDelivery>(events.Count + 32);
        for (var i = 0; i < events.Count; i++)
        {
            var body = events[i].Body();
            if (FaultOf(i, events.Count) is var fault and not DemoFault.None) deliveries.Add(new DemoDelivery(body, fault));
            deliveries.Add(new DemoDelivery(body));
            if (i % 90 == 45) deliveries.Add(new DemoDelivery(body));   // the provider did not see our answer and sends again
        }
        return deliveries;
    }

    private static IEnumerable<DemoEvent> LifeOf(int seed, int number, DemoTimeline timeline)
    {
        var random = new DemoRandom(seed, number);
        var story = number < Stories.Length ? Stories[number] : random.Between(1, 100) switch
        {
            <= 3 => DemoStory.Organic,
            <= 9 => DemoStory.NeverPaid,
            <= 13 => DemoStory.LateAttribution,
            <= 17 => DemoStory.Trial,
            <= 19 => DemoStory.Yearly,
            _ => DemoStory.Ordinary,
        };
        return DemoLife.Of(DemoCustomer.Meet(random, number, story, timeline), number, timeline, random);
    }

    /// <summary>Near the end the wrong secret was configured for a moment, and once the clock of a proxy stood still.</summary>
    private static DemoFault FaultOf(int place, int all) => (all - place) switch
    {
        20 or 21 or 22 => DemoFault.WrongSecret,
        60 => DemoFault.OldSignature,
        _ => DemoFault.None,
    };

    /// <summary>What reaches the endpoint although it should not: types that nobody follows, and real money among test data.</summary>
    private static IEnumerable<DemoEvent> Strays(DemoRandom random, DemoTimeline timeline)
    {
        for (var i = 0; i < 6; i++)
        {
            var at = timeline.EndsAt - random.Days(1, 120);
            yield return new DemoEvent(random.Id("evt_1", 23), i % 2 == 0 ? "payment_intent.succeeded" : "product.updated", at,
                new JsonObject { ["id"] = random.Id(i % 2 == 0 ? "pi_3" : "prod_", 14), ["object"] = i % 2 == 0 ? "payment_intent" : "product" }, timeline.IsBasil(at));
        }
        var live = timeline.EndsAt.AddHours(-3);
        var customer = DemoCustomer.Meet(random, 999, DemoStory.Ordinary, timeline) with { CreatedAt = live };
        yield return new DemoEvent(random.Id("evt_1", 23), "customer.created", live, DemoObjects.Customer(customer, live), true) { IsLive = true };
    }
}
