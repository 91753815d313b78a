using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Core.Data;
using Portal.Core.Rewards;
using Portal.Shared;

namespace Portal.Pages.Payments;

/// <summary>What was paid, and what came of each payment.</summary>
public sealed partial class PaymentsPage
{
    private string? _text;
    private TransactionQuery? _shown;

    [Inject]
    private TransactionSearch Search { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Q { get; set; }

    [SupplyParameterFromQuery]
    private string? Result { get; set; }

    [SupplyParameterFromQuery]
    private string? Reason { get; set; }

    [SupplyParameterFromQuery]
    private long? Before { get; set; }

    [SupplyParameterFromQuery]
    private long? After { get; set; }

    private TransactionQuery Query => new()
    {
        Environment = Environment,
        Text = Given(Q),
        Result = EnumWord<PaymentResult>.TryRead(Result, out var result) ? result : null,
        Reason = Words.Reasons.Contains(Reason) ? Reason : null,
        Cursor = Before ?? After,
        Direction = Before is null && After is not null ? PageDirection.Newer : PageDirection.Older,
    };

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (Query != _shown) (_text, _shown) = (Query.Text, Query);
    }

    /// <inheritdoc />
    protected override async Task<Page<TransactionRow>?> FetchAsync(CancellationToken ct) => await Search.FindAsync(Query, ct);

    private void Apply() => Navigation.NavigateTo(PortalUrls.Payments(Query with { Text = Given(_text), Cursor = null }));

    private void ApplyReason(ChangeEventArgs e)
    {
        var reason = e.Value as string is { Length: > 0 } word ? word : null;
        Navigation.NavigateTo(PortalUrls.Payments(Query with { Reason = reason, Result = reason is null ? Query.Result : null, Cursor = null }));
    }

    private string Step(string cursor, PageDirection direction) =>
        PortalUrls.Payments(Query with { Cursor = long.Parse(cursor, CultureInfo.InvariantCulture), Direction = direction });

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
