using System.Globalization;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Rates;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/exchange-rates</c>: what one currency costs in another from a day on.</summary>
internal static class RatesApi
{
    public static void MapRates(this IEndpointRouteBuilder api)
    {
        var rates = api.MapGroup("/exchange-rates").WithTags("Exchange rates");
        rates.MapGet("", ListAsync).WithSummary("What was said about rates, newest first. Filters: from, to.");
        rates.MapPost("", AddAsync).WithSummary("Sets a rate, or all of {\"rates\": […]} or none.").Accepts<RatesBody>("application/json");
        rates.MapPost("/{id:long}/withdraw", WithdrawAsync).WithSummary("Takes a day's rate back.").Accepts<WithdrawBody>("application/json");
    }

    private static async Task<IResult> ListAsync(World environment, HttpRequest request, RateBook book, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        var (from, to) = (ApiInput.Text(request, "from"), ApiInput.Text(request, "to"));
        foreach (var (name, code) in new[] { ("from", from), ("to", to) })
        {
            if (code is not null && !Currency.TryParse(code, out _))
                return ApiProblem.From(new Problem("invalidField", $"{name} must be a currency code of three letters such as EUR.", name));
        }
        var page = await book.FindAsync(new RateQuery
        {
            Environment = environment.Environment,
            From = from?.ToUpperInvariant(),
            To = to?.ToUpperInvariant(),
            Cursor = paging.Value.Cursor,
            Limit = paging.Value.Limit,
        }, ct);
        return TypedResults.Ok(ItemList<RateItem>.From(page, Item));
    }

    private static async Task<IResult> AddAsync(World environment, HttpRequest request, RateBook book, CurrentActor actor, CancellationToken ct)
    {
        if (!(await ApiInput.BodyAsync<RatesBody>(request, ct)).TryGet(out var body, out var problem)) return ApiProblem.From(problem);
        if (body.Rates is not null && body != new RatesBody(null, null, null, null, null, body.Rates))
            return ApiProblem.From(new Problem("invalidField", "Send one rate, or rates with all of them in it.", "rates"));
        List<NewRate> given = body.Rates?.ConvertAll(r => r ?? new NewRate(null, null, null, null, null)) ?? [new NewRate(body.From, body.To, body.Day, body.Rate, body.Note)];
        if (!(await book.AddAsync(environment.Environment, given, actor.Actor, ct)).TryGet(out var added, out problem)) return ApiProblem.From(problem);
        object answer = body.Rates is null ? Item(added.Rates[0]) : new ItemList<RateItem>([.. added.Rates.Select(Item)], null);
        return added.Added > 0 ? TypedResults.Created((string?)null, answer) : TypedResults.Ok(answer);
    }

    private static async Task<IResult> WithdrawAsync(World environment, long id, HttpRequest request, RateBook book, CurrentActor actor, CancellationToken ct)
    {
        string? note = null;
        if (request.HasJsonContentType())
        {
            if (!(await ApiInput.BodyAsync<WithdrawBody>(request, ct)).TryGet(out var body, out var wrong)) return ApiProblem.From(wrong);
            note = body.Note;
        }
        return (await book.WithdrawAsync(environment.Environment, id, note, actor.Actor, ct)).TryGet(out var row, out var problem)
            ? TypedResults.Created((string?)null, Item(row))
            : ApiProblem.From(problem);
    }

    private static RateItem Item(RateRow r) => new(r.Id.ToString(CultureInfo.InvariantCulture), r.From, r.To, r.Day, r.Rate, r.State.Word(), r.Note, r.CreatedAt, r.CreatedBy);

    private sealed record RatesBody(string? From, string? To, string? Day, string? Rate, string? Note, List<NewRate?>? Rates);

    private sealed record WithdrawBody(string? Note);

    private sealed record RateItem(
        string Id, string From, string To, DateOnly Day, string? Rate, string State, string? Note, DateTimeOffset CreatedAt, string CreatedBy);
}
