using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Rebuild;

/// <summary>The room's front door.</summary>
public static class RebuildRegistration
{
    /// <summary>Adds the desk and the work.</summary>
    public static IServiceCollection AddRebuild(this IServiceCollection services) => services.AddSingleton<RebuildDesk>().AddSingleton<RebuildWork>();
}
