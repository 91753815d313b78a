using Microsoft.Extensions.Logging;

namespace Portal.Core.Telemetry;

/// <summary>What a line of the log belongs to. The formatter of the log writes it beside the line, where scopes are switched on.</summary>
public static class LogScopes
{
    private static readonly Func<ILogger, string, IDisposable?> Environment = LoggerMessage.DefineScope<string>("environment {Environment}");
    private static readonly Func<ILogger, string, string, IDisposable?> Request = LoggerMessage.DefineScope<string, string>("environment {Environment}, source {Source}");
    private static readonly Func<ILogger, string, long, long?, IDisposable?> Event = LoggerMessage.DefineScope<string, long, long?>("environment {Environment}, event {EventId}, delivery {DeliveryId}");

    /// <summary>An environment.</summary>
    public static IDisposable? In(this ILogger logger, PortalEnvironment environment) => Environment(logger, environment.Slug());

    /// <summary>A provider's request.</summary>
    public static IDisposable? In(this ILogger logger, PortalEnvironment environment, string source) => Request(logger, environment.Slug(), source);

    /// <summary>An event, and the delivery that brought it.</summary>
    public static IDisposable? In(this ILogger logger, PortalEnvironment environment, long eventId, long? deliveryId) => Event(logger, environment.Slug(), eventId, deliveryId);
}
