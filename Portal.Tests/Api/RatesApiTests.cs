using System.Net;
using Portal.Core;
using Xunit;

namespace Portal.Tests.Api;

public sealed class RatesApiTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();
    private HttpClient _api = null!;

    public async Task InitializeAsync() => _api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_rate_is_set_once_corrected_and_taken_back()
    {
        var (created, rate) = await _api.SendAsync("exchange-rates", new { from = "eur", to = "USD", day = "2026-01-31", rate = "1.0842", note = "ECB" });
        var (same, _) = await _api.SendAsync("exchange-rates", new { from = "EUR", to = "USD", day = "2026-01-31", rate = "1.0842" });
        var (_, next) = await _api.SendAsync("exchange-rates", new { from = "EUR", to = "USD", day = "2026-01-31", rate = "1.0924" });

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created, same));
        Assert.Equal(("EUR", "2026-01-31", "1.0842", "standing", "ECB"), (rate.Text("from"), rate.Text("day"), rate.Text("rate"), rate.Text("state"), rate.Text("note")));
        Assert.Equal([("1.0924", "standing"), ("1.0842", "replaced")], (await _api.ListAsync("exchange-rates")).Select(r => (r.Text("rate"), r.Text("state"))));

        Assert.Equal(HttpStatusCode.Conflict, (await _api.SendAsync($"exchange-rates/{rate.Text("id")}/withdraw", new { })).Status);
        using var bare = await _api.PostAsync(new Uri($"/api/sandbox/v1/exchange-rates/{next.Text("id")}/withdraw", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Created, bare.StatusCode);
        Assert.Equal((null, "withdrawal"), ((await _api.ListAsync("exchange-rates"))[0] is var top ? (top.Text("rate"), top.Text("state")) : default));
        Assert.Equal(HttpStatusCode.NotFound, (await _api.SendAsync("exchange-rates/99/withdraw", new { note = "x" })).Status);
    }

    [Fact]
    public async Task Many_are_set_together_or_none_and_are_found_by_pair_and_page()
    {
        object One(string from, string day, string rate) => new { from, to = "USD", day, rate };
        var (refused, problem) = await _api.SendAsync("exchange-rates", new { rates = new[] { One("EUR", "2026-01-01", "1.1"), One("GBP", "2026-01-01", "1,3") } });
        Assert.Equal((HttpStatusCode.BadRequest, "rates[1].rate"), (refused, problem.Text("field")));
        Assert.Empty(await _api.ListAsync("exchange-rates"));

        var (created, list) = await _api.SendAsync("exchange-rates", new { rates = new[] { One("EUR", "2026-01-01", "1.1"), One("GBP", "2026-01-01", "1.3"), One("EUR", "2026-02-01", "1.2") } });
        Assert.Equal((HttpStatusCode.Created, 3), (created, list.GetProperty("items").GetArrayLength()));
        Assert.Equal(["1.2", "1.1"], (await _api.ListAsync("exchange-rates?from=eur&to=usd")).Select(r => r.Text("rate")));
        Assert.Equal(["1.3"], (await _api.ListAsync("exchange-rates?from=GBP")).Select(r => r.Text("rate")));
        Assert.Equal(3, (await _api.ListAsync("exchange-rates?to=USD")).Count);
        var first = await _api.ReadAsync("exchange-rates?limit=2");
        Assert.Equal(["1.1"], (await _api.ListAsync($"exchange-rates?limit=2&cursor={first.Text("nextCursor")}")).Select(r => r.Text("rate")));
    }

    [Theory]
    [InlineData("""{}""", "from")]
    [InlineData("""{"from":"EURO","to":"USD","day":"2026-01-31","rate":"1.1"}""", "from")]
    [InlineData("""{"from":"EUR","to":"eur","day":"2026-01-31","rate":"1"}""", "to")]
    [InlineData("""{"from":"EUR","to":"USD","day":"31.1.2026","rate":"1.1"}""", "day")]
    [InlineData("""{"from":"EUR","to":"USD","day":"2026-01-31","rate":"0"}""", "rate")]
    [InlineData("""{"from":"EUR","to":"USD","day":"2026-01-31","rate":1.1}""", "rate")]
    [InlineData("""{"from":"EUR","to":"USD","day":"2026-01-31","rates":[]}""", "rates")]
    [InlineData("""{"rates":[]}""", "rates")]
    [InlineData("""{"rates":[null]}""", "from")]
    [InlineData("""{"rates":[{"from":"EUR","to":"USD","day":"2026-01-31","rate":"1.1"},null]}""", "rates[1].from")]
    [InlineData("""{"rates":[{"from":"EUR","to":"USD","day":"2026-01-31","rate":"1.1"},{"from":"EUR","to":"USD","day":"2026-01-31","rate":"1.2"}]}""", "rates[1].day")]
    [InlineData("""{"form":"EUR"}""", "form")]
    public async Task A_wrong_field_is_named(string body, string field)
    {
        var (status, problem) = await _api.SendAsync("exchange-rates", body);
        Assert.Equal((HttpStatusCode.BadRequest, "invalidField", field), (status, problem.Text("title"), problem.Text("field")));
        using var list = await _api.GetAsync(new Uri("/api/sandbox/v1/exchange-rates?from=EURO", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, list.StatusCode);
    }

    [Fact]
    public async Task Nobody_else_reads_or_sets_them()
    {
        using var stranger = _host.CreateVisitor();
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(new Uri("/api/sandbox/v1/exchange-rates", UriKind.Relative))).StatusCode);
        var production = await _host.CreateApiClientAsync(PortalEnvironment.Production);
        var answer = await production.PostAsync(new Uri("/api/sandbox/v1/exchange-rates", UriKind.Relative), null);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
    }
}
