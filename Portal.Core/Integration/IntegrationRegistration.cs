using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Integration;

/// <summary>The room's front door: whether all that a product connects is connected.</summary>
public static class IntegrationRegistration
{
    /// <summary>Adds the board and the test run.</summary>
    public static IServiceCollection AddIntegration(this IServiceCollection services) => services
        .AddSingleton<IntegrationBoard>()
        .AddSingleton<TestRun>();
}
