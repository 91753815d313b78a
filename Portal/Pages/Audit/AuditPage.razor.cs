using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Access;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Shared;

namespace Portal.Pages.Audit;

/// <summary>Who changed what and when, and whether anybody changed that.</summary>
public sealed partial class AuditPage : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private string? _actor;
    private string? _action;
    private string? _environment;
    private DateOnly? _from;
    private DateOnly? _to;
    private bool _isBroken;
    private bool _isVerifying;
    private AuditVerdict? _verdict;
    private AuditQuery? _shown;

    [Inject]
    private AuditSearch Search { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IAuthorizationService Authorization { get; set; } = null!;

    [Inject]
    private ILogger<AuditPage> Logger { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Actor { get; set; }

    [SupplyParameterFromQuery(Name = "action")]
    private string? AskedAction { get; set; }

    [SupplyParameterFromQuery(Name = "environment")]
    private string? EnvironmentSlug { get; set; }

    [SupplyParameterFromQuery]
    private string? From { get; set; }

    [SupplyParameterFromQuery]
    private string? To { get; set; }

    [SupplyParameterFromQuery]
    private long? Before { get; set; }

    [SupplyParameterFromQuery]
    private long? After { get; set; }

    private Page<AuditEntry>? View { get; set; }

    /// <summary>The actions that can be chosen: those on this page.</summary>
    private IEnumerable<string> Actions => (View?.Items ?? []).Select(a => a.Action).Distinct().Order(StringComparer.Ordinal);

    private AuditQuery Query => new()
    {
        Environment = PortalEnvironments.TryParse(EnvironmentSlug, out var environment) ? environment : null,
        Actor = Given(Actor),
        Action = Given(AskedAction),
        From = StartOf(Day(From)),
        To = Day(To) is { Year: < 9999 } to ? StartOf(to.AddDays(1)) : null,
        Cursor = Before ?? After,
        Direction = Before is null && After is not null ? PageDirection.Newer : PageDirection.Older,
    };

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (Query == _shown) return;
        _shown = Query;
        (_actor, _action, _environment, _from, _to) = (_shown.Actor, _shown.Action, _shown.Environment?.Slug(), Day(From), Day(To));
        await ReloadAsync();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    private async Task ReloadAsync()
    {
        try
        {
            (View, _isBroken) = (await Search.FindAsync(Query, _gone.Token), false);
        }
        catch (Exception exception) when (!_gone.IsCancellationRequested)
        {
            Logger.PageBroke(nameof(AuditPage), exception);
            _isBroken = true;
        }
    }

    private async Task VerifyAsync()
    {
        if (!(await Authorization.AuthorizeAsync((await Authentication).User, Policies.Administer)).Succeeded) return;
        _isVerifying = true;
        StateHasChanged();
        try
        {
            _verdict = await Task.Run(() => Search.VerifyAsync(_gone.Token), _gone.Token);
        }
        finally
        {
            _isVerifying = false;
        }
    }

    private void Apply() => Navigation.NavigateTo(PortalUrls.AuditLog(new AuditQuery
    {
        Environment = PortalEnvironments.TryParse(_environment, out var environment) ? environment : null,
        Actor = Given(_actor), Action = Given(_action), From = StartOf(_from), To = _to is { Year: < 9999 } to ? StartOf(to.AddDays(1)) : null,
    }));

    private string Step(string cursor, PageDirection direction) =>
        PortalUrls.AuditLog(Query with { Cursor = long.Parse(cursor, CultureInfo.InvariantCulture), Direction = direction });

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static DateTimeOffset? StartOf(DateOnly? day) => day is { } d ? new DateTimeOffset(d, TimeOnly.MinValue, TimeSpan.Zero) : null;
}
