using Microsoft.Extensions.Options;

namespace Portal.Telemetry;

/// <summary>Where the portal tells of itself, and who may ask: section <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Telemetry";

    /// <summary>The collector of traces and metrics, <c>http://localhost:4318</c> for instance; nothing is sent without one. <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> unless set.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary><c>http/protobuf</c> or <c>grpc</c>. <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> unless set.</summary>
    public string? OtlpProtocol { get; set; }

    /// <summary>With which a scraper from elsewhere asks for <c>/metrics</c>, as its bearer token; without one, only this machine may ask.</summary>
    public string? MetricsToken { get; set; }
}

internal sealed class TelemetryOptionsRules(IConfiguration configuration) : IPostConfigureOptions<TelemetryOptions>, IValidateOptions<TelemetryOptions>
{
    private const int ShortestToken = 16;

    public void PostConfigure(string? name, TelemetryOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.OtlpEndpoint)) options.OtlpEndpoint = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];
        if (string.IsNullOrWhiteSpace(options.OtlpEndpoint)) options.OtlpEndpoint = null;
        if (string.IsNullOrWhiteSpace(options.OtlpProtocol)) options.OtlpProtocol = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "http/protobuf";
        if (string.IsNullOrWhiteSpace(options.MetricsToken)) options.MetricsToken = null;
    }

    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (options.OtlpEndpoint is { } endpoint && (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")))
            faults.AddError($"Telemetry:OtlpEndpoint: '{endpoint}' is not an absolute http or https URL, such as http://localhost:4318.");
        if (options.OtlpProtocol is not ("http/protobuf" or "grpc"))
            faults.AddError($"Telemetry:OtlpProtocol: '{options.OtlpProtocol}' is unknown; set it to http/protobuf or grpc.");
        if (options.MetricsToken is { } token && (token.Length < ShortestToken || !token.All(c => c is > ' ' and <= '~')))
            faults.AddError($"Telemetry:MetricsToken: needs at least {ShortestToken} characters, none of them a space.");
        return faults.Build();
    }
}
