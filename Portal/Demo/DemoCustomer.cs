namespace Portal.Demo;

/// <summary>How a customer's tax is reckoned.</summary>
/// <param name="BasisPoints">20 % is 2,000.</param>
/// <param name="IsInclusive">Whether the price holds it already.</param>
internal sealed record DemoTax(int BasisPoints, bool IsInclusive);

/// <summary>A customer of the imaginary product.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="Name">The person.</param>
/// <param name="Email">The person's address, if the provider knows it.</param>
/// <param name="Story">What is particular.</param>
/// <param name="Currency">Lower-case, as the provider writes it.</param>
/// <param name="Prices">Of the three plans, in minor units.</param>
/// <param name="Tax">What is added to or held in the price.</param>
/// <param name="CreatedAt">The signup.</param>
internal sealed record DemoCustomer(
    string Id, string Name, string? Email, DemoStory Story, string Currency, IReadOnlyList<long> Prices, DemoTax Tax, DateTimeOffset CreatedAt)
{
    /// <summary>The plans, cheapest first.</summary>
    public static readonly IReadOnlyList<string> Plans = ["Starter", "Team", "Business"];

    private static readonly DemoTax[] Taxes = [new(0, false), new(0, false), new(2_000, false), new(825, false), new(1_900, true)];

    private static readonly Dictionary<string, long[]> PriceLists = new()
    {
        ["usd"] = [2_900, 9_900, 29_900],
        ["eur"] = [2_700, 9_500, 27_900],
        ["jpy"] = [3_900, 13_800, 42_000],
        ["kwd"] = [8_900, 29_900, 89_900],   // fils; card networks settle tens of them
    };

    /// <summary>Metadata in the order of time: from each moment on the provider shows this.</summary>
    public List<(DateTimeOffset From, string? Code, string? NewUserId)> Metadata { get; } = [];

    /// <summary>The smallest step of an amount.</summary>
    public int Step => Currency == "kwd" ? 10 : 1;

    /// <summary>Somebody new.</summary>
    public static DemoCustomer Meet(DemoRandom random, int number, DemoStory story, DemoTimeline timeline)
    {
        var currency = story switch
        {
            DemoStory.Yen => "jpy",
            DemoStory.Dinar => "kwd",
            DemoStory.Euro => "eur",
            DemoStory.AmbiguousRefund or DemoStory.Yearly => "usd",
            _ => random.Between(1, 100) switch { <= 62 => "usd", <= 86 => "eur", <= 94 => "jpy", _ => "kwd" },
        };
        var tax = story == DemoStory.Euro ? Taxes[^1] : story == DemoStory.AmbiguousRefund ? Taxes[0] : random.Pick(Taxes);
        var (name, email) = DemoNames.Person(random, number);
        var customer = new DemoCustomer(random.Id("cus_", 14), name, story == DemoStory.NoEmail ? null : email, story, currency, PriceLists[currency], tax,
            SignupOf(story, random, timeline));
        customer.Describe(random, number);
        return customer;
    }

    /// <summary>The metadata as the provider shows them at a moment.</summary>
    public (string? Code, string? NewUserId) MetadataAt(DateTimeOffset at)
    {
        var (_, code, newUserId) = Metadata.LastOrDefault(m => m.From <= at);
        return (code, newUserId);
    }

    private static DateTimeOffset SignupOf(DemoStory story, DemoRandom random, DemoTimeline timeline)
    {
        switch (story)
        {
            case DemoStory.LongStanding: return timeline.Begins + random.Days(0, 3);
            case DemoStory.AmbiguousRefund: return timeline.VersionChange + random.Days(2, 20);
            case DemoStory.Ordinary or DemoStory.Organic or DemoStory.NeverPaid:
                // A product that grows: the later, the more.
                var days = (int)(timeline.EndsAt - timeline.Begins).TotalDays - 3;
                var day = Math.Max(random.Between(0, days), Math.Max(random.Between(0, days), random.Between(0, days)));
                return timeline.Begins + TimeSpan.FromDays(day) + random.Days(0, 1);
            default: return timeline.EndsAt.AddMonths(-5) - random.Days(0, 200);   // early enough for its story to have come to its end
        }
    }

    private void Describe(DemoRandom random, int number)
    {
        var referrer = random.Pick(DemoProgram.Referrers);
        var (code, newUserId) = (referrer.Ucc, $"user-{5_000 + number}");
        switch (Story)
        {
            case DemoStory.Organic: Metadata.Add((CreatedAt, null, null)); break;
            case DemoStory.MissingNewUserId: Metadata.Add((CreatedAt, code, null)); break;
            case DemoStory.LateAttribution: Later(TimeSpan.FromDays(12)); break;
            case DemoStory.TooLateAttribution: Later(TimeSpan.FromDays(45)); break;
            case DemoStory.UnknownCode: Metadata.Add((CreatedAt, "zzUnknown77", newUserId)); break;
            case DemoStory.SelfReferral: Metadata.Add((CreatedAt, code, referrer.ProductUserId)); break;
            case DemoStory.ChangedCode:
                Metadata.Add((CreatedAt, code, newUserId));
                Metadata.Add((CreatedAt + random.Days(40, 60), DemoProgram.Referrers.First(r => r.Ucc != code).Ucc, newUserId));
                break;
            default: Metadata.Add((CreatedAt, code, newUserId)); break;
        }

        void Later(TimeSpan after)
        {
            Metadata.Add((CreatedAt, null, null));
            Metadata.Add((CreatedAt + after, code, newUserId));
        }
    }
}
