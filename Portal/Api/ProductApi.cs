using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Erasure;
using Portal.Core.Inbox;
using Portal.Core.Referrers;
using Portal.Core.Sources;
using Portal.Core.Sources.Api;
using Portal.Core.Statements;
using Portal.Core.Telemetry;
using Portal.Hosting;
using Portal.Webhooks;

namespace Portal.Api;

/// <summary>
/// <c>/api/{environment}/…</c> as a product calls it that was built against the reference product: the same paths, fields and status codes.
/// </summary>
internal static class ProductApi
{
    private const string Source = ApiTriggers.Source;

    public static void MapProduct(this IEndpointRouteBuilder api)
    {
        api.MapPost("/events", TellAsync).WithTags("Events").Accepts<ToldEvent>("application/json").Produces<Taken>().ProducesProblem(413).WithSummary("Tells that somebody signed up, attended a demonstration, paid or was refunded. The same bytes twice are one event.");
        var codes = api.MapGroup("/referral-codes").WithTags("Referral codes");
        codes.MapGet("/{code}", ValidateAsync).Produces<CodeItem>().WithSummary("Says whether a referral code is valid, and whose it is.");
        codes.MapGet("/active-link/{productUserId}", ActiveLinkAsync).Produces<LinkItem>().ProducesProblem(404).WithSummary("The referral code and link of a user.");
        api.MapGet("/new-users/{productUserId}/reward", NewUserRewardAsync).Produces<NewUserItem>().WithTags("New users").WithSummary("Whether a new user gets the campaign's discount, and which.");
        api.MapPost("/referrers/{productUserId}/depersonalize", DepersonalizeAsync).Produces(204).ProducesProblem(404).ProducesProblem(409).WithTags("Referrers").WithSummary("Erases name and e-mail address of a referrer everywhere; ids, amounts and the ledger stay.");
    }

    private static async Task TellAsync(World environment, HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        using var span = PortalTelemetry.Spans.StartActivity("portal.receive");
        var outcome = await ReceiveAsync(context, environment.Environment);
        PortalMeters.Answered(environment.Environment.Slug(), Source, outcome, Stopwatch.GetElapsedTime(started));
    }

    private static async Task<string> ReceiveAsync(HttpContext context, PortalEnvironment environment)
    {
        var (read, outcome) = await Receiving.BodyAsync(context, environment, Source);
        if (read is not { } body) return outcome;
        var sha256 = SHA256.HashData(body);
        if (!ApiRequest.Read(body, Envelope.DigestId(sha256)).TryGet(out var envelope, out var problem))
            return await Receiving.RejectAsync(context, environment, Source, null, 400, problem, body);
        var receipt = await Receiving.StoreAsync(context, new IncomingDelivery
        {
            Environment = environment,
            Source = Source,
            ReceivedAt = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
            Body = body,
            BodySha256 = sha256,
            Envelope = envelope,
        });
        if (receipt is not { } stored) return WebhookOutcomes.NotStored;
        await context.Response.WriteAsJsonAsync(new Taken(true), context.RequestAborted);
        return stored.Outcome.Word();
    }

    private static async Task<IResult> ValidateAsync(World environment, string code, ReferrerRegister register, CancellationToken ct)
    {
        code = PortalUrls.FromRoute(code);
        return ReferrerRegister.IsCode(code) && await register.FindAsync(environment.Environment, null, code, null, 0, 1, ct) is [var owner]
            ? TypedResults.Ok(new CodeItem(code, true, owner.ProductUserId, owner.CampaignId))
            : TypedResults.Ok(new CodeItem(code, false, "", ""));
    }

    private static async Task<IResult> ActiveLinkAsync(World environment, string productUserId, ReferrerRegister register, IOptions<PortalOptions> options, CancellationToken ct)
    {
        productUserId = PortalUrls.FromRoute(productUserId);
        return await register.FindAsync(environment.Environment, productUserId, null, null, 0, 1, ct) is [var referrer]
            ? TypedResults.Ok(new LinkItem(referrer.Ucc, PortalUrls.Invite(options.Value.PublicUrl!, referrer.Ucc)))
            : ReferrersApi.NotFound(environment.Environment, productUserId);
    }

    private static async Task<IResult> NewUserRewardAsync(World environment, string productUserId, NewUserRewards rewards, CancellationToken ct) =>
        await rewards.FindAsync(environment.Environment, PortalUrls.FromRoute(productUserId), ct) is { } due
            ? TypedResults.Ok(new NewUserItem(true, new NewUserRewardItem("standard", "month", due.Reward.Months, due.Reward.Percent.Whole), due.SignupId, due.SignedUpAt, due.Code, due.CampaignId,
                due.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            : TypedResults.Ok(new NotEligible(false, null));

    private static async Task<IResult> DepersonalizeAsync(World environment, string productUserId, PersonEraser eraser, CurrentActor actor, CancellationToken ct)
    {
        var request = new ErasureRequest(PortalUrls.FromRoute(productUserId), null, null, "Asked for through the API", DryRun: false);
        return (await eraser.RunAsync(environment.Environment, request, actor.Actor, ct)).TryGet(out _, out var problem) ? TypedResults.NoContent() : ApiProblem.From(problem);
    }

    // What a product tells, for the document only: the body is read by ApiRequest, which names the field that is wrong.
    private sealed record ToldEvent(string EventName, ToldPayload Payload, ToldContext Context);

    private sealed record ToldPayload(string Ucc, string NewUserId, decimal? Price, string? Currency);

    private sealed record ToldContext(ToldMoment Event, ToldUser? NewUser, ToldSubscription? Subscription);

    private sealed record ToldMoment(string Trigger, DateTimeOffset Timestamp);

    private sealed record ToldUser(string Id, string? Email, string? Name, string? OrganizationId);

    private sealed record ToldSubscription(string? Id, string? InvoiceId, string? Interval, int? SeatsUsed, string? ProductKey);

    private sealed record Taken(bool Success);

    private sealed record CodeItem(string Code, bool Valid, string ProductUserId, string CampaignId);

    private sealed record LinkItem(string ActiveUcc, string Link);

    private sealed record NotEligible(bool Eligible, NewUserRewardItem? Reward);

    private sealed record NewUserItem(
        bool Eligible, NewUserRewardItem Reward, string SignupId, DateTimeOffset? SignupAt, string ReferralUcc, string CampaignId, string CampaignRevision);

    private sealed record NewUserRewardItem(string Type, string Interval, int? IntervalCount, decimal Percentage);
}
