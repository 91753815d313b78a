using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Retention;

/// <summary>The room's front door.</summary>
public static class RetentionRegistration
{
    /// <summary>Adds the retention of payloads.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services) => services.AddSingleton<PayloadRetention>();
}
