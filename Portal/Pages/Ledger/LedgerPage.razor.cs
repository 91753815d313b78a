using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Core.Data;
using Portal.Core.Ledger;

namespace Portal.Pages.Ledger;

/// <summary>The journal, with what stands above it.</summary>
public sealed partial class LedgerPage
{
    private static readonly string[] CommonCauses = ["event", "code", "referrer", "revision", "rate", "decision", "rebuild", "payout"];

    private string? _referrer;
    private string? _ucc;
    private string? _currency;
    private string? _cause;
    private long? _reward;
    private DateOnly? _from;
    private DateOnly? _to;
    private JournalQuery? _shown;

    [Inject]
    private JournalSearch Search { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Referrer { get; set; }

    [SupplyParameterFromQuery]
    private string? Ucc { get; set; }

    [SupplyParameterFromQuery]
    private string? Currency { get; set; }

    [SupplyParameterFromQuery]
    private string? CauseKind { get; set; }

    [SupplyParameterFromQuery]
    private long? RewardId { get; set; }

    [SupplyParameterFromQuery]
    private string? From { get; set; }

    [SupplyParameterFromQuery]
    private string? To { get; set; }

    [SupplyParameterFromQuery]
    private long? Before { get; set; }

    [SupplyParameterFromQuery]
    private long? After { get; set; }

    private JournalQuery Query => new()
    {
        Environment = Environment,
        Referrer = Given(Referrer),
        Ucc = Given(Ucc),
        Currency = Given(Currency)?.ToUpperInvariant(),
        CauseKind = Given(CauseKind),
        RewardId = RewardId,
        From = StartOf(Day(From)),
        To = Day(To) is { Year: < 9999 } to ? StartOf(to.AddDays(1)) : null,
        Cursor = Before ?? After,
        Direction = Before is null && After is not null ? PageDirection.Newer : PageDirection.Older,
    };

    /// <summary>The causes that can be chosen: the common ones, and whatever the journal and the URL name besides.</summary>
    private IEnumerable<string> Causes =>
        CommonCauses.Concat(View?.Items.Select(s => s.CauseKind) ?? []).Append(Query.CauseKind).OfType<string>().Distinct();

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (Query == _shown) return;
        _shown = Query;
        (_referrer, _ucc, _currency, _cause, _reward) = (_shown.Referrer, _shown.Ucc, _shown.Currency, _shown.CauseKind, _shown.RewardId);
        (_from, _to) = (Day(From), Day(To));
    }

    /// <inheritdoc />
    protected override async Task<Page<EntrySetRow>?> FetchAsync(CancellationToken ct) => await Search.FindAsync(Query, ct);

    /// <inheritdoc />
    protected override Task OnChangedAsync() => ReloadCalmlyAsync(Clock);

    private void Apply() => Navigation.NavigateTo(PortalUrls.Ledger(Query with
    {
        Referrer = Given(_referrer), Ucc = Given(_ucc), Currency = Given(_currency)?.ToUpperInvariant(), CauseKind = Given(_cause), RewardId = _reward,
        From = StartOf(_from), To = _to is { Year: < 9999 } to ? StartOf(to.AddDays(1)) : null, Cursor = null,
    }));

    private string Step(string cursor, PageDirection direction) =>
        PortalUrls.Ledger(Query with { Cursor = long.Parse(cursor, CultureInfo.InvariantCulture), Direction = direction });

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static DateTimeOffset? StartOf(DateOnly? day) => day is { } d ? new DateTimeOffset(d, TimeOnly.MinValue, TimeSpan.Zero) : null;
}
