using Portal.Shared;
using Radzen;

namespace Portal.Pages;

/// <summary>The room's front door: the pages, with their files.</summary>
public static class PagesRegistration
{
    /// <summary>The pages and the component library.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRadzenComponents();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddSingleton<Handover>();
        services.AddScoped<CodeQuestion>();
        return services;
    }

    /// <summary>Their URLs and their files.</summary>
    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapStaticAssets().AllowAnonymous();
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
    }
}
