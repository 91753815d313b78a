using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Rewards;
using Portal.Core.Statements;
using Xunit;

namespace Portal.Tests.Statements;

/// <summary>What is owed to a referrer, wherever one begins to read.</summary>
public sealed class ReferrerStatementTests : IAsyncLifetime, IDisposable
{
    private readonly TestClock _clock = new();
    private readonly PortalOnDisk _portal;
    private readonly ReferrerStatement _statement;
    private readonly ReferrerSearch _search;

    public ReferrerStatementTests()
    {
        _portal = new PortalOnDisk(_clock);
        (_statement, _search) = (new ReferrerStatement(_portal.Store), new ReferrerSearch(_portal.Store, _portal.Ledger));
    }

    private static StatementQuery OfAnn { get; } = new() { Environment = PortalEnvironment.Sandbox, ProductUserId = "ann" };

    public async Task InitializeAsync()
    {
        await _portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await _portal.ReferrerAsync(SmallWorld.Bo, "bo");
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        foreach (var seed in new[] { 3, 4, 5 }) await _portal.TellAsync(new SmallWorld(seed).Events(Telling.BasilWithLinks).Select(e => Apart(e, seed)));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _portal.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(200)]
    public async Task The_running_balance_is_the_sum_of_all_before_on_every_page_both_ways(int limit)
    {
        var lines = await OlderAsync(OfAnn with { Limit = limit });

        Assert.True(lines.Count > 6);
        var running = new Dictionary<string, long>();
        foreach (var line in Enumerable.Reverse(lines))
        {
            running[line.Change.Currency.Code] = running.GetValueOrDefault(line.Change.Currency.Code) + line.Change.Minor;
            Assert.Equal(running[line.Change.Currency.Code], line.Balance.Minor);
        }
        Assert.Equal(await NetAsync("ann"), running.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => (b.Key, b.Value)));
        Assert.Equal(Enumerable.Reverse(lines), await NewerAsync(OfAnn with { Limit = limit }, lines[^1].Set.Id - 1));
    }

    [Fact]
    public async Task The_stream_says_the_same_as_the_pages()
    {
        var streamed = new List<StatementLine>();
        await foreach (var portion in _statement.StreamAsync(OfAnn, default)) streamed.AddRange(portion);

        Assert.Equal(Enumerable.Reverse(await OlderAsync(OfAnn)), streamed);
    }

    [Fact]
    public async Task One_currency_alone_has_the_same_balances()
    {
        var all = await OlderAsync(OfAnn);
        Assert.True(all.DistinctBy(l => l.Change.Currency).Count() > 1);
        foreach (var currency in all.Select(l => l.Change.Currency).Distinct())
            Assert.Equal(all.Where(l => l.Change.Currency == currency), await OlderAsync(OfAnn with { Currency = currency.Code, Limit = 2 }));
    }

    [Fact]
    public async Task As_of_a_day_only_what_was_posted_by_its_end_counts()
    {
        var today = DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);
        var before = await FindAsync(OfAnn);
        _clock.Pass(TimeSpan.FromDays(2));
        await _portal.TellAsync(StripeSamples.Customer(customer: "cus_late", ucc: SmallWorld.Ann, newUserId: "late"), StripeSamples.InvoicePaid("cus_late", "in_late", charge: null, paymentIntent: null));

        Assert.NotEqual(before.Balances, (await FindAsync(OfAnn)).Balances);
        foreach (var day in new[] { today, today.AddDays(1) })
        {
            var then = await FindAsync(OfAnn with { AsOf = day });
            Assert.Equal(before.Balances, then.Balances);
            Assert.Equal(before.Lines.Items, then.Lines.Items);
        }
        Assert.Equal((await FindAsync(OfAnn)).Balances, (await FindAsync(OfAnn with { AsOf = today.AddDays(2) })).Balances);
        var never = await FindAsync(OfAnn with { AsOf = today.AddDays(-1) });
        Assert.Empty(never.Balances);
        Assert.Empty(never.Lines.Items);
    }

    [Fact]
    public async Task What_was_paid_out_is_owed_no_more_and_what_is_taken_back_afterwards_is_owed_by_the_referrer()
    {
        var balance = (await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default)).First(b => b.Referrer == "ann");
        await _portal.Store.WriteAsync(db =>
        {
            var reward = db.Rewards.First(r => r.Code == SmallWorld.Ann && r.Currency == balance.Currency && r.Earned > r.Reversed + 1);
            var left = reward.Earned - reward.Reversed;
            Journal.Post(db, [new Posting(reward, EntrySetKind.Paid, left, new Cause("payout", "1"))], _clock.GetUtcNow());
            db.Entry(reward).Reload();
            Journal.Post(db, [new Posting(reward, EntrySetKind.Reversed, 1, new Cause("payout", "1"))], _clock.GetUtcNow());
        }, default);

        var now = (await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default)).First(b => b.Referrer == "ann" && b.Currency == balance.Currency);
        var statement = await FindAsync(OfAnn with { Currency = balance.Currency });
        Assert.Equal((1, true), (now.Receivable, now.Paid > 1));
        Assert.Equal(now.Pending + now.Payable - now.Receivable, Assert.Single(statement.Balances).Minor);
        Assert.Equal([-1, -now.Paid], statement.Lines.Items.Take(2).Select(l => l.Change.Minor));
        Assert.Equal(statement.Balances[0], statement.Lines.Items[0].Balance);
    }

    [Fact]
    public async Task The_plot_ends_at_the_balance()
    {
        foreach (var balance in (await FindAsync(OfAnn)).Balances)
        {
            var plot = await _statement.PlotAsync(OfAnn, balance.Currency.Code, default);
            Assert.Equal(balance, plot[^1].Balance);
            Assert.Equal(plot.OrderBy(p => p.At), plot);
        }
    }

    [Fact]
    public async Task Nobody_s_statement_is_nobody_s()
    {
        Assert.Null(await _statement.FindAsync(OfAnn with { ProductUserId = "nobody" }, default));
        Assert.Null(await _statement.FindAsync(OfAnn with { Environment = PortalEnvironment.Production }, default));
    }

    [Fact]
    public async Task A_referrer_is_listed_with_codes_referrals_and_balances()
    {
        var ann = Assert.Single((await _search.FindAsync(new ReferrerQuery { Environment = PortalEnvironment.Sandbox, Text = "ann" }, default)).Items);

        Assert.Equal(SmallWorld.Ann, Assert.Single(ann.Codes).Code);
        Assert.Equal(await NetAsync("ann"), ann.Balances.Select(b => (b.Currency.Code, b.Net.Minor)));
        using var db = _portal.Store.OpenRead();
        Assert.Equal(db.Referrals.Count(r => r.ReferrerId == ann.Id), ann.Referrals);
        Assert.NotNull(ann.ActiveAt);
    }

    private async Task<IEnumerable<(string, long)>> NetAsync(string referrer) =>
        (await _portal.Ledger.BalancesAsync(PortalEnvironment.Sandbox, default)).Where(b => b.Referrer == referrer).Select(b => (b.Currency, b.Net));

    private async Task<Statement> FindAsync(StatementQuery query) => (await _statement.FindAsync(query, default))!;

    private async Task<List<StatementLine>> OlderAsync(StatementQuery query)
    {
        var lines = new List<StatementLine>();
        while (true)
        {
            var page = (await FindAsync(query)).Lines;
            lines.AddRange(page.Items);
            if (page.NextCursor is null) return lines;
            query = query with { Cursor = long.Parse(page.NextCursor, System.Globalization.CultureInfo.InvariantCulture) };
        }
    }

    private async Task<List<StatementLine>> NewerAsync(StatementQuery query, long after)
    {
        var lines = new List<StatementLine>();
        query = query with { Direction = PageDirection.Newer, Cursor = after };
        while (true)
        {
            var page = (await FindAsync(query)).Lines;
            lines.AddRange(page.Items.Reverse());
            if (page.PreviousCursor is null) return lines;
            query = query with { Cursor = long.Parse(page.PreviousCursor, System.Globalization.CultureInfo.InvariantCulture) };
        }
    }

    /// <summary>Worlds of their own share no customers and no payments.</summary>
    private static string Apart(string body, int seed)
    {
        foreach (var prefix in new[] { "cus_", "in_", "ch_", "pi_", "re_", "evt_", "user-", "inpay_" }) body = body.Replace($"\"{prefix}", $"\"{prefix}w{seed}", StringComparison.Ordinal);
        return body;
    }
}
