using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Visits;
using Xunit;

namespace Portal.Tests.Visits;

/// <summary>What of the visits of a link is counted, and what is kept of visitors.</summary>
public sealed class LinkCountTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _client = _host.CreateOutsider();
        await _host.ReferrerAsync();
        await _host.SetAsync(s => s with { LandingPage = "https://acme.example/" });
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Every_visit_is_a_view_and_every_browser_a_visitor_once_a_day()
    {
        foreach (var browser in new[] { Links.Browser, Links.Browser, Links.Browser + " other", Links.Browser }) using (await _client.FollowAsync(Links.Ann, browser)) { }
        Assert.Equal("4 2", await _host.ViewsAsync());
        using (await _client.FollowAsync(Links.Ann)) { }
        Assert.Equal("5 2", await _host.ViewsAsync());

        _host.Clock.Pass(TimeSpan.FromDays(1));
        using (await _client.FollowAsync(Links.Ann)) { }
        Assert.Equal("5 2, 1 1", await _host.ViewsAsync());
    }

    [Fact]
    public async Task Programs_looks_by_HEAD_and_looks_ahead_are_sent_on_and_not_counted()
    {
        foreach (var (agent, method, headers) in new (string?, HttpMethod, (string, string)[])[]
        {
            ("WhatsApp/2.23.20.0 A", HttpMethod.Get, []), ("Slackbot-LinkExpanding 1.0", HttpMethod.Get, []), (null, HttpMethod.Get, []),
            (Links.Browser, HttpMethod.Head, []), (Links.Browser, HttpMethod.Get, [("Sec-Purpose", "prefetch;prerender")]), (Links.Browser, HttpMethod.Get, [("Purpose", "prefetch")]),
        })
        {
            using var answer = await _client.FollowAsync(Links.Ann, agent, method, headers);
            Assert.NotNull(answer.Headers.Location);
        }
        Assert.Equal("", await _host.ViewsAsync());
    }

    [Fact]
    public async Task Nothing_that_names_a_visitor_is_written_and_the_days_salt_and_digests_go_with_the_day()
    {
        using (await _client.FollowAsync(Links.Ann, Links.Browser + " Unheard-of/77")) { }
        await _host.ViewsAsync();
        Assert.False(_host.Database.Holds("Unheard-of/77"));
        Assert.Equal((1, 1), await KeptAsync());

        _host.Clock.Pass(TimeSpan.FromDays(1));
        await _host.Services.GetRequiredService<LinkTally>().FlushAsync(default);   // nobody came: the day's end is enough
        Assert.Equal((0, 0), await KeptAsync());
        Assert.Equal("1 1", await _host.ViewsAsync());
    }

    [Fact]
    public async Task A_visit_shortly_before_midnight_that_is_written_after_it_is_its_own_days()
    {
        using (await _client.FollowAsync(Links.Ann)) { }
        await _host.ViewsAsync();
        var tally = _host.Services.GetRequiredService<LinkTally>();
        tally.Note(PortalEnvironment.Sandbox, Links.Ann, "late");
        _host.Clock.Pass(TimeSpan.FromDays(1));
        using (await _client.FollowAsync(Links.Ann)) { }
        Assert.Equal("2 2, 1 1", await _host.ViewsAsync());
        Assert.Equal((1, 1), await KeptAsync());
    }

    [Fact]
    public async Task A_flood_is_one_write_and_views_stay_exact()
    {
        var tally = _host.Services.GetRequiredService<LinkTally>();
        for (var i = 0; i < LinkTally.MostVisitors + 1_000; i++) tally.Note(PortalEnvironment.Sandbox, Links.Ann, $"visitor {i}");
        await using (var db = _host.Store.OpenRead()) Assert.False(await db.LinkVisitors.AnyAsync());
        Assert.Equal($"{LinkTally.MostVisitors + 1_000} {LinkTally.MostVisitors}", await _host.ViewsAsync());
    }

    [Fact]
    [Trait("Database", "Postgres")]
    public async Task Two_portals_on_one_database_count_every_view_and_each_visitor_once()
    {
        await using var other = new PortalHost { Of = _host };
        foreach (var (key, value) in _host.Settings) other.Settings[key] = value;
        other.Settings["Portal:MasterKeyFile"] = Path.Combine(_host.DataDirectory, "master.key");
        var (one, two) = (_host.Services.GetRequiredService<LinkTally>(), other.Services.GetRequiredService<LinkTally>());
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 40; i++)
            {
                one.Note(PortalEnvironment.Sandbox, Links.Ann, $"visitor {i}");
                two.Note(PortalEnvironment.Sandbox, Links.Ann, $"visitor {i + 20}");
            }
            await Task.WhenAll(one.FlushAsync(default), two.FlushAsync(default));
        }
        Assert.Equal("400 60", await _host.ViewsAsync());
        Assert.Equal((1, 60), await KeptAsync());
    }

    private async Task<(int Salts, int Digests)> KeptAsync()
    {
        await using var db = _host.Store.OpenRead();
        return (await db.VisitSalts.CountAsync(), await db.LinkVisitors.CountAsync());
    }
}
