using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Referrers;
using Portal.Core.Statements;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/referrers</c>.</summary>
internal static class ReferrersApi
{
    public static void MapReferrers(this IEndpointRouteBuilder api)
    {
        var referrers = api.MapGroup("/referrers").WithTags("Referrers");
        referrers.MapPost("", AddAsync).WithSummary("Creates or returns a referrer.").Accepts<NewReferrer>("application/json");
        referrers.MapGet("", ListAsync).WithSummary("Lists referrers, oldest first. Filters: productUserId, ucc, q (the beginning of a code, id, e-mail address or name).");
        referrers.MapGet("/{productUserId}/statement", StatementAsync)
            .WithSummary("A referrer's account, newest first, with the running balance. currency and asOf (a day, UTC) narrow it.");
    }

    private static async Task<IResult> AddAsync(
        World environment, HttpRequest request, ReferrerRegister register, CurrentActor actor, IOptions<PortalOptions> options, CancellationToken ct)
    {
        if (!(await ApiInput.BodyAsync<NewReferrer>(request, ct)).TryGet(out var given, out var problem)) return ApiProblem.From(problem);
        if (!(await register.AddAsync(environment.Environment, given, actor.Actor, ct)).TryGet(out var added, out problem)) return ApiProblem.From(problem);
        return added.IsNew ? TypedResults.Created((string?)null, Item(added.Referrer, options.Value)) : TypedResults.Ok(Item(added.Referrer, options.Value));
    }

    private static async Task<IResult> ListAsync(
        World environment, HttpRequest request, ReferrerRegister register, IOptions<PortalOptions> options, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        var rows = await register.FindAsync(environment.Environment, ApiInput.Text(request, "productUserId"), ApiInput.Text(request, "ucc"),
            ApiInput.Text(request, "q"), paging.Value.Cursor ?? 0, paging.Value.Limit + 1, ct);
        var more = rows.Count > paging.Value.Limit;
        return TypedResults.Ok(new ItemList<ReferrerItem>([.. rows.Take(paging.Value.Limit).Select(r => Item(r, options.Value))],
            more ? rows[paging.Value.Limit - 1].Id.ToString(CultureInfo.InvariantCulture) : null));
    }

    /// <summary>Reads which part of a statement is wanted.</summary>
    internal static Outcome<StatementQuery> ReadStatement(PortalEnvironment environment, string productUserId, HttpRequest request)
    {
        DateOnly? asOf = null;
        if (ApiInput.Text(request, "asOf") is { } text)
        {
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return new Problem("invalidField", "asOf must be a day such as 2026-05-01; its end in UTC counts.", "asOf");
            asOf = day;
        }
        return new StatementQuery { Environment = environment, ProductUserId = productUserId, Currency = ApiInput.Text(request, "currency")?.ToUpperInvariant(), AsOf = asOf };
    }

    internal static IResult NotFound(PortalEnvironment environment, string productUserId) =>
        ApiProblem.Of(404, "notFound", $"There is no referrer {productUserId} in {environment.Slug()}.");

    private static async Task<IResult> StatementAsync(World environment, string productUserId, HttpRequest request, ReferrerStatement statement, CancellationToken ct)
    {
        productUserId = PortalUrls.FromRoute(productUserId);
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        if (!ReadStatement(environment.Environment, productUserId, request).TryGet(out var query, out problem)) return ApiProblem.From(problem);
        return await statement.FindAsync(query with { Cursor = paging.Value.Cursor, Limit = paging.Value.Limit }, ct) is { } found
            ? TypedResults.Ok(new StatementItem(productUserId, query.AsOf, [.. found.Balances.Select(b => new BalanceItem(b.Currency.Code, b.Minor))],
                [.. found.Lines.Items.Select(Item)], found.Lines.NextCursor))
            : NotFound(environment.Environment, productUserId);
    }

    private static StatementLineItem Item(StatementLine l) => new(l.Set.Id.ToString(CultureInfo.InvariantCulture), l.Set.PostedAt, l.Set.Kind.Word(),
        l.Set.RewardId.ToString(CultureInfo.InvariantCulture), l.InvoiceId, l.ReferralId?.ToString(CultureInfo.InvariantCulture), l.NewUserId,
        l.Set.CauseKind, l.Set.CauseId, l.Change.Currency.Code, l.Change.Minor, l.Balance.Minor);

    private static ReferrerItem Item(ReferrerRow r, PortalOptions options) =>
        new(r.ProductUserId, r.Ucc, PortalUrls.Invite(options.PublicUrl!, r.Ucc), r.Email, r.FirstName, r.LastName, r.CampaignId, r.CreatedAt);

    private sealed record ReferrerItem(
        string ProductUserId, string Ucc, string Link, string? Email, string? FirstName, string? LastName, string CampaignId, DateTimeOffset CreatedAt);

    private sealed record StatementItem(
        string ProductUserId, DateOnly? AsOf, IReadOnlyList<BalanceItem> Balances, IReadOnlyList<StatementLineItem> Items, string? NextCursor);

    private sealed record BalanceItem(string Currency, long Balance);

    private sealed record StatementLineItem(string EntrySetId, DateTimeOffset PostedAt, string Kind, string RewardId, string? InvoiceId, string? ReferralId,
        string? NewUserId, string CauseKind, string CauseId, string Currency, long Amount, long Balance);
}
