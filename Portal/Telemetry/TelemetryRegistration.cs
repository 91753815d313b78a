using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Telemetry;
using Portal.Webhooks;

namespace Portal.Telemetry;

/// <summary>The room's front door: figures, spans, and the form of the log.</summary>
internal static class TelemetryRegistration
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<TelemetryOptions>, TelemetryOptionsRules>();
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsRules>();
        services.AddSingleton<FigureBook>();
        services.AddSingleton<InstanceMeters>();
        services.AddSingleton<CircuitMeters>();
        services.AddScoped<CircuitHandler, CircuitMeters.Handler>();
        services.AddSingleton<FigureHistory>();
        services.AddSingleton<SystemBoard>();
        services.AddHostedService<FigureRecorder>();
        services.AddHostedService<TelemetryExport>();
        // First in line, so that the configuration has the last word.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<JsonConsoleFormatterOptions>>(new ConfigureOptions<JsonConsoleFormatterOptions>(json =>
            (json.IncludeScopes, json.UseUtcTimestamp, json.TimestampFormat) = (true, true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"))));
    }

    /// <summary>What was not counted yet stands at zero.</summary>
    public static void ShowZeroes()
    {
        foreach (var environment in PortalEnvironments.All)
        {
            PortalMeters.ShowZeroes(environment.Slug(), WebhookEndpoints.Sources, WebhookOutcomes.All,
                [EventState.Processed.Word(), EventState.Ignored.Word(), EventState.Waiting.Word(), AttemptOutcome.Failed.Word(), AttemptOutcome.Retried.Word()],
                Enum.GetValues<EntrySetKind>().Select(k => k.Word()));
        }
    }
}
