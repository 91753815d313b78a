using Portal.Core.Component;
using Portal.Hosting;

namespace Portal.Component;

/// <summary>What the user does with the component.</summary>
internal static class ActivityAnswer
{
    private static readonly string[] Channels = ["link", "email", "whatsapp", "x", "facebook", "linkedin", "qr"];

    public static async Task<IResult> AnswerAsync(string productId, HttpContext context, ComponentGate gate, ComponentDesk desk, CancellationToken ct)
    {
        var (caller, refusal) = await gate.AdmitAsync(context, productId);
        if (caller is null) return refusal!.Answer();
        if (!(await ComponentEndpoints.BodyAsync<GivenActivity>(context.Request, ct)).TryGet(out var given, out var problem)) return ApiProblem.From(problem);
        if (given.Activity is not ("opened" or "shared")) return ApiProblem.Of(400, "invalidField", "activity must be opened or shared.", "activity");
        if (given.Channel is { } channel && !Channels.Contains(channel)) return ApiProblem.Of(400, "invalidField", $"channel must be one of {string.Join(", ", Channels)}.", "channel");
        return await desk.NoteAsync(caller.Environment, caller.UserId, given.Activity == "shared", ct) ? TypedResults.NoContent() : NotBooted();
    }

    internal static IResult NotBooted() => ApiProblem.Of(404, "notBooted", "The component was never booted for this user.");

    private sealed record GivenActivity(string? Activity, string? Channel);
}
