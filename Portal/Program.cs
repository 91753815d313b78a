using Portal.Access;
using Portal.Api;
using Portal.Component;
using Portal.Core.Integration;
using Portal.Core.Payouts;
using Portal.Core.Pipeline;
using Portal.Core.Rates;
using Portal.Core.Rebuild;
using Portal.Core.Retention;
using Portal.Core.Simulations;
using Portal.Core.Statements;
using Portal.Demo;
using Portal.Exports;
using Portal.Health;
using Portal.Hosting;
using Portal.Jobs;
using Portal.Outgoing;
using Portal.Pages;
using Portal.Scripts;
using Portal.Telemetry;
using Portal.Visits;
using Portal.Webhooks;

if (LedgerVerify.IsAsked(args)) return await LedgerVerify.RunAsync(args);
if (AuditVerify.IsAsked(args)) return await AuditVerify.RunAsync(args);
if (BackupCommand.IsAsked(args)) return await BackupCommand.RunAsync(args);

return await StartUp.RunAsync(async () =>
{
    // appsettings.json and wwwroot lie beside the program, wherever it is started; the data directory does not.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = DemoRegistration.SpellOut(args), ContentRootPath = AppContext.BaseDirectory });
    builder.WebHost.LimitRequests();
    builder.WebHost.UseStaticWebAssets();   // of the build output; a published program has them in wwwroot

    builder.Services.AddPortalOptions();
    builder.Services.AddPortalStore();
    builder.Services.AddFaults();
    builder.Services.AddOutgoing();
    builder.Services.AddAccess();
    builder.Services.AddPipeline();
    builder.Services.AddStatements();
    builder.Services.AddRates();
    builder.Services.AddRebuild();
    builder.Services.AddSimulations();
    builder.Services.AddPayouts();
    builder.Services.AddIntegration();
    builder.Services.AddRetention();
    builder.Services.AddJobs(builder.Configuration);
    builder.Services.AddPages();
    builder.Services.AddApiDocument();
    builder.Services.AddScripts();
    builder.Services.AddLinks();
    builder.Services.AddComponent();
    builder.Services.AddHealth();
    builder.AddTelemetry();
    builder.AddDemo();

    await using var app = builder.Build();
    await app.PrepareAsync();

    app.UseTrustedProxies();
    app.UseSecurityHeaders();
    app.UseFaults();
    app.UseSameOrigin();
    app.UseComponent();
    app.UseAccess();

    app.MapHealth();
    app.MapMetrics();
    app.MapAccess();
    app.MapWebhooks();
    app.MapApi();
    app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
    app.MapExports();
    app.MapScripts();
    app.MapLinks();
    app.MapComponent();
    app.MapPages();

    await app.RunAsync();
});
