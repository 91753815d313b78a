using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Core.Data;
using Portal.Core.Referrals;
using Portal.Core.Rewards;

namespace Portal.Pages.Referrals;

/// <summary>Who was referred, by whom, and who came alone.</summary>
public sealed partial class ReferralsPage
{
    /// <summary>Why nobody is credited with a signup; the other reasons are those of payments.</summary>
    private static readonly string[] Reasons = [ReasonCodes.NoCode, ReasonCodes.UnknownCode, ReasonCodes.SelfReferral, ReasonCodes.NoIdentity];

    private string? _text;
    private ReferralQuery? _shown;

    [Inject]
    private ReferralSearch Search { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Q { get; set; }

    [SupplyParameterFromQuery]
    private string? Ucc { get; set; }

    [SupplyParameterFromQuery]
    private string? Attributed { get; set; }

    [SupplyParameterFromQuery]
    private string? Reason { get; set; }

    [SupplyParameterFromQuery]
    private long? Before { get; set; }

    [SupplyParameterFromQuery]
    private long? After { get; set; }

    private ReferralQuery Query => new()
    {
        Environment = Environment,
        Text = Given(Q),
        Ucc = Given(Ucc),
        IsAttributed = Attributed switch { "true" => true, "false" => false, _ => null },
        Reason = Given(Reason),
        Cursor = Before ?? After,
        Direction = Before is null && After is not null ? PageDirection.Newer : PageDirection.Older,
    };

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (Query != _shown) (_text, _shown) = (Query.Text, Query);
    }

    /// <inheritdoc />
    protected override async Task<Page<ReferralRow>?> FetchAsync(CancellationToken ct) => await Search.FindAsync(Query, ct);

    private void Apply() => Go(Query with { Text = Given(_text) });

    private void ApplyReason(ChangeEventArgs e) => Go(Query with { Reason = Given(e.Value as string), IsAttributed = null });

    private void Go(ReferralQuery query) => Navigation.NavigateTo(PortalUrls.Referrals(query with { Cursor = null }));

    private string Step(string cursor, PageDirection direction) =>
        PortalUrls.Referrals(Query with { Cursor = long.Parse(cursor, CultureInfo.InvariantCulture), Direction = direction });

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
