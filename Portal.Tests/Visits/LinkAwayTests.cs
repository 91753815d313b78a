using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Visits;
using Portal.Tests.Faults;
using Xunit;

namespace Portal.Tests.Visits;

/// <summary>The database is away, broken or takes nothing: visitors are sent on all the same, and what they were counted as is not lost.</summary>
public sealed class LinkAwayTests : IAsyncDisposable
{
    private const string Break = "ALTER TABLE referral_codes RENAME TO codes_elsewhere";
    private PortalHost _host = new();

    [Fact]
    public async Task A_database_that_cannot_be_read_leaves_known_links_as_they_were_and_passes_unknown_codes_on()
    {
        var client = await StartAsync();
        var before = await client.TargetAsync(Links.Ann);
        _host.Database.Execute(Break, "ALTER TABLE products RENAME TO products_elsewhere");
        _host.Later();

        Assert.Equal(before, await client.TargetAsync(Links.Ann));
        Assert.Matches("^https://acme.example/\\?ucc=notSeenYet1&productId=[^&]+$", await client.TargetAsync("notSeenYet1"));
        Assert.Equal("https://acme.example/", await client.TargetAsync("no-code"));

        _host.Database.Execute("ALTER TABLE codes_elsewhere RENAME TO referral_codes", "ALTER TABLE products_elsewhere RENAME TO products");
        _host.Later();
        Assert.Equal("https://acme.example/", await client.TargetAsync("notSeenYet1"));
        Assert.Equal("2 1", await _host.ViewsAsync());
    }

    [Fact]
    public async Task Views_that_cannot_be_written_are_written_later()
    {
        var client = await StartAsync();
        Assert.NotNull(await client.TargetAsync(Links.Ann));
        Assert.Equal("1 1", await _host.ViewsAsync());
        _host.Database.Execute("ALTER TABLE link_views RENAME TO views_elsewhere");
        for (var i = 0; i < 3; i++) Assert.NotNull(await client.TargetAsync(Links.Ann));
        await Assert.ThrowsAnyAsync<Exception>(() => _host.Services.GetRequiredService<LinkTally>().FlushAsync(default));
        _host.Database.Execute("ALTER TABLE views_elsewhere RENAME TO link_views");
        Assert.Equal("4 1", await _host.ViewsAsync());
    }

    [Fact]
    [Trait("Database", "Postgres")]
    public async Task A_server_that_is_away_keeps_no_visitor_waiting()
    {
        using var cable = new Cable();
        await _host.DisposeAsync();
        _host = new PortalHost { DatabasePort = cable.Port };
        var client = await StartAsync();
        var before = await client.TargetAsync(Links.Ann);
        cable.PullOut();
        _host.Later();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 50; i++) Assert.Equal(before, await client.TargetAsync(Links.Ann));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"50 answers took {watch.Elapsed}");   // a limit on hanging, not on speed
        cable.PutBack();
        for (var tries = 0; ; tries++)
        {
            try
            {
                Assert.Equal("51 1", await _host.ViewsAsync());
                break;
            }
            catch (Exception exception) when (tries < 100 && _host.Store.IsUnavailable(exception))
            {
                await Task.Delay(50);   // the pool notices by itself
            }
        }
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    private async Task<HttpClient> StartAsync()
    {
        var client = _host.CreateVisitor();
        await _host.ReferrerAsync();
        await _host.SetAsync(s => s with { LandingPage = "https://acme.example/" });
        return client;
    }
}
