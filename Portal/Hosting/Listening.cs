using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Portal.Hosting;

/// <summary>What the web server itself takes and for how long it waits.</summary>
internal static class Listening
{
    /// <summary>The largest body that any path takes unless it says otherwise.</summary>
    public const long LargestBody = 1024 * 1024;

    /// <summary>More than any proxy opens, less than the system's file handles.</summary>
    private const long MostConnections = 10_000;

    private const long MostOpenPages = 2_000;

    public static void LimitRequests(this IWebHostBuilder host) => host.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Limits.MaxRequestHeaderCount = 100;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = MostOpenPages;
    });
}
