using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Payouts;

/// <summary>The room's front door: what is paid out, in batches.</summary>
public static class PayoutsRegistration
{
    /// <summary>Adds the desks and their reader.</summary>
    public static IServiceCollection AddPayouts(this IServiceCollection services) => services
        .AddSingleton<PayoutDesk>()
        .AddSingleton<PayoutSearch>()
        .AddSingleton<RewardReportDesk>();
}
