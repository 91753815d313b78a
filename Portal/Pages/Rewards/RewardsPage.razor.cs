using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Core.Data;
using Portal.Core.Rewards;

namespace Portal.Pages.Rewards;

/// <summary>What was earned, by whom, for which payment.</summary>
public sealed partial class RewardsPage
{
    private string? _text;
    private string? _referrer;
    private string? _currency;
    private RewardQuery? _shown;

    [Inject]
    private RewardSearch Search { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Q { get; set; }

    [SupplyParameterFromQuery]
    private string? Referrer { get; set; }

    [SupplyParameterFromQuery]
    private string? State { get; set; }

    [SupplyParameterFromQuery]
    private string? Currency { get; set; }

    [SupplyParameterFromQuery]
    private long? Before { get; set; }

    [SupplyParameterFromQuery]
    private long? After { get; set; }

    private RewardQuery Query => new()
    {
        Environment = Environment,
        Text = Given(Q),
        Referrer = Given(Referrer),
        State = EnumWord<RewardState>.TryRead(State, out var state) ? state : null,
        Currency = Given(Currency)?.ToUpperInvariant(),
        Cursor = Before ?? After,
        Direction = Before is null && After is not null ? PageDirection.Newer : PageDirection.Older,
    };

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (Query != _shown) (_text, _referrer, _currency, _shown) = (Query.Text, Query.Referrer, Query.Currency, Query);
    }

    /// <inheritdoc />
    protected override async Task<Page<RewardRow>?> FetchAsync(CancellationToken ct) => await Search.FindAsync(Query, ct);

    private void Apply() => Navigation.NavigateTo(PortalUrls.Rewards(Query with
    {
        Text = Given(_text), Referrer = Given(_referrer), Currency = Given(_currency)?.ToUpperInvariant(), Cursor = null,
    }));

    private string Step(string cursor, PageDirection direction) =>
        PortalUrls.Rewards(Query with { Cursor = long.Parse(cursor, CultureInfo.InvariantCulture), Direction = direction });

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
