namespace Portal.Hosting;

/// <summary>What the web server itself takes and for how long it waits.</summary>
internal static class Listening
{
    /// <summary>The largest body that any path takes unless it says otherwise.</summary>
    public const long LargestBody = 1024 * 1024;

    public static void LimitRequests(this IWebHostBuilder host) => host.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
    });
}
