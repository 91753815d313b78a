namespace Portal.Demo;

/// <summary>The fixed points of the history, all reckoned from its end.</summary>
/// <param name="EndsAt">The last moment; nothing happens after it.</param>
/// <param name="ProgramBegins">From when on the rules hold.</param>
/// <param name="Begins">The first signup.</param>
/// <param name="VersionChange">When the account moved from API version 2022-11-15 to 2025-03-31.basil.</param>
/// <param name="LinksBegin">When the endpoint was subscribed to <c>invoice_payment.paid</c> too.</param>
internal sealed record DemoTimeline(
    DateTimeOffset EndsAt, DateTimeOffset ProgramBegins, DateTimeOffset Begins, DateTimeOffset VersionChange, DateTimeOffset LinksBegin)
{
    /// <summary>The history that ends at this moment.</summary>
    public static DemoTimeline Until(DateTimeOffset end) =>
        new(end, end.AddMonths(-14), end.AddMonths(-14).AddDays(10), end.AddMonths(-7), end.AddMonths(-3));

    /// <summary>Providers count whole seconds.</summary>
    public static DateTimeOffset WholeSecond(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());

    /// <summary>Whether payloads of this moment have the newer shape.</summary>
    public bool IsBasil(DateTimeOffset at) => at >= VersionChange;
}
