using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Access;
using Portal.Core.Access;
using Portal.Jobs;
using Portal.Shared;

namespace Portal.Pages.Jobs;

/// <summary>The background work: what runs, what ran, what failed, and a button to run it now.</summary>
public sealed partial class JobsPage : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _gone = new();
    private bool _isBroken;
    private string? _starting;
    private string? _result;
    private Tone _resultTone;

    /// <summary>What is shown, handed from the first drawing to the living page.</summary>
    [PersistentState]
    public JobsSnapshot? View { get; set; }

    [SupplyParameterFromQuery]
    private bool Idle { get; set; }

    [Inject]
    private JobBoard Board { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [Inject]
    private CurrentActor Current { get; set; } = null!;

    [Inject]
    private IAuthorizationService Authorization { get; set; } = null!;

    [Inject]
    private ILogger<JobsPage> Logger { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = null!;

    /// <inheritdoc />
    protected override Task OnParametersSetAsync() => ReloadAsync();

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

    /// <summary>Jobs belong to no environment, and idle runs change nothing: there is no feed to follow, so the page looks now and then.</summary>
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
            (View, _isBroken) = (await Board.FindAsync(Idle, _gone.Token), false);
        }
        catch (Exception exception) when (!_gone.IsCancellationRequested)
        {
            Logger.PageBroke(nameof(JobsPage), exception);
            _isBroken = true;
        }
    }

    private async Task RunAsync(JobStanding job)
    {
        _starting = job.Name;
        try
        {
            // What is drawn is no protection: the right is asked for again where the deed is done.
            if (!(await Authorization.AuthorizeAsync((await Authentication).User, Policies.Administer)).Succeeded)
            {
                (_result, _resultTone) = ("Your role may not start jobs any more.", Tone.Bad);
                return;
            }
            var started = await Board.RunNowAsync(job.Name, Current.Actor, _gone.Token);
            (_result, _resultTone) = !started ? ("There is no such job any more.", Tone.Bad)
                : job.RunningSince is null ? ($"“{job.Title}” was started.", Tone.Good)
                : ($"“{job.Title}” runs already; it starts once more when this run ends.", Tone.Good);
            await ReloadAsync();
        }
        finally
        {
            _starting = null;
        }
    }
}
