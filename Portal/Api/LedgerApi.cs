using System.Globalization;
using Portal.Core.Data;
using Portal.Core.Ledger;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/ledger</c>: what stands, the journal behind it, and its fingerprint.</summary>
internal static class LedgerApi
{
    public static void MapLedger(this IEndpointRouteBuilder api)
    {
        var ledger = api.MapGroup("/ledger").WithTags("Ledger");
        ledger.MapGet("/balances", BalancesAsync).WithSummary("What stands per referrer and currency, minor units.");
        ledger.MapGet("/entries", EntriesAsync).WithSummary("The journal, newest first. Filter: rewardId.");
        ledger.MapGet("/hash", async (World environment, LedgerStatement ledger, CancellationToken ct) => TypedResults.Ok(await ledger.HashAsync(environment.Environment, ct)))
            .WithSummary("A SHA-256 over what stands.");
    }

    internal static EntrySetItem Item(EntrySetRow s) => new(s.Id.ToString(CultureInfo.InvariantCulture), s.PostedAt, s.Kind.Word(), s.RewardId.ToString(CultureInfo.InvariantCulture),
        s.Amount.Minor, s.Amount.Currency.Code, s.CauseKind, s.CauseId,
        [.. s.Lines.Select(l => new EntryItem(l.Account.Word(), l.Referrer, l.Amount.Currency.Code, l.Amount.Minor))]);

    private static async Task<IResult> BalancesAsync(World environment, LedgerStatement ledger, CancellationToken ct) =>
        TypedResults.Ok(new ItemList<Balance>(await ledger.BalancesAsync(environment.Environment, ct), null));

    private static async Task<IResult> EntriesAsync(World environment, HttpRequest request, LedgerStatement ledger, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        long? rewardId = null;
        if (ApiInput.Text(request, "rewardId") is { } text)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return ApiProblem.Of(400, "invalidField", "rewardId must be a reward's id.", "rewardId");
            rewardId = id;
        }
        var limit = paging.Value.Limit;
        var sets = await ledger.EntriesAsync(environment.Environment, rewardId, paging.Value.Cursor, limit + 1, ct);
        return TypedResults.Ok(new ItemList<EntrySetItem>([.. sets.Take(limit).Select(Item)],
            sets.Count > limit ? sets[limit - 1].Id.ToString(CultureInfo.InvariantCulture) : null));
    }

    /// <summary>An entry set.</summary>
    internal sealed record EntrySetItem(string Id, DateTimeOffset PostedAt, string Kind, string RewardId, long Amount, string Currency,
        string CauseKind, string CauseId, IReadOnlyList<EntryItem> Entries);

    /// <summary>One of its lines; debit positive, credit negative.</summary>
    internal sealed record EntryItem(string Account, string? Referrer, string Currency, long Amount);
}
