using Microsoft.Extensions.Options;
using Portal.Core.Data;
using Portal.Keys;

namespace Portal.Hosting;

/// <summary>Configuration, store and key ring: what every room stands on.</summary>
public static class PortalRegistration
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Binds and validates the portal's own sections.</summary>
    public static IServiceCollection AddPortalOptions(this IServiceCollection services)
    {
        services.AddOptions<PortalOptions>().BindConfiguration(PortalOptions.Section).ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<PortalOptions>, PortalOptionsRules>();
        services.AddSingleton<IValidateOptions<PortalOptions>, PortalOptionsRules>();
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DatabaseOptions>, DatabaseOptionsRules>();
        services.AddOptions<BootstrapOptions>().BindConfiguration(BootstrapOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BootstrapOptions>, BootstrapOptionsRules>();
        services.AddOptions<BackupOptions>().BindConfiguration(BackupOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BackupOptions>, BackupOptionsRules>();
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsRules>();
        return services;
    }

    /// <summary>The clock, the database in the data directory, and the key ring in it.</summary>
    public static IServiceCollection AddPortalStore(this IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PortalDatabase>(provider, OwnDirectory(provider)));
        services.AddSingleton(provider => provider.GetRequiredService<PortalDatabase>().Store);
        services.AddSingleton(provider => provider.GetRequiredService<PortalDatabase>().Intake);
        return services.AddKeyRing();
    }

    /// <summary>Before anything listens: checks the configuration, opens the store, puts in place what the first start needs.</summary>
    public static async Task PrepareAsync(this WebApplication app)
    {
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.Services.GetRequiredService<PortalStore>().Open();
        await app.Services.OpenKeyRingAsync(app.Lifetime.ApplicationStopping);
        await using var scope = app.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<FirstStart>(scope.ServiceProvider).RunAsync(app.Lifetime.ApplicationStopping);
    }

    /// <summary>The data directory; where it is new, only the portal's own user can enter it.</summary>
    private static string OwnDirectory(IServiceProvider provider)
    {
        var path = provider.GetRequiredService<IOptions<PortalOptions>>().Value.DataPath(".");
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else if (!Directory.Exists(path)) Directory.CreateDirectory(path, OwnerOnly);   // one that is there may be a mounted volume with rights of its own
        return path;
    }
}
