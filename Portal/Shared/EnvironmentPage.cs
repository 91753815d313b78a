using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Core;
using Portal.Core.Data;

namespace Portal.Shared;

/// <summary>
/// A page of one environment: knows which, asks for its view whenever the URL changes or something of the environment does, and
/// says honestly when it cannot.
/// </summary>
/// <typeparam name="TView">What the page shows; null when there is no such thing.</typeparam>
public abstract class EnvironmentPage<TView> : ComponentBase, IDisposable where TView : class
{
    private static readonly TimeSpan BetweenFigures = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _gone = new();
    private PersistingComponentStateSubscription _persisting;
    private IDisposable? _changes;
    private DateTimeOffset _calmAt;
    private bool _isCalming;
    private bool _started;
    private int _asked;

    /// <summary>From the URL.</summary>
    [Parameter]
    public string EnvironmentSlug { get; set; } = "";

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Inject]
    internal ChangeFeed Changes { get; set; } = null!;

    [Inject]
    internal Handover Handover { get; set; } = null!;

    [Inject]
    internal PersistentComponentState Persisted { get; set; } = null!;

    [Inject]
    internal ILogger<EnvironmentPage<TView>> Logger { get; set; } = null!;

    [Inject]
    internal IAuthorizationService Authorization { get; set; } = null!;

    [CascadingParameter]
    internal Task<AuthenticationState> Authentication { get; set; } = null!;

    /// <summary>Whose data.</summary>
    protected PortalEnvironment Environment { get; private set; }

    /// <summary>What is shown; null until it came.</summary>
    protected TView? View { get; private set; }

    /// <summary>Whether the page waits for its view.</summary>
    protected bool IsLoading { get; private set; }

    /// <summary>Whether the last question could not be answered.</summary>
    protected bool IsBroken { get; private set; }

    /// <summary>Ends with the page.</summary>
    protected CancellationToken Gone => _gone.Token;

    /// <summary>Whether whoever looks may do something now: asked at the moment of doing it, for roles change while pages are open.</summary>
    protected async Task<bool> MayAsync(string policy) => (await Authorization.AuthorizeAsync((await Authentication).User, policy)).Succeeded;

    /// <summary>Reads what the page shows, by its parameters.</summary>
    protected abstract Task<TView?> FetchAsync(CancellationToken ct);

    /// <summary>Called when something of the environment changed; asks again unless a page knows better.</summary>
    protected virtual Task OnChangedAsync() => ReloadAsync();

    /// <inheritdoc />
    protected sealed override async Task OnParametersSetAsync()
    {
        if (!PortalEnvironments.TryParse(EnvironmentSlug, out var environment))
        {
            Navigation.NotFound();
            return;
        }
        Follow(environment);
        if (!_started)
        {
            _started = true;
            _persisting = Persisted.RegisterOnPersisting(() =>
            {
                if (View is not null) Persisted.PersistAsJson(GetType().Name, Handover.Leave(View));
                return Task.CompletedTask;
            });
            if (Persisted.TryTakeFromJson<Guid>(GetType().Name, out var left) && Handover.Take<TView>(left) is { } view)
            {
                View = view;
                return;
            }
        }
        await ReloadAsync();
        if (View is null && !IsBroken && !Gone.IsCancellationRequested) Navigation.NotFound();
    }

    /// <summary>Asks again. What is shown stays until the answer came; an answer that another question overtook is dropped.</summary>
    protected async Task ReloadAsync()
    {
        var asked = ++_asked;
        IsLoading = true;
        try
        {
            var view = await FetchAsync(Gone);
            if (asked != _asked) return;
            (View, IsBroken) = (view, false);
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            if (asked != _asked) return;
            Logger.PageBroke(GetType().Name, exception);
            IsBroken = true;
        }
        if (asked == _asked) IsLoading = false;
    }

    /// <summary>For what is dear to reckon: a burst of changes asks again every two seconds, and once more when it is over.</summary>
    protected async Task ReloadCalmlyAsync(TimeProvider clock)
    {
        if (_isCalming) return;
        var early = _calmAt + BetweenFigures - clock.GetUtcNow();
        if (early > TimeSpan.Zero)
        {
            _isCalming = true;
            await Task.Delay(early, clock, Gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            _isCalming = false;
            if (Gone.IsCancellationRequested) return;
        }
        _calmAt = clock.GetUtcNow();
        await ReloadAsync();
    }

    private void Follow(PortalEnvironment environment)
    {
        if (_changes is not null && environment == Environment) return;
        Environment = environment;
        if (!RendererInfo.IsInteractive) return;
        _changes?.Dispose();
        _changes = Changes.Subscribe(environment, () => InvokeAsync(async () =>
        {
            if (Gone.IsCancellationRequested) return;
            await OnChangedAsync();
            StateHasChanged();
        }));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what the page began.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _changes?.Dispose();
        _persisting.Dispose();
        _gone.Cancel();
        _gone.Dispose();
    }
}

internal static partial class PageLog
{
    [LoggerMessage(1800, LogLevel.Error, "Page {Page} could not read what it shows")]
    public static partial void PageBroke(this ILogger logger, string page, Exception exception);
}
