using Microsoft.Extensions.Logging;

namespace Portal.Core.Visits;

/// <summary>Every line this room can write.</summary>
internal static partial class VisitsLog
{
    [LoggerMessage(1950, LogLevel.Warning, "The database could not be asked where a link leads; what was known last serves: {Message}")]
    public static partial void LinksFromMemory(this ILogger logger, string message);
}
