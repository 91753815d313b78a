using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Sources;
using Portal.Shared;

namespace Portal.Pages.Events;

/// <summary>The feed: filters in the URL, pages by id, new arrivals as they come.</summary>
public sealed partial class EventsPage
{
    private HashSet<long> _fresh = [];
    private long _newestShown;
    private int _news;
    private bool _isPaused;
    private string _announcement = "";

    [Inject]
    private EventSearch Search { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Tab { get; set; }

    [SupplyParameterFromQuery]
    private string? Source { get; set; }

    [SupplyParameterFromQuery]
    private string? Type { get; set; }

    [SupplyParameterFromQuery]
    private string? Status { get; set; }

    [SupplyParameterFromQuery]
    private string? State { get; set; }

    [SupplyParameterFromQuery]
    private string? Q { get; set; }

    [SupplyParameterFromQuery]
    private string? From { get; set; }

    [SupplyParameterFromQuery]
    private string? To { get; set; }

    [SupplyParameterFromQuery]
    private long? Before { get; set; }

    [SupplyParameterFromQuery]
    private long? After { get; set; }

    private EventQuery Query => new()
    {
        Environment = Environment,
        Selection = EnumWord<EventSelection>.TryRead(Tab, out var tab) ? tab : EventSelection.All,
        Source = Given(Source),
        Type = Given(Type),
        Status = EnumWord<CheckLevel>.TryRead(Status, out var status) ? status : null,
        State = EnumWord<EventState>.TryRead(State, out var state) ? state : null,
        Text = Given(Q),
        From = Day(From),
        To = Day(To) is { Year: < 9999 } to ? to.AddDays(1) : Day(To),
        Cursor = Before ?? After,
        Direction = Before is null && After is not null ? PageDirection.Newer : PageDirection.Older,
    };

    private bool IsAtTop => Before is null && After is null;

    private string Newest => PortalUrls.Events(Query with { Cursor = null });

    /// <inheritdoc />
    protected override async Task<Page<EventRow>?> FetchAsync(CancellationToken ct)
    {
        var page = await Search.FindAsync(Query, ct);
        (_fresh, _news, _newestShown) = ([], 0, page.Items.Count > 0 ? page.Items[0].Id : 0);
        return page;
    }

    /// <summary>At the top new rows slide in; elsewhere, and while paused, they are only counted.</summary>
    protected override async Task OnChangedAsync()
    {
        if (View is null || IsLoading) return;
        if (!IsAtTop || _isPaused)
        {
            if (IsAtTop) _news = await NewsAsync();
            return;
        }
        var (known, newest) = (View.Items.Select(r => r.Id).ToHashSet(), _newestShown);
        await ReloadAsync();
        _fresh = [.. View.Items.Select(r => r.Id).Where(id => id > newest && !known.Contains(id))];
        if (_fresh.Count > 0) _announcement = $"{Words.Plural(_fresh.Count, "new event", "new events")} at the top";
    }

    private async Task<int> NewsAsync()
    {
        var newer = await Search.FindAsync(Query with { Cursor = _newestShown, Direction = PageDirection.Newer, Limit = 100 }, Gone);
        return newer.Items.Count;
    }

    private async Task TogglePauseAsync()
    {
        _isPaused = !_isPaused;
        _announcement = _isPaused ? "Live updates paused" : "Live updates on";
        if (!_isPaused && IsAtTop) await ReloadAsync();
    }

    private async Task ShowNewsAsync()
    {
        if (IsAtTop) await ReloadAsync();
    }

    private string Step(string cursor, PageDirection direction) =>
        PortalUrls.Events(Query with { Cursor = long.Parse(cursor, CultureInfo.InvariantCulture), Direction = direction });

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static DateTimeOffset? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) : null;
}
