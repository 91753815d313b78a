using System.Globalization;
using Portal.Health;
using Portal.Shared;
using Portal.Telemetry;

namespace Portal.Pages.Instance;

/// <summary>How the page spells figures.</summary>
internal static class SystemWords
{
    public static string Of(double? value, FigureUnit unit) => value is not { } known ? "–" : unit switch
    {
        FigureUnit.PerSecond => string.Create(CultureInfo.InvariantCulture, $"{known:#,0.##}/s"),
        FigureUnit.Cores => string.Create(CultureInfo.InvariantCulture, $"{known:0.##}"),
        FigureUnit.Seconds when known is > 0 and < 0.001 => string.Create(CultureInfo.InvariantCulture, $"{known * 1_000_000:0} µs"),
        FigureUnit.Seconds when known < 0.01 => string.Create(CultureInfo.InvariantCulture, $"{known * 1000:0.#} ms"),
        FigureUnit.Seconds => Words.Span(TimeSpan.FromSeconds(known)),
        FigureUnit.Bytes when known >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{known / (1L << 30):0.0} GiB"),
        FigureUnit.Bytes => string.Create(CultureInfo.InvariantCulture, $"{known / (1L << 20):0.0} MiB"),
        _ => Words.Count((long)known),
    };

    public static string Of(HealthReport health) => health.Status switch { "ready" => "Ready", "degraded" => "Degraded", _ => "Unavailable" };

    public static Tone Look(HealthReport health) => health.Status switch { "ready" => Tone.Good, "degraded" => Tone.Warn, _ => Tone.Bad };
}
