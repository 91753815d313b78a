using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Visits;

/// <summary>The room's front door.</summary>
public static class VisitsRegistration
{
    /// <summary>Where links lead, and how often they are opened.</summary>
    public static IServiceCollection AddVisits(this IServiceCollection services) => services
        .AddSingleton<LinkBook>().AddSingleton<LinkTally>().AddSingleton<LinkOffers>().AddSingleton<LinkDesk>().AddSingleton<LinkSearch>();
}
