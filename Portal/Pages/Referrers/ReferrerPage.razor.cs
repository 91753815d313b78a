using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Portal.Core.Data;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Statements;
using Portal.Core.Visits;
using Portal.Hosting;

namespace Portal.Pages.Referrers;

/// <summary>One referrer: what is owed and how that came about, entry by entry, now or as of a day.</summary>
public sealed partial class ReferrerPage
{
    private const int NewestReferrals = 12;
    private DateOnly? _asOf;
    private string? _currency;
    private StatementQuery? _shown;

    /// <summary>The product's id of the referrer.</summary>
    [Parameter]
    public string ProductUserId { get; set; } = "";

    [Inject]
    private ReferrerSearch Search { get; set; } = null!;

    [Inject]
    private ReferrerStatement Statements { get; set; } = null!;

    [Inject]
    private PayoutDetailsBook PayoutDetails { get; set; } = null!;

    [Inject]
    private ReferralSearch Referrals { get; set; } = null!;

    [Inject]
    private LinkSearch Links { get; set; } = null!;

    [Inject]
    private IOptions<PortalOptions> Options { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? AsOf { get; set; }

    [SupplyParameterFromQuery]
    private string? Currency { get; set; }

    [SupplyParameterFromQuery]
    private long? Before { get; set; }

    [SupplyParameterFromQuery]
    private long? After { get; set; }

    /// <summary>A slash inside an id stays escaped in a route.</summary>
    private string UserId => PortalUrls.FromRoute(ProductUserId);

    private StatementQuery Query => new()
    {
        Environment = Environment,
        ProductUserId = UserId,
        Currency = string.IsNullOrWhiteSpace(Currency) ? null : Currency.Trim().ToUpperInvariant(),
        AsOf = DateOnly.TryParseExact(AsOf, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
        Cursor = Before ?? After,
        Direction = Before is null && After is not null ? PageDirection.Newer : PageDirection.Older,
    };

    /// <summary>Those that there is something in, and the one that is asked for.</summary>
    private IEnumerable<string> Currencies => View!.Referrer.Balances.Select(b => b.Currency.Code).Append(View.Query.Currency).OfType<string>().Distinct();

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (Query != _shown) (_asOf, _currency, _shown) = (Query.AsOf, Query.Currency, Query);
    }

    /// <inheritdoc />
    protected override async Task<ReferrerView?> FetchAsync(CancellationToken ct)
    {
        var query = Query;
        if (await Search.FindAsync(Environment, UserId, ct) is not { } referrer || await Statements.FindAsync(query, ct) is not { } statement) return null;
        var plotted = query.Currency ?? (statement.Lines.Items is [var newest, ..] ? newest.Change.Currency.Code : null);
        return new ReferrerView(referrer, query, statement,
            plotted is null ? [] : await Statements.PlotAsync(query, plotted, ct),
            await Referrals.FindAsync(new ReferralQuery { Environment = Environment, ReferrerId = referrer.Id, Limit = NewestReferrals }, ct),
            (await Links.OfReferrerAsync(Environment, referrer.Id, ct))!,
            await PayoutDetails.FindAsync(Environment, UserId, ct));
    }

    /// <inheritdoc />
    protected override Task OnChangedAsync() => ReloadCalmlyAsync(Clock);

    private string Link(string code) => PortalUrls.Invite(Options.Value.PublicUrl!, code);

    private void Apply() => Navigation.NavigateTo(PortalUrls.Referrer(Query with { AsOf = _asOf, Currency = string.IsNullOrEmpty(_currency) ? null : _currency, Cursor = null }));

    private string Step(string cursor, PageDirection direction) =>
        PortalUrls.Referrer(Query with { Cursor = long.Parse(cursor, CultureInfo.InvariantCulture), Direction = direction });
}
