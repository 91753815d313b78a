using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using Portal.Core.Data;

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

    /// <summary>The clock, the database in the data directory, and the key ring beside it.</summary>
    public static IServiceCollection AddPortalStore(this IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PortalDatabase>(provider, OwnDirectory(provider, ".")));
        services.AddSingleton(provider => provider.GetRequiredService<PortalDatabase>().Store);
        services.AddSingleton(provider => provider.GetRequiredService<PortalDatabase>().Intake);
        services.AddDataProtection().SetApplicationName("portal");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(keys =>
            keys.XmlRepository = new FileSystemXmlRepository(
                new DirectoryInfo(OwnDirectory(provider, "keys")), provider.GetRequiredService<ILoggerFactory>())));
        return services;
    }

    /// <summary>Before anything listens: checks the configuration, opens the store, puts in place what the first start needs.</summary>
    public static async Task PrepareAsync(this WebApplication app)
    {
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.Services.GetRequiredService<PortalStore>().Open();
        await using var scope = app.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<FirstStart>(scope.ServiceProvider).RunAsync(app.Lifetime.ApplicationStopping);
    }

    /// <summary>A directory inside the data directory that only the portal's own user can enter.</summary>
    private static string OwnDirectory(IServiceProvider provider, string name)
    {
        var path = provider.GetRequiredService<IOptions<PortalOptions>>().Value.DataPath(name);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else if (!Directory.Exists(path)) Directory.CreateDirectory(path, OwnerOnly);
        else if (name != ".") File.SetUnixFileMode(path, OwnerOnly);   // the data directory itself may be a mounted volume with rights of its own
        return path;
    }
}
