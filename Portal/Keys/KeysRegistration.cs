using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace Portal.Keys;

/// <summary>The room's front door: data protection whose ring is in the database and encrypted under a key that is not.</summary>
public static class KeysRegistration
{
    /// <summary>The ring and its keeper.</summary>
    public static IServiceCollection AddKeyRing(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("portal");
        services.AddSingleton<MasterKeySource>();
        services.AddSingleton(provider => provider.GetRequiredService<MasterKeySource>().Key);
        services.AddSingleton<IXmlRepository, KeyRing>();
        services.AddSingleton<KeyRingKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyRingKeeper>());
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(keys =>
        {
            keys.XmlRepository = provider.GetRequiredService<IXmlRepository>();
            keys.XmlEncryptor = new ElementEncryption(provider.GetRequiredService<MasterKeySource>());
            keys.AutoGenerateKeys = false;   // the keeper makes them, never whoever protects something in the middle of a write
        }));
        return services;
    }

    /// <summary>Makes the ring ready, before anything is protected.</summary>
    public static Task OpenKeyRingAsync(this IServiceProvider services, CancellationToken ct) => ActivatorUtilities.CreateInstance<KeyRingStart>(services).RunAsync(ct);
}
