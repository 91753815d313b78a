using System.Globalization;
using Portal.Api;
using Portal.Core;
using Portal.Core.Component;
using Portal.Core.Data;
using Portal.Hosting;

namespace Portal.Component;

/// <summary>The user's own rewards. Amounts are texts in major units, as many decimals as the currency has.</summary>
internal sealed record RewardsAnswer(IReadOnlyList<BalanceItem> Balances, IReadOnlyList<OwnRewardItem> Items, string? NextCursor)
{
    public static async Task<IResult> AnswerAsync(string productId, HttpContext context, ComponentGate gate, ComponentRewards rewards, CancellationToken ct)
    {
        var (caller, refusal) = await gate.AdmitAsync(context, productId);
        if (caller is null) return refusal!.Answer();
        if (!Paging.Read(context.Request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        return await rewards.FindAsync(caller.Product, caller.UserId, paging.Value.Cursor, Math.Min(paging.Value.Limit, 50), ct) is { } found
            ? TypedResults.Ok(new RewardsAnswer(
                [.. found.Balances.Select(b => new BalanceItem(b.Currency.Code, Text(b.Pending), Text(b.Payable), Text(b.Paid), Text(b.Receivable)))],
                [.. found.Rewards.Items.Select(r => new OwnRewardItem(r.State.Word(), Text(r.Net), Text(r.Earned), r.Net.Currency.Code, r.At, r.PayableAt))],
                found.Rewards.NextCursor))
            : ActivityAnswer.NotBooted();
    }

    private static string Text(Money amount) => amount.Amount(CultureInfo.InvariantCulture, grouped: false);
}

/// <summary>What stands in one currency.</summary>
internal sealed record BalanceItem(string Currency, string Pending, string Payable, string Paid, string OwedBack);

/// <summary>One reward: nothing in it says who was referred, or what was paid.</summary>
internal sealed record OwnRewardItem(string State, string Amount, string Earned, string Currency, DateTimeOffset Date, DateTimeOffset? PayableAt);
