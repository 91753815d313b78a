namespace Portal.Core.Sources;

/// <summary>An event's mode must fit its environment: test events never reach Production, nor real ones Sandbox.</summary>
public static class ModeCheck
{
    private const string Field = "livemode";
    private const string Path = "$.livemode";

    /// <summary>
    /// What a payload says, given where it came in. Of the wrong mode it tells no facts, and its <c>livemode</c> is an error with what
    /// would be right; what else was found about it stays, for who wants to know what it is.
    /// </summary>
    public static Reading Judge(PortalEnvironment environment, string source, bool? liveMode, Reading reading)
    {
        if (source != "stripe") return reading;   // of the others, none says so itself: their credentials belong to one environment
        if (liveMode == environment.IsLive()) return reading;
        var wanted = Word(environment.IsLive());
        var looked = reading.Checks.FirstOrDefault(c => c.Path == Path);
        var found = looked?.Found ?? (liveMode is { } mode ? Word(mode) : null);
        var wrong = new FieldCheck(Field, Path, CheckLevel.Error, "Wrong mode", found, $"{wanted}: this is the {environment.Slug()} endpoint");
        return reading with
        {
            Checks = looked is null ? [wrong, .. reading.Checks] : [.. reading.Checks.Select(c => c == looked ? wrong : c)],
            Facts = [],
            Ignored = null,
            Unreadable = $"livemode is {found ?? "missing"}, but the {environment.Slug()} endpoint takes {wanted} only. "
                + "The event was kept and not processed; point the provider's endpoint at the other environment.",
        };
    }

    private static string Word(bool mode) => mode ? "true" : "false";
}
