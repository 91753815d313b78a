using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Rates;

/// <summary>The room's front door.</summary>
public static class RatesRegistration
{
    /// <summary>Adds the rate table.</summary>
    public static IServiceCollection AddRates(this IServiceCollection services) => services.AddSingleton<RateBook>();
}
