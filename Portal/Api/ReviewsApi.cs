using System.Globalization;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Pipeline;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/review-cases</c>: what no rule may decide, and what people decided.</summary>
internal static class ReviewsApi
{
    public static void MapReviews(this IEndpointRouteBuilder api)
    {
        var reviews = api.MapGroup("/review-cases").WithTags("Review cases");
        reviews.MapGet("", ListAsync).WithSummary("Unclear cases, newest first. Filters: state (open, settled), kind, q (customer, new user or key).");
        reviews.MapGet("/{id:long}", GetAsync).WithSummary("One case with evidence, choices, decisions, and what each choice would change.");
        reviews.MapPost("/{id:long}/decision", DecideAsync).WithSummary("Decides a case, or takes the decision back by the choice reopen.").Accepts<DecisionBody>("application/json");
    }

    private static async Task<IResult> ListAsync(World environment, HttpRequest request, ReviewSearch search, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        if (!ApiInput.Word<ReviewState>(request, "state").TryGet(out var state, out problem)) return ApiProblem.From(problem);
        var page = await search.FindAsync(new ReviewQuery
        {
            Environment = environment.Environment,
            State = state.Value,
            Kind = ApiInput.Text(request, "kind"),
            Text = ApiInput.Text(request, "q"),
            Cursor = paging.Value.Cursor,
            Limit = paging.Value.Limit,
        }, ct);
        return TypedResults.Ok(ItemList<CaseItem>.From(page, Item));
    }

    private static async Task<IResult> GetAsync(World environment, long id, ReviewSearch search, DecisionPreviews previews, CancellationToken ct)
    {
        if (await search.FindAsync(environment.Environment, id, ct) is not { } found)
            return ApiProblem.Of(404, "notFound", $"There is no review case {id} in {environment.Environment.Slug()}.");
        var tried = await previews.TryAsync(environment.Environment, id, found.Open, ct);
        return TypedResults.Ok(new CaseDetailItem(Item(found.Case))
        {
            Referrer = found.Referrer,
            StandingDecisionId = Number(found.StandingId),
            Evidence = found.Evidence,
            Choices = found.Choices,
            Decisions = [.. found.Decisions.Select(Item)],
            WaitingRewards = [.. found.Rewards.Select(r => Number(r.Id)!)],
            Preview = [.. tried.Select(Item)],
        });
    }

    private static async Task<IResult> DecideAsync(World environment, long id, HttpRequest request, ReviewDesk desk, CurrentActor actor, CancellationToken ct)
    {
        if (!(await ApiInput.BodyAsync<DecisionBody>(request, ct)).TryGet(out var body, out var problem)) return ApiProblem.From(problem);
        long? expected = null;
        if (body.ExpectedDecisionId is { } text)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seen))
                return ApiProblem.From(new Problem("invalidField", "expectedDecisionId must be the standingDecisionId that you read, or null.", "expectedDecisionId"));
            expected = seen;
        }
        var wanted = new NewDecision(body.Choice, body.Reason, expected);
        if (body.DryRun)
        {
            return (await desk.TryAsync(environment.Environment, id, wanted, ct)).TryGet(out var preview, out problem)
                ? TypedResults.Ok(Item(preview))
                : ApiProblem.From(problem);
        }
        return (await desk.DecideAsync(environment.Environment, id, wanted, actor.Actor, ct)).TryGet(out var decision, out problem)
            ? TypedResults.Created((string?)null, Item(decision))
            : ApiProblem.From(problem);
    }

    private static CaseItem Item(ReviewRow r) => new(Number(r.Id)!, r.Key, r.State.Word(), r.Kind, r.Question, r.CustomerId, r.NewUserId, r.OpenedAt, r.SettledAt,
        Number(r.DecisionId), [.. r.AtStake.Select(Item)]);

    private static DecisionItem Item(DecisionRow d) => new(Number(d.Id)!, d.Choice, d.Reason, d.DecidedAt, d.DecidedBy);

    private static PreviewItem Item(DecisionPreview p) => new(p.Choice, p.IsPartial,
        [.. p.Rewards.Select(r => new ChangeItem(Number(r.RewardId), r.Key, r.Referrer, r.InvoiceId, r.Component, r.Paid.Currency.Code, r.Paid.Minor, Item(r.Before), Item(r.After)))],
        [.. p.Sums.Select(s => new SumItem(s.Referrer, s.By.Currency.Code, s.Before.Minor, s.After.Minor, s.By.Minor, s.WaitingBefore.Minor, s.WaitingAfter.Minor, s.Owed.Minor))]);

    private static StandItem Item(RewardStand s) => new(s.Earned.Minor, s.Reversed.Minor, s.Net.Minor, s.Waits);

    private static AmountItem Item(Money money) => new(money.Minor, money.Currency.Code);

    private static string? Number(long? id) => id?.ToString(CultureInfo.InvariantCulture);

    private sealed record DecisionBody(string? Choice, string? Reason, string? ExpectedDecisionId, bool DryRun);

    private record CaseItem(string Id, string Key, string State, string Kind, string Question, string? CustomerId, string? NewUserId, DateTimeOffset OpenedAt,
        DateTimeOffset? SettledAt, string? DecisionId, IReadOnlyList<AmountItem> AtStake);

    private sealed record CaseDetailItem : CaseItem
    {
        public CaseDetailItem(CaseItem item) : base(item)
        {
        }

        public required string? Referrer { get; init; }

        public required string? StandingDecisionId { get; init; }

        public required IReadOnlyList<Evidence> Evidence { get; init; }

        public required IReadOnlyList<CaseChoice> Choices { get; init; }

        public required IReadOnlyList<DecisionItem> Decisions { get; init; }

        public required IReadOnlyList<string> WaitingRewards { get; init; }

        public required IReadOnlyList<PreviewItem> Preview { get; init; }
    }

    private sealed record DecisionItem(string Id, string Choice, string Reason, DateTimeOffset DecidedAt, string DecidedBy);

    private sealed record PreviewItem(string Choice, bool Partial, IReadOnlyList<ChangeItem> Rewards, IReadOnlyList<SumItem> Sums);

    private sealed record ChangeItem(
        string? RewardId, string Key, string Referrer, string? InvoiceId, string Component, string Currency, long Paid, StandItem Before, StandItem After);

    private sealed record StandItem(long Earned, long Reversed, long Net, bool Waits);

    private sealed record SumItem(string Referrer, string Currency, long Before, long After, long By, long WaitingBefore, long WaitingAfter, long Owed);

    private sealed record AmountItem(long Amount, string Currency);
}
