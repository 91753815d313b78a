using System.Reflection;

namespace Portal.Telemetry;

/// <summary>Which version of the portal runs.</summary>
internal static class PortalVersion
{
    /// <summary>As the build calls it.</summary>
    public static string Text { get; } = typeof(PortalVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
