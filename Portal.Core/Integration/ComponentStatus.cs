namespace Portal.Core.Integration;

/// <summary>The four things that a product connects.</summary>
public enum IntegrationComponent
{
    /// <summary>The script with which users refer.</summary>
    ReferralComponent,

    /// <summary>The script on the landing page.</summary>
    AttributionLibrary,

    /// <summary>Events that tell of signups.</summary>
    Signups,

    /// <summary>Events that tell of purchases.</summary>
    Purchases,
}

/// <summary>Whether it is.</summary>
public enum ConnectionStatus
{
    /// <summary>Something valid came within the health window, and nothing wrong.</summary>
    Connected,

    /// <summary>It has worked, but something is to be looked at.</summary>
    ConnectedWithWarnings,

    /// <summary>Nothing valid ever came.</summary>
    NotConnected,
}

/// <summary>What is to be looked at.</summary>
public enum ConnectionWarning
{
    /// <summary>The last valid one is older than the health window.</summary>
    NoRecentEvents,

    /// <summary>Of those within the health window, some have a field that is missing or malformed.</summary>
    ValidationIssues,

    /// <summary>Calls within the health window were refused.</summary>
    RefusedCalls,
}

/// <summary>A day of a component.</summary>
/// <param name="Day">UTC.</param>
/// <param name="Valid">Valid events or calls.</param>
public sealed record ComponentDay(DateOnly Day, long Valid);

/// <summary>What is known of a component.</summary>
/// <param name="LastValid">When something valid came last.</param>
/// <param name="LastFault">When something came last that was wrong.</param>
/// <param name="Fault">What was wrong with it, in a sentence.</param>
/// <param name="FaultKind">Of which kind that is.</param>
public sealed record ComponentSigns(DateTimeOffset? LastValid, DateTimeOffset? LastFault, string? Fault, ConnectionWarning FaultKind);

/// <summary>How a component is.</summary>
/// <param name="Component">Which.</param>
/// <param name="Source">Where its events are expected from: <c>stripe</c>, <c>chargebee</c> or <c>api</c>; null for a script.</param>
/// <param name="Connection">Whether it is connected.</param>
/// <param name="Warning">What is to be looked at, if something is.</param>
/// <param name="Why">The same in a sentence.</param>
/// <param name="LastEventAt">When something valid came last.</param>
/// <param name="Days">The last days, oldest first.</param>
public sealed record ComponentStatus(
    IntegrationComponent Component, string? Source, ConnectionStatus Connection, ConnectionWarning? Warning, string Why, DateTimeOffset? LastEventAt, IReadOnlyList<ComponentDay> Days)
{
    /// <summary>Judges the signs of a component.</summary>
    /// <param name="component">Which.</param>
    /// <param name="source">Where its events are expected from.</param>
    /// <param name="signs">What is known.</param>
    /// <param name="now">Our time.</param>
    /// <param name="window">Within which something valid must have come.</param>
    /// <param name="days">For the drawing.</param>
    public static ComponentStatus Judge(IntegrationComponent component, string? source, ComponentSigns signs, DateTimeOffset now, TimeSpan window, IReadOnlyList<ComponentDay> days)
    {
        var isFaultRecent = signs.LastFault > now - window;
        var (connection, warning, why) = signs.LastValid switch
        {
            null when signs.LastFault is not null => (ConnectionStatus.NotConnected, (ConnectionWarning?)signs.FaultKind, $"Nothing valid came yet. The last one was wrong: {signs.Fault}"),
            null => (ConnectionStatus.NotConnected, null, Missing(component, source)),
            _ when isFaultRecent => (ConnectionStatus.ConnectedWithWarnings, signs.FaultKind, $"It works, but something came {Words(window)} that was wrong: {signs.Fault}"),
            { } valid when valid <= now - window => (ConnectionStatus.ConnectedWithWarnings, ConnectionWarning.NoRecentEvents, $"It has worked, but nothing valid came {Words(window)}."),
            _ => (ConnectionStatus.Connected, null, $"Something valid came {Words(window)}, and nothing wrong."),
        };
        return new(component, source, connection, warning, why, signs.LastValid, days);
    }

    private static string Missing(IntegrationComponent component, string? source) => component switch
    {
        IntegrationComponent.ReferralComponent => "The referral component has not been booted yet with a token that is right.",
        IntegrationComponent.AttributionLibrary => "The attribution script has not called from a landing page yet.",
        IntegrationComponent.Signups => $"No valid signup came from {Named(source)} yet.",
        _ => $"No valid purchase came from {Named(source)} yet.",
    };

    private static string Named(string? source) => source switch { "stripe" => "Stripe", "chargebee" => "Chargebee", _ => "your product, through the API" };

    private static string Words(TimeSpan window) => window == TimeSpan.FromHours(1) ? "within the last hour" : $"within the last {window.TotalHours:0} hours";
}
