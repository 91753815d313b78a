using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Portal.Core.Data;
using Portal.Core.Statements;
using Portal.Hosting;

namespace Portal.Pages.Referrers;

/// <summary>Who refers, by which code, with what came of it.</summary>
public sealed partial class ReferrersPage
{
    private string? _text;
    private ReferrerQuery? _shown;

    [Inject]
    private ReferrerSearch Search { get; set; } = null!;

    [Inject]
    private IOptions<PortalOptions> Options { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Q { get; set; }

    [SupplyParameterFromQuery]
    private long? Before { get; set; }

    [SupplyParameterFromQuery]
    private long? After { get; set; }

    private ReferrerQuery Query => new()
    {
        Environment = Environment,
        Text = Given(Q),
        Cursor = Before ?? After,
        Direction = Before is null && After is not null ? PageDirection.Newer : PageDirection.Older,
    };

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (Query != _shown) (_text, _shown) = (Query.Text, Query);
    }

    /// <inheritdoc />
    protected override async Task<Page<ReferrerLine>?> FetchAsync(CancellationToken ct) => await Search.FindAsync(Query, ct);

    /// <inheritdoc />
    protected override Task OnChangedAsync() => ReloadCalmlyAsync(Clock);

    private string Link(string code) => PortalUrls.Invite(Options.Value.PublicUrl!, code);

    private void Apply() => Navigation.NavigateTo(PortalUrls.Referrers(Environment, Given(_text)));

    private string Step(string cursor, PageDirection direction) =>
        PortalUrls.Referrers(Query with { Cursor = long.Parse(cursor, CultureInfo.InvariantCulture), Direction = direction });

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
