using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Portal.Access;
using Portal.Core;
using Portal.Core.Component;

namespace Portal.Component;

/// <summary>
/// <c>/component/{productId}/…</c>: what the referral component asks for in a product's page. Each call carries the token of the product's
/// user and is judged by it; any origin may read the answer, for without the token there is none.
/// </summary>
internal static class ComponentEndpoints
{
    private const string Path = "/component";
    private const long LargestBody = 16 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { MaxDepth = 8, AllowDuplicateProperties = false };

    public static IServiceCollection AddComponent(this IServiceCollection services) => services.AddComponentDesk().AddSingleton<ComponentGate>();

    /// <summary>Tells browsers that pages of other origins may ask and read, refusals too; a page that is not meant to is told why.</summary>
    public static void UseComponent(this WebApplication app) => app.UseWhen(context => context.Request.Path.StartsWithSegments(Path), component => component.Use((context, next) =>
    {
        context.Response.OnStarting(() =>   // the handler of exceptions clears what was set before
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            context.Response.Headers.AccessControlExposeHeaders = "Retry-After";
            context.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        if (!HttpMethods.IsOptions(context.Request.Method)) return next(context);
        context.Response.Headers.AccessControlAllowMethods = "GET, POST, PUT";
        context.Response.Headers.AccessControlAllowHeaders = "Authorization, Content-Type";
        context.Response.Headers.AccessControlMaxAge = "600";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }));

    public static void MapComponent(this IEndpointRouteBuilder routes)
    {
        var component = routes.MapGroup(Path + "/{productId}").AllowAnonymous().DisableAntiforgery().RequireRateLimiting(RateLimits.Component)
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody)).WithTags("Referral component");
        component.MapPost("/boot", BootAnswer.AnswerAsync).WithSummary("Boots the referral component for the user of the token; the first time makes the user a referrer.");
        component.MapGet("/rewards", RewardsAnswer.AnswerAsync).WithSummary("The user's own rewards, newest first, and balances by currency.");
        component.MapGet("/payout-details", PayoutDetailsAnswer.GetAsync).WithSummary("Where the user wants to be paid, as a hint.");
        component.MapPut("/payout-details", PayoutDetailsAnswer.PutAsync).WithSummary("Says where the user wants to be paid.");
        component.MapPost("/activity", ActivityAnswer.AnswerAsync).WithSummary("Notes that the user opened the component or shared the link.");
    }

    /// <summary>The body; fields that are not known here are left alone, for a page may be newer than the portal.</summary>
    internal static async Task<Outcome<T>> BodyAsync<T>(HttpRequest request, CancellationToken ct) where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, Json, ct) is { } body ? body : new Problem("malformedBody", "The body must be a JSON object.");
        }
        catch (JsonException exception)
        {
            var field = exception.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : null;
            return field is null ? new Problem("malformedBody", "The body must be a JSON object.") : new Problem("invalidField", $"{field} has the wrong type, or stands there twice.", field);
        }
    }
}
