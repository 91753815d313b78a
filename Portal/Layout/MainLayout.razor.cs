using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Portal.Core;

namespace Portal.Layout;

/// <summary>The frame of all pages for signed-in people: which environment, where to go, who one is.</summary>
public sealed partial class MainLayout : IDisposable
{
    private bool _isMenuOpen;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string Path => new Uri(Navigation.Uri).PathAndQuery;

    /// <summary>The environment of the URL; none on pages that belong to neither.</summary>
    private PortalEnvironment? Environment =>
        PortalEnvironments.TryParse(Path.Split('/', '?').ElementAtOrDefault(1), out var environment) ? environment : null;

    /// <summary>Where the menu leads.</summary>
    private PortalEnvironment Room => Environment ?? PortalEnvironment.Sandbox;

    /// <inheritdoc />
    protected override void OnInitialized() => Navigation.LocationChanged += OnMoved;

    /// <inheritdoc />
    public void Dispose() => Navigation.LocationChanged -= OnMoved;

    private void ToggleMenu() => _isMenuOpen = !_isMenuOpen;

    private void OnMoved(object? sender, LocationChangedEventArgs e) => InvokeAsync(() =>
    {
        _isMenuOpen = false;
        StateHasChanged();
    });
}
