using Microsoft.AspNetCore.Components;
using Portal.Shared;
using Portal.Telemetry;

namespace Portal.Pages.Instance;

/// <summary>How this instance is, for an operator: checks, figures, inboxes, jobs.</summary>
public sealed partial class SystemPage : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _gone = new();
    private bool _isBroken;

    /// <summary>What is shown, handed from the first drawing to the living page.</summary>
    [PersistentState]
    public SystemSnapshot? View { get; set; }

    [Inject]
    private SystemBoard Board { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [Inject]
    private ILogger<SystemPage> Logger { get; set; } = null!;

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => View is null ? ReloadAsync() : Task.CompletedTask;

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = FollowAsync();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    private async Task FollowAsync()
    {
        using var timer = new PeriodicTimer(BetweenLooks, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_gone.Token))
            {
                await InvokeAsync(async () =>
                {
                    await ReloadAsync();
                    StateHasChanged();
                });
            }
        }
        catch (OperationCanceledException)
        {
            // the page was left
        }
    }

    private async Task ReloadAsync()
    {
        try
        {
            (View, _isBroken) = (await Board.FindAsync(_gone.Token), false);
        }
        catch (Exception exception) when (!_gone.IsCancellationRequested)
        {
            Logger.PageBroke(nameof(SystemPage), exception);
            _isBroken = true;
        }
    }
}
