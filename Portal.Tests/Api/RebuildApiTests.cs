using System.Net;
using Portal.Core;
using Xunit;

namespace Portal.Tests.Api;

public sealed class RebuildApiTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();
    private HttpClient _api = null!;

    public async Task InitializeAsync() => _api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_rebuild_answers_with_the_differences_and_applies_them_when_asked_to()
    {
        await _api.SendAsync("referrers", new { productUserId = "ann", ucc = SmallWorld.Ann });
        await _api.SendAsync("campaigns/default/revisions", """{"effectiveFrom":"2020-01-01T00:00:00Z","rules":[{"kind":"purchase","percent":"20"}]}""");
        await _api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());
        var hash = (await _api.ReadAsync("ledger/hash")).Text("hash");

        var (status, clean) = await _api.SendAsync("ledger/rebuild", new { apply = false });
        Assert.Equal((HttpStatusCode.OK, "done", hash, hash, 0), (status, clean.Text("state"), clean.Text("hash"), clean.Text("storedHash"), clean.GetProperty("differences").GetArrayLength()));
        Assert.Equal((2, 1, 1), (clean.Number("events"), clean.Number("referrals"), clean.Number("rewards")));

        await _host.Store.WriteAsync(db => db.Set<Core.Facts.StoredFact>().RemoveRange(db.Set<Core.Facts.StoredFact>().Where(f => f.InvoiceId != null)), default);
        var (_, applied) = await _api.SendAsync("ledger/rebuild", new { apply = true });
        var difference = Assert.Single(applied.GetProperty("differences").EnumerateArray());
        Assert.Equal(("fact", "invoice-paid:in_1", "not stored"), (difference.Text("kind"), difference.Text("subject"), difference.Text("before")));
        var (_, again) = await _api.SendAsync("ledger/rebuild", "{}");
        Assert.Equal((hash, 0), (again.Text("hash"), again.GetProperty("differences").GetArrayLength()));

        Assert.Equal([again.Text("id"), applied.Text("id"), clean.Text("id")], (await _api.ListAsync("ledger/rebuild")).Select(r => r.Text("id")));
        Assert.Equal("done", (await _api.ReadAsync($"ledger/rebuild/{clean.Text("id")}?wait=5")).Text("state"));
        Assert.Equal(HttpStatusCode.Conflict, (await _api.SendAsync($"ledger/rebuild/{clean.Text("id")}/cancel", new { })).Status);
    }

    [Fact]
    public async Task Who_does_not_wait_is_told_where_to_look()
    {
        using var answer = await _api.PostAsync(new Uri("/api/sandbox/v1/ledger/rebuild?wait=0", UriKind.Relative), null);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Accepted, HttpStatusCode.OK });   // an empty ledger may be done at once
        if (answer.StatusCode == HttpStatusCode.Accepted) Assert.StartsWith("/api/sandbox/v1/ledger/rebuild/", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        await _api.UntilAsync("ledger/rebuild", list => list.GetProperty("items")[0].Text("state") == "done");
    }

    [Theory]
    [InlineData("ledger/rebuild?wait=61", "{}", "wait")]
    [InlineData("ledger/rebuild?wait=soon", "{}", "wait")]
    [InlineData("ledger/rebuild", """{"aply":true}""", "aply")]
    [InlineData("ledger/rebuild", """{"apply":"yes"}""", "apply")]
    public async Task A_wrong_field_is_named(string path, string body, string field)
    {
        var (status, problem) = await _api.SendAsync(path, body);
        Assert.Equal((HttpStatusCode.BadRequest, field), (status, problem.Text("field")));
        Assert.Empty(await _api.ListAsync("ledger/rebuild"));
    }

    [Fact]
    public async Task Nobody_else_starts_or_sees_one()
    {
        var (_, run) = await _api.SendAsync("ledger/rebuild", new { });
        using var stranger = _host.CreateVisitor();
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsync(new Uri("/api/sandbox/v1/ledger/rebuild", UriKind.Relative), null)).StatusCode);
        var production = await _host.CreateApiClientAsync(PortalEnvironment.Production);
        Assert.Equal(HttpStatusCode.NotFound, (await production.GetAsync(new Uri($"/api/production/v1/ledger/rebuild/{run.Text("id")}", UriKind.Relative))).StatusCode);
    }
}
