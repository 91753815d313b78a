using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core.Inbox;
using Portal.Core.Overview;
using Portal.Core.Rewards;
using Portal.Shared;
using Radzen;

namespace Portal.Pages;

/// <summary>The room's front door: the pages and what they read from.</summary>
public static class PagesRegistration
{
    /// <summary>The pages, the component library and the read side.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRadzenComponents();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.TryAddSingleton<Handover>();
        services.TryAddSingleton<EventSearch>();
        services.TryAddSingleton<EventDetails>();
        services.TryAddSingleton<EventResend>();
        services.TryAddSingleton<DeliverySearch>();
        services.TryAddSingleton<RewardSearch>();
        services.TryAddSingleton<TransactionSearch>();
        services.TryAddSingleton<OverviewFigures>();
        return services;
    }

    /// <summary>Their URLs and their files.</summary>
    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapStaticAssets().AllowAnonymous();
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
    }
}
