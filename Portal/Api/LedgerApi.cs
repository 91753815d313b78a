using System.Globalization;
using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Ledger;
using Portal.Exports;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/ledger</c>: what stands, the journal behind it, and its fingerprint.</summary>
internal static class LedgerApi
{
    public static void MapLedger(this IEndpointRouteBuilder api)
    {
        var ledger = api.MapGroup("/ledger").WithTags("Ledger");
        ledger.MapGet("/balances", BalancesAsync).WithSummary("What stands per referrer and currency, minor units.");
        ledger.MapGet("/entries", EntriesAsync).WithSummary("The journal, newest first. Filters: referrer, ucc, currency, causeKind, from, to, rewardId.");
        ledger.MapGet("/entries.csv", (World environment, HttpRequest request, JournalSearch journal, CancellationToken ct) =>
            Read(environment.Environment, request).TryGet(out var query, out var problem) ? MoneyFiles.Journal(journal, query, ct) : ApiProblem.From(problem))
            .WithSummary("The same as a file, whole, in the order of posting.").Produces(200, contentType: "text/csv");
        ledger.MapGet("/hash", async (World environment, LedgerStatement ledger, CancellationToken ct) => TypedResults.Ok(await ledger.HashAsync(environment.Environment, ct)))
            .WithSummary("A SHA-256 over what stands.");
    }

    internal static EntrySetItem Item(EntrySetRow s) => new(s.Id.ToString(CultureInfo.InvariantCulture), s.PostedAt, s.Kind.Word(), s.RewardId.ToString(CultureInfo.InvariantCulture),
        s.Amount.Minor, s.Amount.Currency.Code, s.CauseKind, s.CauseId,
        [.. s.Lines.Select(l => new EntryItem(l.Account.Word(), l.Referrer, l.Amount.Currency.Code, l.Amount.Minor))]);

    private static async Task<IResult> BalancesAsync(World environment, LedgerStatement ledger, CancellationToken ct) =>
        TypedResults.Ok(new ItemList<Balance>(await ledger.BalancesAsync(environment.Environment, ct), null));

    /// <summary>Reads the journal's filters.</summary>
    internal static Outcome<JournalQuery> Read(PortalEnvironment environment, HttpRequest request)
    {
        if (!ApiInput.Moment(request, "from").TryGet(out var from, out var problem)) return problem;
        if (!ApiInput.Moment(request, "to").TryGet(out var to, out problem)) return problem;
        long? rewardId = null;
        if (ApiInput.Text(request, "rewardId") is { } text)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return new Problem("invalidField", "rewardId must be a reward's id.", "rewardId");
            rewardId = id;
        }
        return new JournalQuery
        {
            Environment = environment,
            Referrer = ApiInput.Text(request, "referrer"),
            Ucc = ApiInput.Text(request, "ucc"),
            Currency = ApiInput.Text(request, "currency")?.ToUpperInvariant(),
            CauseKind = ApiInput.Text(request, "causeKind"),
            From = from.Value,
            To = to.Value,
            RewardId = rewardId,
        };
    }

    private static async Task<IResult> EntriesAsync(World environment, HttpRequest request, JournalSearch journal, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        if (!Read(environment.Environment, request).TryGet(out var query, out problem)) return ApiProblem.From(problem);
        var page = await journal.FindAsync(query with { Cursor = paging.Value.Cursor, Limit = paging.Value.Limit }, ct);
        return TypedResults.Ok(ItemList<EntrySetItem>.From(page, Item));
    }

    /// <summary>An entry set.</summary>
    internal sealed record EntrySetItem(string Id, DateTimeOffset PostedAt, string Kind, string RewardId, long Amount, string Currency,
        string CauseKind, string CauseId, IReadOnlyList<EntryItem> Entries);

    /// <summary>One of its lines; debit positive, credit negative.</summary>
    internal sealed record EntryItem(string Account, string? Referrer, string Currency, long Amount);
}
