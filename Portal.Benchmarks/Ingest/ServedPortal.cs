using System.Globalization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Portal.Core.Inbox;

namespace Portal.Benchmarks.Ingest;

/// <summary>
/// The portal's own host on a port: as it ships (<c>product</c>), or with its storage exchanged: <c>none</c> verifies and forgets,
/// <c>single</c> stores each request in a transaction of its own. Says <c>ready</c>, and ends with its input.
/// </summary>
internal sealed class ServedPortal(Options options) : WebApplicationFactory<Portal.App>
{
    public static async Task<int> RunAsync(Options options)
    {
        await using var host = new ServedPortal(options);
        host.UseKestrel(options.Number("port", 0));
        host.StartServer();
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environments.Production);
        builder.UseSetting("Portal:DataDirectory", options.Text("folder", ""));
        builder.UseSetting("Portal:PublicUrl", string.Create(CultureInfo.InvariantCulture, $"http://localhost:{options.Number("port", 0)}"));
        builder.UseSetting("Bootstrap:Sandbox:StripeSigningSecret", options.Text("secret", ""));
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        if (options.Postgres is { Length: > 0 } server)
        {
            builder.UseSetting("Database:Provider", "Postgres");
            builder.UseSetting("ConnectionStrings:Portal", server);
        }
        builder.ConfigureTestServices(services =>
        {
            var mode = options.Text("mode", "product");
            if (mode == "none") services.Replace(ServiceDescriptor.Singleton<IIntake, NoStorage>());
            if (mode == "single") services.Replace(ServiceDescriptor.Singleton<IIntake>(_ => options.Postgres is { Length: > 0 } to ? new OneInsertOnPostgres(to) : new OneInsertOnSqlite(options.Text("folder", ""))));
        });
    }
}
