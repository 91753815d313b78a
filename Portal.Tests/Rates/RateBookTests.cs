using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Pipeline;
using Portal.Core.Rates;
using Xunit;

namespace Portal.Tests.Rates;

public sealed class RateBookTests : IDisposable
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private readonly PortalOnDisk _portal = new();
    private readonly RateBook _book;

    public RateBookTests() => _book = new RateBook(_portal.Store, _portal.Signal, TimeProvider.System);

    public static TheoryData<string, RateQuery> Filters => new()
    {
        { "IX_exchange_rates_environment_id", All },
        { "IX_exchange_rates_environment_id", All with { Cursor = 40 } },
        { "IX_exchange_rates_environment_id", All with { Cursor = 40, Direction = PageDirection.Newer } },
        { "IX_exchange_rates_environment_from_currency_id", All with { From = "EUR" } },
        { "IX_exchange_rates_environment_to_currency_id", All with { To = "USD", Cursor = 40 } },
        { "IX_exchange_rates_environment_from_currency_to_currency_id", All with { From = "EUR", To = "USD" } },
    };

    private static RateQuery All { get; } = new() { Environment = Sandbox };

    public void Dispose() => _portal.Dispose();

    [Fact]
    public async Task A_rate_is_written_with_who_and_when_is_audited_and_asks_for_a_fold()
    {
        using var attended = _portal.Signal.TryAttend();
        var added = await AddAsync(new NewRate("eur", "usd", "2026-01-31", "1.0842", " ECB "));

        var row = Assert.Single(added.Rates);
        Assert.Equal(("EUR", "USD", new DateOnly(2026, 1, 31), "1.0842", "ECB", PortalOnDisk.Tester.Name, RateState.Standing),
            (row.From, row.To, row.Day, row.Rate, row.Note, row.CreatedBy, row.State));
        Assert.Equal([("rate", "EUR/USD@2026-01-31")], await FoldsAsync());
        Assert.Equal([("exchangeRate.set", "EUR/USD@2026-01-31", null, "1.0842")], await AuditAsync());
        Assert.True(await _portal.Signal.WaitAsync(TimeSpan.Zero, default));
        await _portal.DrainAsync();
        Assert.Empty(await FoldsAsync());
    }

    [Fact]
    public async Task A_correction_is_a_new_row_and_the_newest_holds()
    {
        await AddAsync(Rate("1.0842"));
        await AddAsync(Rate("1.0924"));

        Assert.Equal([("1.0924", RateState.Standing), ("1.0842", RateState.Replaced)], (await _book.FindAsync(All, default)).Items.Select(r => (r.Rate, r.State)));
        Assert.Equal(10_924, await ConvertedAsync());
        Assert.Equal(("exchangeRate.set", "EUR/USD@2026-01-31", "1.0842", "1.0924"), (await AuditAsync())[1]);
    }

    [Fact]
    public async Task A_rate_that_stands_just_so_is_not_written_again()
    {
        await AddAsync(Rate("1.0842"));
        var again = await AddAsync(Rate("1.0842"));

        Assert.Equal((0, 1L), (again.Added, Assert.Single(again.Rates).Id));
        Assert.Single((await _book.FindAsync(All, default)).Items);
        Assert.Single(await FoldsAsync());
    }

    [Fact]
    public async Task A_rate_that_is_taken_back_leaves_the_day_without_one_until_another_is_set()
    {
        await AddAsync(Rate("1.0842"));
        var wrong = Assert.Single((await AddAsync(Rate("10.842"))).Rates);

        Assert.True((await _book.WithdrawAsync(Sandbox, wrong.Id, "a slip", PortalOnDisk.Tester, default)).TryGet(out var back, out _));
        Assert.Equal((null, RateState.Withdrawal, "a slip"), (back.Rate, back.State, back.Note));
        Assert.Null(await ConvertedAsync());   // the one before it does not rise again
        Assert.Equal(("exchangeRate.withdrawn", "EUR/USD@2026-01-31", "10.842", "a slip"), (await AuditAsync())[2]);
        Assert.Equal(3, (await FoldsAsync()).Count);

        await AddAsync(Rate("10.842"));
        Assert.Equal(108_420, await ConvertedAsync());
    }

    [Fact]
    public async Task Only_what_stands_in_this_environment_can_be_taken_back()
    {
        await AddAsync(Rate("1.0842"));
        await AddAsync(Rate("1.0924"));

        Assert.Equal("rateReplaced", await RefusedAsync(1));
        Assert.Equal("notFound", await RefusedAsync(99));
        Assert.Equal("notFound", await RefusedAsync(2, PortalEnvironment.Production));
        Assert.Null(await RefusedAsync(2));
        Assert.Equal("rateReplaced", await RefusedAsync(2));   // twice is once
        Assert.Equal("rateReplaced", await RefusedAsync(3));   // what takes back is not taken back: set the rate again
        Assert.Equal(3, (await _book.FindAsync(All, default)).Items.Count);
    }

    [Fact]
    public async Task A_sheet_is_written_whole_or_not_at_all_and_asks_for_one_fold()
    {
        var faulty = await _book.AddSheetAsync(Sandbox, "from,to,day,rate\nEUR,USD,2026-01-31,1.1\nEUR,USD,2026-02-28,one", PortalOnDisk.Tester, default);
        Assert.Equal((3, "rate"), (Assert.Single(faulty.Faults).Place, faulty.Faults[0].Field));
        Assert.Empty((await _book.FindAsync(All, default)).Items);
        Assert.Empty(await AuditAsync());

        const string right = "from,to,day,rate\nEUR,USD,2026-01-31,1.1\nEUR,USD,2026-02-28,1.2\nUSD,JPY,2026-02-28,150";
        Assert.Equal((3, 0), await CountsAsync(right));
        Assert.Equal([("rate", "EUR/USD@2026-01-31+2")], await FoldsAsync());
        Assert.Equal((1, 2), await CountsAsync(right.Replace("150", "151", StringComparison.Ordinal)));
        Assert.Equal(("rate", "USD/JPY@2026-02-28"), (await FoldsAsync())[1]);
        Assert.Equal(4, (await AuditAsync()).Count);
    }

    [Fact]
    public async Task The_two_environments_have_rates_of_their_own()
    {
        await AddAsync(Rate("1.0842"));
        await using var db = _portal.Store.OpenRead();
        Assert.Empty((await RateBook.TableAsync(db, PortalEnvironment.Production, default)).Of("EUR", "USD"));
        Assert.Empty((await _book.FindAsync(All with { Environment = PortalEnvironment.Production }, default)).Items);
    }

    [Fact]
    public async Task The_page_shows_each_pairs_rate_of_today_and_the_days_of_the_pair_asked_for()
    {
        var tomorrow = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(2).ToString("yyyy-MM-dd");
        await AddAsync(Rate("1.1") with { Day = "2026-01-01" }, Rate("1.2") with { Day = "2026-02-01" }, Rate("9") with { Day = tomorrow });
        await AddAsync(new NewRate("USD", "JPY", "2026-02-01", "150", null));

        var view = await _book.ViewAsync(All with { From = "EUR", To = "USD" }, default);

        Assert.Equal([("EUR", "1.2"), ("USD", "150")], view.Current.Select(r => (r.From, r.Rate)));
        Assert.Equal(["1.1", "1.2", "9"], view.Pair.Select(r => r.Rate.Text));
        Assert.Equal(["9", "1.2", "1.1"], view.Rows.Items.Select(r => r.Rate));
        Assert.Empty((await _book.ViewAsync(All, default)).Pair);
    }

    [Theory]
    [Trait("Database", "Sqlite")]
    [MemberData(nameof(Filters))]
    public void A_filter_follows_its_index_and_sorts_nothing(string index, RateQuery query)
    {
        using var db = _portal.Store.OpenRead();
        var plan = QueryPlan.Of(RateSearch.Build(db, query).Take(51));
        Assert.Contains($"INDEX {index} ", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    private static NewRate Rate(string rate) => new("EUR", "USD", "2026-01-31", rate, null);

    private async Task<RatesAdded> AddAsync(params NewRate[] rates)
    {
        var outcome = await _book.AddAsync(Sandbox, rates, PortalOnDisk.Tester, default);
        return outcome.TryGet(out var added, out var problem) ? added : throw new InvalidOperationException(problem.Detail);
    }

    private async Task<string?> RefusedAsync(long id, PortalEnvironment environment = Sandbox) =>
        (await _book.WithdrawAsync(environment, id, null, PortalOnDisk.Tester, default)).TryGet(out _, out var problem) ? null : problem.Code;

    private async Task<(int Added, int Same)> CountsAsync(string sheet)
    {
        var added = await _book.AddSheetAsync(Sandbox, sheet, PortalOnDisk.Tester, default);
        Assert.Empty(added.Faults);
        return (added.Added, added.Same);
    }

    private async Task<long?> ConvertedAsync()
    {
        await using var db = _portal.Store.OpenRead();
        var table = await RateBook.TableAsync(db, Sandbox, default);
        return table.Convert(new Money(10_000, Currency.Parse("EUR")), Currency.Parse("USD"), new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero))?.Amount.Minor;
    }

    private async Task<List<(string, string)>> FoldsAsync()
    {
        await using var db = _portal.Store.OpenRead();
        return [.. (await db.RefoldRequests.OrderBy(r => r.Id).ToListAsync()).Select(r => (r.CauseKind, r.CauseId))];
    }

    private async Task<List<(string, string, string?, string?)>> AuditAsync()
    {
        await using var db = _portal.Store.OpenRead();
        return [.. (await db.AuditLog.Where(a => a.Action.StartsWith("exchangeRate")).OrderBy(a => a.Id).ToListAsync()).Select(a => (a.Action, a.Target, a.Before, a.After))];
    }
}
