using System.Globalization;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Payouts;
using Portal.Core.Rewards;
using Portal.Hosting;

namespace Portal.Api;

/// <summary>
/// <c>/rewards</c>, for products that grant rewards themselves. The reference product names the filters and that a report refers to ids, and
/// neither path nor statuses (in-product rewards, early access); these are ours (decision 73).
/// </summary>
internal static class InProductRewardsApi
{
    public static void MapInProductRewards(this IEndpointRouteBuilder api)
    {
        var rewards = api.MapGroup("/rewards").WithTags("In-product rewards");
        rewards.MapGet("", ListAsync).Produces<ItemList<RewardItem>>()
            .WithSummary("Rewards that the product grants itself, newest first. Filters: startDate and endDate (YYYY-MM-DD, UTC, both included), productUserId, status (open, processed, rejected).");
        rewards.MapPatch("", ReportAsync).Accepts<Report>("application/json").Produces<Taken>().ProducesProblem(400).ProducesProblem(409)
            .WithSummary("Reports what became of up to 200 rewards, all or none. A processed reward is left out of payouts.");
    }

    private static async Task<IResult> ListAsync(World environment, HttpRequest request, RewardReportDesk desk, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        if (!ApiInput.Word<ReportedStatus>(request, "status").TryGet(out var status, out problem)) return ApiProblem.From(problem);
        if (!Day(request, "startDate").TryGet(out var from, out problem) || !Day(request, "endDate").TryGet(out var to, out problem)) return ApiProblem.From(problem);
        var page = await desk.FindAsync(new ReportedRewardQuery(environment.Environment, from.Value, to.Value, ApiInput.Text(request, "productUserId"), status.Value, paging.Value.Cursor, paging.Value.Limit), ct);
        return TypedResults.Ok(ItemList<RewardItem>.From(page, r => new RewardItem(r.Id.ToString(CultureInfo.InvariantCulture), r.ProductUserId, r.Code,
            r.Component.Split(':')[0], r.Amount.Minor, r.Amount.Currency.Code, r.EarnedAt, r.IsReady, r.Status.Word(), r.ReportedAt)));
    }

    private static async Task<IResult> ReportAsync(World environment, HttpRequest request, RewardReportDesk desk, CurrentActor actor, CancellationToken ct)
    {
        if (!(await ApiInput.BodyAsync<Report>(request, ct)).TryGet(out var report, out var problem)) return ApiProblem.From(problem);
        if (report.Rewards is not { Count: >= 1 and <= RewardReportDesk.MostLines }) return ApiProblem.From(Wrong("rewards", $"must be 1 to {RewardReportDesk.MostLines} objects with an id and a status"));
        var lines = new List<RewardReportLine>();
        foreach (var (line, i) in report.Rewards.Select((l, i) => (l, i)))
        {
            if (!long.TryParse(line?.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return ApiProblem.From(Wrong($"rewards[{i}].id", "must be an id of GET /rewards"));
            if (!EnumWord<ReportedStatus>.TryRead(line.Status, out var status)) return ApiProblem.From(Wrong($"rewards[{i}].status", $"must be one of {EnumWord<ReportedStatus>.All}"));
            lines.Add(new RewardReportLine(id, status));
        }
        return (await desk.ReportAsync(environment.Environment, lines, request.HttpContext.User.HasClaim(PortalClaims.Scope, AccessKey.ManageScope), actor.Actor, ct)).TryGet(out var taken, out problem)
            ? TypedResults.Ok(new Taken(true, taken.Changed))
            : ApiProblem.From(problem);
    }

    private static Outcome<Maybe<DateOnly>> Day(HttpRequest request, string name) => ApiInput.Text(request, name) switch
    {
        null => new Maybe<DateOnly>(null),
        { } text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => new Maybe<DateOnly>(day),
        _ => Wrong(name, "must be a day such as 2026-01-31"),
    };

    private static Problem Wrong(string field, string rule) => new("invalidField", $"{field} {rule}.", field);

    private sealed record RewardItem(
        string Id, string ProductUserId, string Ucc, string Trigger, long Amount, string Currency, DateTimeOffset EarnedAt, bool Ready, string Status, DateTimeOffset? ReportedAt);

    private sealed record Report(IReadOnlyList<ReportLine?>? Rewards);

    private sealed record ReportLine(string? Id, string? Status);

    private sealed record Taken(bool Success, int Changed);
}
