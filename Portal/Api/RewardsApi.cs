using System.Globalization;
using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Rewards;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/rewards</c>, <c>v1/transactions</c> and <c>v1/invoices/{id}/explanation</c>: what is earned, and why or why not.</summary>
internal static class RewardsApi
{
    public static void MapRewards(this IEndpointRouteBuilder api)
    {
        var rewards = api.MapGroup("/rewards").WithTags("Rewards");
        rewards.MapGet("", ListAsync).WithSummary("Rewards, newest first. Filters: referrer (productUserId or ucc), state, currency, q.");
        rewards.MapGet("/{id:long}", GetAsync).WithSummary("One reward with its explanation and entries.");
        api.MapGet("/transactions", PaymentsAsync).WithTags("Rewards").WithSummary("Paid invoices and charges, newest first. Filters: reason, q.");
        api.MapGet("/invoices/{invoiceId}/explanation", ExplainAsync).WithTags("Rewards")
            .WithSummary("Why an invoice earned what it earned, or the one reason code why it earned nothing.");
    }

    private static async Task<IResult> ListAsync(World environment, HttpRequest request, RewardSearch search, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        if (!ApiInput.Word<RewardState>(request, "state").TryGet(out var state, out problem)) return ApiProblem.From(problem);
        var page = await search.FindAsync(new RewardQuery
        {
            Environment = environment.Environment,
            Referrer = ApiInput.Text(request, "referrer") ?? ApiInput.Text(request, "productUserId") ?? ApiInput.Text(request, "ucc"),
            State = state.Value,
            Currency = ApiInput.Text(request, "currency")?.ToUpperInvariant(),
            Text = ApiInput.Text(request, "q"),
            Cursor = paging.Value.Cursor,
            Limit = paging.Value.Limit,
        }, ct);
        return TypedResults.Ok(ItemList<RewardItem>.From(page, Item));
    }

    private static async Task<IResult> GetAsync(World environment, long id, RewardSearch search, CancellationToken ct) =>
        await search.FindAsync(environment.Environment, id, ct) is { } found
            ? TypedResults.Ok(new RewardDetailItem(Item(found.Reward)) { Explanation = found.Explanation, Entries = [.. found.EntrySets.Select(LedgerApi.Item)] })
            : ApiProblem.Of(404, "notFound", $"There is no reward {id} in {environment.Environment.Slug()}.");

    private static async Task<IResult> PaymentsAsync(World environment, HttpRequest request, TransactionSearch search, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        var page = await search.FindAsync(new TransactionQuery
        {
            Environment = environment.Environment,
            Reason = ApiInput.Text(request, "reason"),
            Text = ApiInput.Text(request, "q"),
            Cursor = paging.Value.Cursor,
            Limit = paging.Value.Limit,
        }, ct);
        return TypedResults.Ok(ItemList<PaymentItem>.From(page, Item));
    }

    private static async Task<IResult> ExplainAsync(World environment, string invoiceId, TransactionSearch search, CancellationToken ct) =>
        await search.FindAsync(environment.Environment, "invoice", invoiceId, ct) is { } found
            ? TypedResults.Ok(new ExplanationItem(invoiceId, Item(found.Payment), found.Payment.Reason, found.Explanation, [.. found.Rewards.Select(Item)]))
            : ApiProblem.Of(404, "notFound", $"No payment of invoice {invoiceId} was seen in {environment.Environment.Slug()}.");

    internal static RewardItem Item(RewardRow r) => new(r.Id.ToString(CultureInfo.InvariantCulture), r.State.Word(), r.Referrer, r.Code, r.NewUserId, r.InvoiceId,
        r.Earned.Currency.Code, r.Earned.Minor, r.Reversed.Minor, r.Net.Minor, r.Paid.Minor, r.PaidAt, r.HoldUntil, r.WaitsFor, r.Component, r.RevisionNumber, r.CreatedAt);

    private static PaymentItem Item(TransactionRow t) => new(t.Id.ToString(CultureInfo.InvariantCulture), t.Kind, t.ExternalId, t.CustomerId, t.NewUserId,
        t.Paid.Currency.Code, t.Paid.Minor, t.Refunded.Minor, t.PaidAt, t.Reason);

    /// <summary>A reward in a list.</summary>
    internal record RewardItem(string Id, string State, string Referrer, string Ucc, string NewUserId, string? InvoiceId, string Currency, long Earned,
        long Reversed, long Net, long Paid, DateTimeOffset PaidAt, DateTimeOffset HoldUntil, string? WaitsFor, string Component, int Revision, DateTimeOffset CreatedAt);

    private sealed record RewardDetailItem : RewardItem
    {
        public RewardDetailItem(RewardItem item) : base(item)
        {
        }

        public required Explanation Explanation { get; init; }

        public required IReadOnlyList<LedgerApi.EntrySetItem> Entries { get; init; }
    }

    private sealed record PaymentItem(string Id, string Kind, string ExternalId, string? CustomerId, string? NewUserId, string Currency, long AmountPaid,
        long AmountRefunded, DateTimeOffset PaidAt, string? Reason);

    private sealed record ExplanationItem(string InvoiceId, PaymentItem Invoice, string? Reason, Explanation Explanation, IReadOnlyList<RewardItem> Rewards);
}
