using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Campaigns;

namespace Portal.Core.Simulations;

/// <summary>The room's front door.</summary>
public static class SimulationRegistration
{
    /// <summary>Adds drafts and their simulation.</summary>
    public static IServiceCollection AddSimulations(this IServiceCollection services) => services
        .AddSingleton<CampaignDrafts>()
        .AddSingleton<SimulationDesk>()
        .AddSingleton<SimulationRunner>()
        .AddHostedService(provider => provider.GetRequiredService<SimulationRunner>());
}
