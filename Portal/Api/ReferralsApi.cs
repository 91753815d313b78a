using System.Globalization;
using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Referrals;
using Portal.Core.Statements;
using Portal.Hosting;
using Portal.Pages.Referrals;

namespace Portal.Api;

/// <summary><c>v1/referrals</c>: who was referred, and what happened to each.</summary>
internal static class ReferralsApi
{
    public static void MapReferrals(this IEndpointRouteBuilder api)
    {
        var referrals = api.MapGroup("/referrals").WithTags("Referrals");
        referrals.MapGet("", ListAsync).WithSummary("Lists referred people, newest first. Filters: q, newUserId, ucc, attributed (true or false), reason.");
        referrals.MapGet("/{id:long}", GetAsync).WithSummary("One referral with its customers, rewards, cases and timeline.");
    }

    private static async Task<IResult> ListAsync(World environment, HttpRequest request, ReferralSearch search, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        var attributed = ApiInput.Text(request, "attributed");
        if (attributed is not (null or "true" or "false")) return ApiProblem.Of(400, "invalidField", "attributed must be true or false.", "attributed");
        var page = await search.FindAsync(new ReferralQuery
        {
            Environment = environment.Environment,
            Text = ApiInput.Text(request, "q"),
            NewUserId = ApiInput.Text(request, "newUserId"),
            Ucc = ApiInput.Text(request, "ucc"),
            IsAttributed = attributed is null ? null : attributed == "true",
            Reason = ApiInput.Text(request, "reason"),
            Cursor = paging.Value.Cursor,
            Limit = paging.Value.Limit,
        }, ct);
        return TypedResults.Ok(ItemList<ReferralRow>.From(page, r => r));
    }

    private static async Task<IResult> GetAsync(World environment, long id, ReferralDetails details, CancellationToken ct) =>
        await details.FindAsync(environment.Environment, id, ct) is { } found
            ? TypedResults.Ok(new ReferralItem(found.Referral, found.Customers, [.. found.Rewards.Select(RewardsApi.Item)], found.Cases,
                [.. found.Timeline.Select(i => Item(i, found.Referral))], found.IsCut))
            : ApiProblem.Of(404, "notFound", $"There is no referral {id} in {environment.Environment.Slug()}.");

    private static TimelineEntry Item(TimelineItem item, ReferralRow referral)
    {
        var amount = TimelineWords.Amount(item);
        return new TimelineEntry(item.At, item.Told?.Fact.Kind ?? item.Kind.Word(), TimelineWords.Says(item, referral), amount?.Minor, amount?.Currency.Code,
            Number(item.Told?.EventId), item.Told?.ProviderEventId, Number(item.Set?.Id), Number(item.Set?.RewardId),
            item.InvoiceId ?? item.Told?.Fact.Links.InvoiceId, Number(item.Case?.Id), item.IsDetail);
    }

    private static string? Number(long? id) => id?.ToString(CultureInfo.InvariantCulture);

    private sealed record ReferralItem(ReferralRow Referral, IReadOnlyList<CustomerRow> Customers, IReadOnlyList<RewardsApi.RewardItem> Rewards,
        IReadOnlyList<TimelineCase> Cases, IReadOnlyList<TimelineEntry> Timeline, bool IsCut);

    private sealed record TimelineEntry(DateTimeOffset At, string Kind, string Says, long? Amount, string? Currency, string? EventId, string? ProviderEventId,
        string? EntrySetId, string? RewardId, string? InvoiceId, string? CaseId, bool IsDetail);
}
