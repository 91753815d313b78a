using Portal.Core.Component;
using Portal.Core.Referrers;
using Portal.Hosting;

namespace Portal.Component;

/// <summary>Where the user wants to be paid: taken whole, given back as a hint.</summary>
internal sealed record PayoutDetailsAnswer(string? Method, string? Hint, DateTimeOffset? UpdatedAt)
{
    public static async Task<IResult> GetAsync(string productId, HttpContext context, ComponentGate gate, PayoutDetailsBook book, CancellationToken ct)
    {
        var (caller, refusal) = await gate.AdmitAsync(context, productId);
        if (caller is null) return refusal!.Answer();
        return TypedResults.Ok(Of(await book.FindAsync(caller.Environment, caller.UserId, ct)));
    }

    public static async Task<IResult> PutAsync(string productId, HttpContext context, ComponentGate gate, PayoutDetailsBook book, CancellationToken ct)
    {
        var (caller, refusal) = await gate.AdmitAsync(context, productId);
        if (caller is null) return refusal!.Answer();
        if (!(await ComponentEndpoints.BodyAsync<GivenDetails>(context.Request, ct)).TryGet(out var given, out var problem)) return ApiProblem.From(problem);
        return (await book.SetAsync(caller.Environment, caller.UserId, given.Method, given.Account, ComponentDesk.Of(caller.UserId), ct)).TryGet(out var hint, out problem)
            ? TypedResults.Ok(Of(hint))
            : ApiProblem.From(problem);
    }

    private static PayoutDetailsAnswer Of(PayoutHint? hint) => new(hint?.Method, hint?.Hint, hint?.UpdatedAt);

    private sealed record GivenDetails(string? Method, string? Account);
}
