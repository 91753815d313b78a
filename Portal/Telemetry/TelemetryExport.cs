using System.Diagnostics;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Portal.Core.Telemetry;

namespace Portal.Telemetry;

/// <summary>Sends traces and metrics to a collector where one is configured. One that cannot be reached costs what was not sent, and nothing else.</summary>
internal sealed class TelemetryExport(IOptions<TelemetryOptions> options) : IHostedService
{
    private const int PatienceMilliseconds = 2_000;

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.OtlpEndpoint is null) return Task.CompletedTask;
        _traces = Sdk.CreateTracerProviderBuilder().ConfigureResource(Describe)
            .AddSource(PortalTelemetry.Name, "Microsoft.AspNetCore").AddProcessor(new Discretion()).AddOtlpExporter(o => Aim(o, "v1/traces")).Build();
        _metrics = Sdk.CreateMeterProviderBuilder().ConfigureResource(Describe)
            .AddMeter(PortalTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddOtlpExporter(o => Aim(o, "v1/metrics")).Build();
        return Task.CompletedTask;
    }

    /// <summary>What is left is sent, if that is possible at once: a stop does not wait for a collector that does not answer.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_traces is null) return;
        var ended = Task.Run(() =>
        {
            _traces.Shutdown(PatienceMilliseconds);
            _metrics?.Shutdown(PatienceMilliseconds);
            _traces.Dispose();
            _metrics?.Dispose();
        }, CancellationToken.None);
        await Task.WhenAny(ended, Task.Delay(PatienceMilliseconds * 2, CancellationToken.None));
    }

    /// <summary>Who sends it; <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> have the last word.</summary>
    private static void Describe(ResourceBuilder resource) =>
        resource.AddService("referral-portal", serviceVersion: PortalVersion.Text, serviceInstanceId: Environment.MachineName).AddEnvironmentVariableDetector();

    private void Aim(OtlpExporterOptions exporter, string path)
    {
        var endpoint = options.Value.OtlpEndpoint!.TrimEnd('/');
        var isGrpc = options.Value.OtlpProtocol == "grpc";
        exporter.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(isGrpc ? endpoint : $"{endpoint}/{path}");
        exporter.TimeoutMilliseconds = PatienceMilliseconds;
    }

    /// <summary>Addresses of the web may name a person or hold what was searched for: they stay here.</summary>
    private sealed class Discretion : BaseProcessor<Activity>
    {
        private static readonly string[] Kept = ["url.path", "url.query", "url.full", "http.target", "http.url", "client.address", "user_agent.original"];

        public override void OnEnd(Activity data)
        {
            foreach (var tag in Kept) data.SetTag(tag, null);
        }
    }
}
