using System.Globalization;
using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Sources;

namespace Portal.Benchmarks.Feed;

/// <summary>Every combination of the feed's filters. Where a filter names somebody, each time it is somebody else.</summary>
internal static class FeedQuestions
{
    private static readonly EventSelection[] Selections = [EventSelection.All, EventSelection.Attributions, EventSelection.Events];
    private static readonly string?[] Types = [null, "invoice.paid", "charge.refunded", "customer.created"];
    private static readonly CheckLevel?[] Statuses = [null, CheckLevel.Ok, CheckLevel.Warning, CheckLevel.Error];
    private static readonly EventState?[] States = [null, EventState.Processed, EventState.Waiting, EventState.Failed, EventState.Ignored, EventState.Pending];
    private static readonly string[] Texts = ["", "address", "beginning", "customer", "user", "invoice", "event"];
    private static readonly string[] Periods = ["", "a week", "until"];

    /// <summary>The combinations; for a quick look only those of at most two filters.</summary>
    public static IEnumerable<(string Name, Func<int, EventQuery> Query)> OfEvents(long rows, bool quick) =>
        from selection in Selections
        from type in Types
        where type is null || selection == EventSelection.All
        from status in Statuses
        from state in States
        from text in Texts
        from period in Periods
        let parts = new[] { selection == EventSelection.All ? "" : selection.Word(), type ?? "", status?.Word() ?? "", state?.Word() ?? "", text, period }.Where(p => p.Length > 0).ToList()
        where parts.Count <= (quick ? 1 : 6)
        select (parts.Count == 0 ? "everything" : string.Join(" + ", parts), (Func<int, EventQuery>)(n => new EventQuery
        {
            Environment = PortalEnvironment.Sandbox,
            Selection = selection,
            Type = type,
            Status = status,
            State = state,
            Text = TextOf(text, n, rows),
            From = period == "a week" ? FeedFill.At(rows / 2) : null,
            To = period == "a week" ? FeedFill.At(rows / 2).AddDays(7) : period == "until" ? FeedFill.At(rows / 3) : null,
        }));

    private static string? TextOf(string text, int n, long rows)
    {
        var customer = (n * 9_973) % FeedFill.Customers;
        var invoice = 1 + (n * 7_919 % (rows / 5));
        return text switch
        {
            "address" => string.Create(CultureInfo.InvariantCulture, $"buyer{customer:D8}@example.com"),
            "beginning" => string.Create(CultureInfo.InvariantCulture, $"buyer{customer / 100:D6}"),
            "customer" => string.Create(CultureInfo.InvariantCulture, $"cus_{customer:D8}"),
            "user" => string.Create(CultureInfo.InvariantCulture, $"user-{customer}"),
            "invoice" => string.Create(CultureInfo.InvariantCulture, $"in_{invoice:D8}"),
            "event" => string.Create(CultureInfo.InvariantCulture, $"evt_{5 * invoice:D8}"),
            _ => null,
        };
    }
}
