using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Sources.Api;
using Portal.Core.Sources.Auto;
using Portal.Core.Sources.Chargebee;
using Portal.Core.Sources.Stripe;

namespace Portal.Pages.Events;

/// <summary>The feed's filters. They only make a URL: the page reads it.</summary>
public sealed partial class EventFilters
{
    private string? _text;
    private string? _shown;

    /// <summary>What the URL asks for.</summary>
    [Parameter, EditorRequired]
    public EventQuery Query { get; set; } = null!;

    /// <summary>The types that can be chosen: all that are followed, and the one that is asked for.</summary>
    private IEnumerable<string> Types => (Query.Source switch
    {
        ChargebeeEventTypes.Source => ChargebeeEventTypes.All,
        ApiTriggers.Source => ApiTriggers.All,
        AutoSignup.Source => [AutoSignup.Type],
        _ => StripeEventTypes.Needed.Concat(StripeEventTypes.Recommended).Concat(StripeEventTypes.Twins).Select(t => t.Name),
    }).Append(Query.Type).OfType<string>().Distinct().Order(StringComparer.Ordinal);

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (_shown == Query.Text && _shown is not null) return;
        if (_text is null || _shown != Query.Text) _text = Query.Text;   // what is being typed is left alone while the list moves on
        _shown = Query.Text;
    }

    private void Apply() => Go(Query with { Text = string.IsNullOrWhiteSpace(_text) ? null : _text.Trim() });

    /// <summary>Another source has other types.</summary>
    private void ApplySource(ChangeEventArgs e) => Go(Query with { Source = e.Value as string is { Length: > 0 } source ? source : null, Type = null });

    private void ApplyType(ChangeEventArgs e) => Go(Query with { Type = e.Value as string is { Length: > 0 } type ? type : null });

    private void Go(EventQuery query) => Navigation.NavigateTo(PortalUrls.Events(query with { Cursor = null }));

    private static T? Read<T>(ChangeEventArgs e) where T : struct, Enum => EnumWord<T>.TryRead(e.Value as string, out var value) ? value : null;

    private static DateTimeOffset? ReadDay(ChangeEventArgs e) => DateOnly.TryParseExact(e.Value as string, "yyyy-MM-dd", out var day)
        ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
        : null;

    private static string? Day(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
