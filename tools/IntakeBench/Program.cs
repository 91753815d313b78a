using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core.Inbox;
using Portal.Core.Sqlite;

// usage: IntakeBench product|none|single|nodrain PORT SECRET
var (mode, port, secret) = (args[0], int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture), args[2]);
var folder = Directory.CreateTempSubdirectory("intake-bench-").FullName;
await using var host = new BenchHost(mode, folder, secret);
host.UseKestrel(port);
host.StartServer();
Console.WriteLine($"{mode} on {port}, data in {folder}");
var stop = new TaskCompletionSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.TrySetResult(); };
AppDomain.CurrentDomain.ProcessExit += (_, _) => stop.TrySetResult();
await stop.Task;

internal sealed class BenchHost(string mode, string folder, string secret) : WebApplicationFactory<Portal.App>
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("Portal:DataDirectory", folder);
        builder.UseSetting("Bootstrap:Sandbox:StripeSigningSecret", secret);
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        builder.ConfigureTestServices(services =>
        {
            if (mode == "none") services.Replace(ServiceDescriptor.Singleton<IIntake, NoStorage>());
            if (mode == "nodrain")
            {
                foreach (var hosted in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Namespace is { } n && (n.StartsWith("Quartz", StringComparison.Ordinal) || n == "Portal.Jobs")).ToList()) services.Remove(hosted);
            }
            if (mode == "single")
            {
                var registered = services.Last(s => s.ServiceType == typeof(Portal.Core.Data.PortalStore));
                services.Replace(ServiceDescriptor.Singleton<Portal.Core.Data.PortalStore>(provider =>
                {
                    var store = (SqliteStore)registered.ImplementationFactory!(provider);
                    store.LargestGroup = 1;
                    return store;
                }));
            }
        });
    }
}

/// <summary>Verified, and forgotten: the limit that durable storage is measured against.</summary>
internal sealed class NoStorage : IIntake
{
    private long _accepted;

    public long AcceptedSoFar => _accepted;

    public event Action? Arrived { add { } remove { } }

    public Task<Receipt> AcceptAsync(IncomingDelivery delivery) => Task.FromResult(new Receipt(DeliveryOutcome.Accepted, Interlocked.Increment(ref _accepted)));

    public void Refuse(RefusedDelivery delivery)
    {
    }
}
