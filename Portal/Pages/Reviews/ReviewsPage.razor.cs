using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Core.Data;
using Portal.Core.Reviews;
using Portal.Shared;

namespace Portal.Pages.Reviews;

/// <summary>What waits for a person, and what was settled.</summary>
public sealed partial class ReviewsPage
{
    private string? _text;
    private string? _kind;
    private ReviewQuery? _shown;

    [Inject]
    private ReviewSearch Search { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? State { get; set; }

    [SupplyParameterFromQuery]
    private string? Kind { get; set; }

    [SupplyParameterFromQuery]
    private string? Q { get; set; }

    [SupplyParameterFromQuery]
    private long? Before { get; set; }

    [SupplyParameterFromQuery]
    private long? After { get; set; }

    private ReviewQuery Query => new()
    {
        Environment = Environment,
        State = State == "all" ? null : EnumWord<ReviewState>.TryRead(State, out var state) ? state : ReviewState.Open,
        Kind = Words.Cases.Contains(Kind) ? Kind : null,
        Text = string.IsNullOrWhiteSpace(Q) ? null : Q.Trim(),
        Cursor = Before ?? After,
        Direction = Before is null && After is not null ? PageDirection.Newer : PageDirection.Older,
    };

    /// <inheritdoc />
    protected override async Task<Page<ReviewRow>?> FetchAsync(CancellationToken ct)
    {
        var query = Query;
        if (query != _shown) (_text, _kind, _shown) = (query.Text, query.Kind ?? "", query);
        return await Search.FindAsync(query, ct);
    }

    private void Apply() => Navigation.NavigateTo(PortalUrls.Reviews(Query with
    {
        Text = string.IsNullOrWhiteSpace(_text) ? null : _text.Trim(), Kind = string.IsNullOrEmpty(_kind) ? null : _kind, Cursor = null,
    }));

    private string Step(string cursor, PageDirection direction) =>
        PortalUrls.Reviews(Query with { Cursor = long.Parse(cursor, CultureInfo.InvariantCulture), Direction = direction });
}
