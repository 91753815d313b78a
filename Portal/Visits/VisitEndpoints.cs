using Portal.Access;
using Portal.Core.Visits;

namespace Portal.Visits;

/// <summary>The room's front door: what visitors of invite links meet.</summary>
internal static class VisitEndpoints
{
    public static IServiceCollection AddLinks(this IServiceCollection services) => services.AddVisits().AddHostedService<TallyWriter>();

    /// <summary><c>/r/{ucc}</c> and its QR code; whatever else stands below <c>/r</c> is a link too, of a code that does not exist.</summary>
    public static void MapLinks(this IEndpointRouteBuilder routes)
    {
        var links = routes.MapGroup("/r").AllowAnonymous().RequireRateLimiting(RateLimits.Visits).ExcludeFromDescription();
        links.MapMethods("/{**ucc}", [HttpMethods.Get, HttpMethods.Head], LinkRedirect.AnswerAsync);
        links.MapMethods("/{ucc}/qr.svg", [HttpMethods.Get, HttpMethods.Head], LinkQrCode.Answer);
    }
}
