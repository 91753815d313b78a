using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Portal.Core.Telemetry;

/// <summary>
/// What the portal tells of itself: one source of spans and one meter, named by the conventions of OpenTelemetry. Where nobody
/// listens, neither costs more than a look. No tag ever holds a payload, a secret, an address or a customer.
/// </summary>
public static class PortalTelemetry
{
    /// <summary>The name of the source and of the meter.</summary>
    public const string Name = "Portal";

    /// <summary>The environment, by its word in URLs.</summary>
    public const string Environment = "portal.environment";

    /// <summary>The provider that sent it.</summary>
    public const string Source = "portal.source";

    /// <summary>What became of it.</summary>
    public const string Outcome = "portal.outcome";

    /// <summary>Which kind of a thing.</summary>
    public const string Kind = "portal.kind";

    /// <summary>How many events it concerns.</summary>
    public const string Events = "portal.events";

    /// <summary>How many postings came of it.</summary>
    public const string Postings = "portal.postings";

    /// <summary>The spans.</summary>
    public static ActivitySource Spans { get; } = new(Name);

    /// <summary>The meter of what all rooms count; what only a running instance knows is measured by a meter of its own, with the same name.</summary>
    internal static Meter Meter { get; } = new(Name);
}
