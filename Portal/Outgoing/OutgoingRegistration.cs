using Microsoft.Extensions.Options;

namespace Portal.Outgoing;

/// <summary>The room's front door: the one <see cref="HttpClient"/> by which the portal calls anybody.</summary>
public static class OutgoingRegistration
{
    /// <summary>The client's name: <c>factory.CreateClient(OutgoingRegistration.Client)</c>.</summary>
    public const string Client = "outgoing";

    private const int LargestAnswer = 4 * 1024 * 1024;

    /// <summary>Registers it.</summary>
    public static IServiceCollection AddOutgoing(this IServiceCollection services)
    {
        services.AddOptions<OutgoingOptions>().BindConfiguration(OutgoingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OutgoingOptions>, OutgoingOptionsRules>();
        services.AddSingleton<OutgoingNames>();
        services.AddSingleton<OutgoingConnector>();
        services.AddTransient<OutgoingGuard>();
        services.AddHttpClient(Client, client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan;   // the guard's own
                client.MaxResponseContentBufferSize = LargestAnswer;
                client.DefaultRequestHeaders.UserAgent.ParseAdd("referral-portal");
            })
            .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,   // a proxy would look the name up for itself
                MaxResponseHeadersLength = 32,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                ConnectCallback = provider.GetRequiredService<OutgoingConnector>().ConnectAsync,
            })
            .AddHttpMessageHandler<OutgoingGuard>();
        return services;
    }
}
