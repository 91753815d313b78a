using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Hosting;
using Portal.Jobs;

namespace Portal.Health;

/// <summary>The room's front door: what the portal depends on, in one table, and the probes that tell of it.</summary>
internal static class HealthRegistration
{
    /// <summary>How long the regular sweep of the inbox may be away: it comes every 15 seconds, and may stay for five minutes.</summary>
    private static readonly TimeSpan SweepAway = TimeSpan.FromMinutes(7);

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddOptions<HealthOptions>().BindConfiguration(HealthOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HealthOptions>, HealthOptionsRules>();
        services.AddSingleton<HealthBoard>();
        services.AddCheck("databaseRead", "Database, reading", true, ReadAsync);
        services.AddCheck("databaseWrite", "Database, writing", true, WriteAsync);
        services.AddCheck("keyRing", "Key ring", true, (p, _) => Task.FromResult(KeyRing(p)));
        services.AddCheck("diskSpace", "Disk space", true, (p, _) => Task.FromResult(DiskSpace(p)));
        services.AddCheck("scheduler", "Scheduler", false, async (p, ct) => await p.GetRequiredService<JobPulse>().IsRunningAsync(ct) ? null : "It does not start jobs.");
        services.AddCheck("sweep", "Sweep of the inbox", false, SweepAsync);
        return services;
    }

    /// <summary>Free bytes where the data directory lies.</summary>
    public static long FreeBytes(PortalOptions portal) => new DriveInfo(portal.DataPath(".")).AvailableFreeSpace;

    private static void AddCheck(this IServiceCollection services, string name, string title, bool isNeeded, Func<IServiceProvider, CancellationToken, Task<string?>> ask) =>
        services.AddSingleton(provider => new ReadinessCheck(name, title, isNeeded, ct => ask(provider, ct)));

    private static async Task<string?> ReadAsync(IServiceProvider provider, CancellationToken ct)
    {
        await using var db = provider.GetRequiredService<PortalStore>().OpenRead();
        await db.Campaigns.AnyAsync(ct);
        return null;
    }

    private static async Task<string?> WriteAsync(IServiceProvider provider, CancellationToken ct)
    {
        await provider.GetRequiredService<PortalStore>().ProbeWriteAsync(ct);
        return null;
    }

    /// <summary>Whether a secret can be opened again, by keys that the next start will find.</summary>
    private static string? KeyRing(IServiceProvider provider)
    {
        var protector = provider.GetRequiredService<IDataProtectionProvider>().CreateProtector("Portal.Health");
        if (protector.Unprotect(protector.Protect("well")) != "well") return "What was protected cannot be read again.";
        var now = provider.GetRequiredService<TimeProvider>().GetUtcNow();
        return provider.GetRequiredService<IKeyManager>().GetAllKeys().Any(k => !k.IsRevoked && k.ExpirationDate > now) ? null : "The stored key ring holds no living key.";
    }

    private static string? DiskSpace(IServiceProvider provider)
    {
        var (free, least) = (FreeBytes(provider.GetRequiredService<IOptions<PortalOptions>>().Value) / 1024 / 1024, provider.GetRequiredService<IOptions<HealthOptions>>().Value.LeastFreeMebibytes);
        return free >= least ? null : $"{free} MiB are free, less than the {least} MiB of Health:LeastFreeMebibytes.";
    }

    private static async Task<string?> SweepAsync(IServiceProvider provider, CancellationToken ct)
    {
        var (pulse, now) = (provider.GetRequiredService<JobPulse>(), provider.GetRequiredService<TimeProvider>().GetUtcNow());
        var last = await pulse.LastSweepAsync(ct);
        return now - pulse.StartedAt <= SweepAway || now - last <= SweepAway ? null : "The inbox was not swept lately: events are stored, but not processed.";
    }
}
