namespace Portal.Health;

/// <summary>One thing that the portal depends on.</summary>
/// <param name="Name">Its stable name, for machines.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="IsNeeded">Whether requests can be taken without it.</param>
/// <param name="AskAsync">Asks it: null where all is well, otherwise what is wrong, in a sentence for the operator.</param>
internal sealed record ReadinessCheck(string Name, string Title, bool IsNeeded, Func<CancellationToken, Task<string?>> AskAsync);

/// <summary>How a check came out.</summary>
/// <param name="Name">The check.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="IsNeeded">Whether requests can be taken without it.</param>
/// <param name="Fault">What is wrong; null where all is well. Not for strangers.</param>
public sealed record CheckResult(string Name, string Title, bool IsNeeded, string? Fault)
{
    /// <summary>Whether all is well.</summary>
    public bool IsWell => Fault is null;
}

/// <summary>How the portal is.</summary>
/// <param name="Checks">In the order of the table.</param>
public sealed record HealthReport(IReadOnlyList<CheckResult> Checks)
{
    /// <summary>Whether it can take requests.</summary>
    public bool IsReady => Checks.All(c => c.IsWell || !c.IsNeeded);

    /// <summary><c>ready</c>, <c>degraded</c> where something fails that requests do not need, or <c>unavailable</c>.</summary>
    public string Status => !IsReady ? "unavailable" : Checks.All(c => c.IsWell) ? "ready" : "degraded";
}
