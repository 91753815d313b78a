using Portal.Access;
using Portal.Core;

namespace Portal.Scripts;

/// <summary>The room's front door: what products embed in their own pages.</summary>
internal static class ScriptEndpoints
{
    public static IServiceCollection AddScripts(this IServiceCollection services) => services.AddSingleton<ScriptFiles>();

    /// <summary><c>/assets/attribution/latest/…</c> and <c>/assets/app/latest/…</c>, and the same below an environment's name; and what the scripts ask.</summary>
    public static void MapScripts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/attribution/{productId}/config", AttributionConfig.AnswerAsync).AllowAnonymous().RequireRateLimiting(RateLimits.Visits).ExcludeFromDescription();
        foreach (var folder in (string[])["attribution", "app"])
        {
            foreach (var start in (IEnumerable<string>)["/assets", .. PortalEnvironments.All.Select(e => $"/assets/{e.Slug()}")])
            {
                routes.MapMethods($"{start}/{folder}/latest/{{**file}}", [HttpMethods.Get, HttpMethods.Head], (string file, ScriptFiles files, HttpContext context) => files.AnswerAsync(context, $"{folder}/{file}"))
                    .AllowAnonymous().ExcludeFromDescription();
            }
        }
    }
}
