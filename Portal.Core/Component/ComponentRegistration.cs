using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Referrers;

namespace Portal.Core.Component;

/// <summary>The room's front door: what a product's users do in the referral component.</summary>
public static class ComponentRegistration
{
    /// <summary>Adds the desk, what it shows, and where referrers want to be paid.</summary>
    public static IServiceCollection AddComponentDesk(this IServiceCollection services) => services
        .AddSingleton<ComponentDesk>()
        .AddSingleton<ComponentRewards>()
        .AddSingleton<PayoutDetailsBook>();
}
