using Portal.Core.Integration;

namespace Portal.Pages.Integration;

/// <summary>What the Integration page shows.</summary>
/// <param name="Status">The four components.</param>
/// <param name="Run">How far a test run is.</param>
public sealed record IntegrationView(IntegrationStatus Status, TestRunState Run)
{
    /// <summary>Whether all are connected.</summary>
    public bool IsWell => Status.Components.All(c => c.Connection == ConnectionStatus.Connected);
}
