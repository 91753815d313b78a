using System.Globalization;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Payouts;
using Portal.Core.Referrers;
using Portal.Exports;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/payouts</c>: what is paid out, in batches.</summary>
internal static class PayoutsApi
{
    public static void MapPayouts(this IEndpointRouteBuilder api)
    {
        var payouts = api.MapGroup("/payouts").WithTags("Payouts");
        payouts.MapGet("", ListAsync).WithSummary("Payouts, newest first. Filter: state.");
        payouts.MapPost("", CreateAsync).WithSummary("Puts a payout together, as a draft; says what it pays to whom, and who is left out.").Accepts<NewPayout>("application/json");
        payouts.MapGet("/{id:long}", GetAsync).WithSummary("One payout with what it pays to whom, of which rewards.");
        payouts.MapPost("/{id:long}/approve", async (World environment, long id, PayoutDesk desk, CurrentActor actor, CancellationToken ct) =>
            Answer(await desk.ApproveAsync(environment.Environment, id, actor.Actor, ct))).WithSummary("Approves a draft.");
        payouts.MapPost("/{id:long}/export", async (World environment, long id, PayoutDesk desk, PayoutDetailsBook book, CurrentActor actor, CancellationToken ct) =>
            (await desk.ExportAsync(environment.Environment, id, actor.Actor, ct)).TryGet(out var payout, out var problem) ? await PayoutFile.OfAsync(payout, book, ct) : ApiProblem.From(problem))
            .WithSummary("What an approved or settled payout pays to whom, as a file.").Produces(200, contentType: "text/csv");
        payouts.MapPost("/{id:long}/settle", SettleAsync).WithSummary("Posts an approved payout, all of it or nothing; refused where total is given and it comes to something else.").Accepts<SettleBody>("application/json");
        payouts.MapPost("/{id:long}/cancel", async (World environment, long id, PayoutDesk desk, CurrentActor actor, CancellationToken ct) =>
            Answer(await desk.CancelAsync(environment.Environment, id, actor.Actor, ct))).WithSummary("Gives up a payout that is not settled.");
    }

    private static async Task<IResult> ListAsync(World environment, HttpRequest request, PayoutSearch search, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        if (!ApiInput.Word<PayoutState>(request, "state").TryGet(out var state, out problem)) return ApiProblem.From(problem);
        var page = await search.FindAsync(new PayoutQuery
        {
            Environment = environment.Environment, State = state.Value, Cursor = paging.Value.Cursor, Limit = paging.Value.Limit,
        }, ct);
        return TypedResults.Ok(ItemList<PayoutItem>.From(page, Item));
    }

    private static async Task<IResult> CreateAsync(World environment, HttpRequest request, PayoutDesk desk, CurrentActor actor, CancellationToken ct)
    {
        if (!(await ApiInput.BodyAsync<NewPayout>(request, ct)).TryGet(out var given, out var problem)) return ApiProblem.From(problem);
        return (await desk.CreateAsync(environment.Environment, given, actor.Actor, ct)).TryGet(out var created, out problem)
            ? TypedResults.Created((string?)null, Item(created.Payout) with { LeftOut = [.. created.LeftOut.Select(s => new LeftOutItem(s.Referrer, s.Amount.Minor, s.LeftOut!.Value.Word()))] })
            : ApiProblem.From(problem);
    }

    private static async Task<IResult> GetAsync(World environment, long id, PayoutSearch search, CancellationToken ct) =>
        await search.FindAsync(environment.Environment, id, ct) is { } found
            ? TypedResults.Ok(Item(found))
            : ApiProblem.Of(404, "notFound", $"There is no payout {id} in {environment.Environment.Slug()}.");

    private static async Task<IResult> SettleAsync(World environment, long id, HttpRequest request, PayoutDesk desk, CurrentActor actor, CancellationToken ct)
    {
        long? total = null;
        if (request.HasJsonContentType())
        {
            if (!(await ApiInput.BodyAsync<SettleBody>(request, ct)).TryGet(out var body, out var wrong)) return ApiProblem.From(wrong);
            total = body.Total;
        }
        return Answer(await desk.SettleAsync(environment.Environment, id, total, actor.Actor, ct));
    }

    private static IResult Answer(Outcome<PayoutDetail> outcome) =>
        outcome.TryGet(out var payout, out var problem) ? TypedResults.Ok(Item(payout)) : ApiProblem.From(problem);

    private static PayoutItem Item(PayoutRow p) => new(Word(p.Id), p.State.Word(), p.Amount.Currency.Code, p.AsOf, p.Minimum.Minor, p.Note, p.Referrers, p.Lines,
        p.Amount.Minor, p.Paid?.Minor, p.Created, p.Approved, p.Exported, p.ExportedAmount?.Minor, p.Ended);

    private static PayoutDetailItem Item(PayoutDetail d) => new(Item(d.Payout))
    {
        Due = d.Due.Minor,
        Shares = [.. d.Shares.Select(s => new ShareItem(s.Referrer, s.Name, s.Email, s.Amount.Minor, s.Due.Minor,
            [.. s.Lines.Select(l => new LineItem(Word(l.RewardId), l.InvoiceId, l.Amount.Minor, l.Due.Minor))]))],
    };

    private static string Word(long id) => id.ToString(CultureInfo.InvariantCulture);

    private sealed record SettleBody(long? Total);

    private record PayoutItem(string Id, string State, string Currency, DateTimeOffset AsOf, long Minimum, string? Note, int Referrers, int Rewards,
        long Amount, long? Paid, PayoutStep Created, PayoutStep? Approved, PayoutStep? Exported, long? ExportedAmount, PayoutStep? Ended);

    private sealed record PayoutDetailItem : PayoutItem
    {
        public PayoutDetailItem(PayoutItem item) : base(item)
        {
        }

        public required long Due { get; init; }

        public required IReadOnlyList<ShareItem> Shares { get; init; }

        public IReadOnlyList<LeftOutItem>? LeftOut { get; init; }
    }

    private sealed record ShareItem(string Referrer, string? Name, string? Email, long Amount, long Due, IReadOnlyList<LineItem> Lines);

    private sealed record LineItem(string RewardId, string? InvoiceId, long Amount, long Due);

    private sealed record LeftOutItem(string Referrer, long Amount, string Reason);
}
