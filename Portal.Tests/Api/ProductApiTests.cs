using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Inbox;
using Xunit;

namespace Portal.Tests.Api;

/// <summary>The paths of the reference product's REST API, as its clients call them.</summary>
public sealed class ProductApiTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();
    private HttpClient _api = null!;

    public async Task InitializeAsync()
    {
        _api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        Assert.Equal(HttpStatusCode.Created, (await _api.SendAsync("referrers", new { productUserId = "ann", ucc = SmallWorld.Ann, email = "ann@example.com", firstName = "Ann" })).Status);
        Assert.Equal(HttpStatusCode.Created, (await _api.SendAsync("campaigns/default/revisions",
            """{"effectiveFrom":"2020-01-01T00:00:00Z","currency":"USD","rules":[{"kind":"purchase","percent":"20","maxMonths":12}],"newUserReward":{"percentage":25,"intervalCount":3,"couponId":"welcome"}}""")).Status);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Events_are_acknowledged_stored_and_rewarded_and_repetition_is_harmless()
    {
        foreach (var body in (string[])[ApiSamples.Signup(), ApiSamples.Paid(), ApiSamples.Refunded(price: 25), ApiSamples.Paid()])
        {
            using var answer = await TellAsync(body);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("""{"success":true}""", await answer.Content.ReadAsStringAsync());
        }
        await _api.UntilAsync("inbox", i => i.Number("pending") == 0);

        var balance = Assert.Single(await _api.ListAsync("ledger/balances"));
        Assert.Equal((2_000, 500, 1_500), (balance.Number("earned"), balance.Number("reversed"), balance.Number("net")));
        var events = await _api.ListAsync("events?source=api");
        Assert.Equal(["charge-refunded", "invoice-paid", "new-signup"], events.Select(e => e.Text("type")));
        Assert.All(events, e => Assert.Equal("processed", e.Text("state")));
    }

    [Fact]
    public async Task A_wrong_shape_is_400_names_the_field_and_is_kept_to_be_looked_at()
    {
        using var answer = await TellAsync(ApiSamples.With(ApiSamples.Signup(), "context.event.trigger", "\"bought\""));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((HttpStatusCode.BadRequest, "context.event.trigger"), (answer.StatusCode, problem.Text("field")));
        Assert.Contains("new-signup", problem.Text("message"), StringComparison.Ordinal);
        await _host.Store.WriteAsync(_ => { }, default);
        await using var db = _host.Store.OpenRead();
        Assert.Equal(("api", "invalidField"), (await db.Deliveries.Select(d => new { d.Source, d.ReasonCode }).SingleAsync()) is var kept ? (kept.Source, kept.ReasonCode!) : default);
    }

    [Fact]
    public async Task An_unknown_code_is_taken_and_earns_nothing()
    {
        using var answer = await TellAsync(ApiSamples.Paid(ucc: "nobodysCode"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await _api.UntilAsync("inbox", i => i.Number("pending") == 0);
        Assert.Empty(await _api.ListAsync("rewards"));
    }

    [Fact]
    public async Task A_body_over_1_MiB_is_413()
    {
        using var answer = await TellAsync(new string(' ', (1 << 20) + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_code_is_validated()
    {
        Assert.Equal($$"""{"code":"{{SmallWorld.Ann}}","valid":true,"productUserId":"ann","campaignId":"default"}""", await _api.GetStringAsync($"/api/sandbox/referral-codes/{SmallWorld.Ann}"));
        foreach (var unknown in (string[])["nobodysCode", "x", "a%20b", "%F0%9F%98%80"])
        {
            var answer = await _api.GetFromJsonAsync<JsonElement>($"/api/sandbox/referral-codes/{unknown}");
            Assert.Equal((Uri.UnescapeDataString(unknown), false, "", ""), (answer.Text("code"), answer.GetProperty("valid").GetBoolean(), answer.Text("productUserId"), answer.Text("campaignId")));
        }
    }

    [Fact]
    public async Task A_user_s_active_link_is_known_and_a_stranger_s_is_404()
    {
        var link = await _api.GetFromJsonAsync<JsonElement>("/api/sandbox/referral-codes/active-link/ann");
        Assert.Equal(SmallWorld.Ann, link.Text("activeUcc"));
        Assert.EndsWith($"/r/{SmallWorld.Ann}", link.Text("link"), StringComparison.Ordinal);

        using var nobody = await _api.GetAsync("/api/sandbox/referral-codes/active-link/nobody");
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        Assert.NotEmpty((await nobody.Content.ReadFromJsonAsync<JsonElement>()).Text("message")!);
    }

    [Fact]
    public async Task A_new_user_who_came_by_a_link_is_entitled_to_the_discount_and_nobody_else_is()
    {
        foreach (var body in (string[])[ApiSamples.Signup(), ApiSamples.Signup("ann"), ApiSamples.Signup("ghost", "nobodysCode")])
        {
            using var answer = await TellAsync(body);
        }
        await _api.UntilAsync("inbox", i => i.Number("pending") == 0);

        var due = await _api.GetFromJsonAsync<JsonElement>("/api/sandbox/new-users/user-1/reward");
        Assert.True(due.GetProperty("eligible").GetBoolean());
        Assert.Equal(("standard", "month", 3, 25m), (due.GetProperty("reward").Text("type"), due.GetProperty("reward").Text("interval"), due.GetProperty("reward").Number("intervalCount"), due.GetProperty("reward").GetProperty("percentage").GetDecimal()));
        Assert.Equal((SmallWorld.Ann, "default", "1"), (due.Text("referralUcc"), due.Text("campaignId"), due.Text("campaignRevision")));
        Assert.Equal(StripeSamples.Noon, due.GetProperty("signupAt").GetDateTimeOffset());
        foreach (var id in (string[])["ann", "ghost", "stranger"]) Assert.Equal("""{"eligible":false,"reward":null}""", await _api.GetStringAsync($"/api/sandbox/new-users/{id}/reward"));
    }

    [Fact]
    public async Task A_code_that_became_known_after_the_first_payment_brings_no_discount()
    {
        foreach (var body in (string[])[StripeSamples.Customer(ucc: null, newUserId: null), StripeSamples.InvoicePaid(), StripeSamples.Customer("customer.updated", ucc: SmallWorld.Ann, at: StripeSamples.Noon.AddDays(2))]) await _api.TellAsync(body);

        Assert.False((await _api.GetFromJsonAsync<JsonElement>("/api/sandbox/new-users/user-1/reward")).GetProperty("eligible").GetBoolean());
    }

    [Fact]
    public async Task Depersonalizing_a_referrer_takes_name_and_address_away_and_leaves_the_money()
    {
        foreach (var body in (string[])[ApiSamples.Signup(), ApiSamples.Paid()])
        {
            using var told = await TellAsync(body);
        }
        await _api.UntilAsync("inbox", i => i.Number("pending") == 0);
        var hash = (await _api.ReadAsync("ledger/hash")).Text("hash");

        using var answer = await _api.PostAsync("/api/sandbox/referrers/ann/depersonalize", null);
        using var nobody = await _api.PostAsync("/api/sandbox/referrers/nobody/depersonalize", null);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (answer.StatusCode, nobody.StatusCode));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(hash, (await _api.ReadAsync("ledger/hash")).Text("hash"));
        Assert.Equal(JsonValueKind.Null, Assert.Single(await _api.ListAsync("referrers")).GetProperty("email").ValueKind);
    }

    [Fact]
    public async Task Without_a_token_every_path_is_401_with_a_message()
    {
        var visitor = _host.CreateVisitor();
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "events"), (HttpMethod.Get, "referral-codes/x"), (HttpMethod.Get, "referral-codes/active-link/x"), (HttpMethod.Get, "new-users/x/reward"), (HttpMethod.Post, "referrers/x/depersonalize"),
        })
        {
            using var request = new HttpRequestMessage(method, $"/api/sandbox/{path}");
            using var answer = await visitor.SendAsync(request);
            Assert.Equal((HttpStatusCode.Unauthorized, "Unauthorized"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("message")));
            Assert.NotEmpty(answer.Headers.WwwAuthenticate);
        }
    }

    private Task<HttpResponseMessage> TellAsync(string body) => _api.PostAsync("/api/sandbox/events", new StringContent(body, Encoding.UTF8, "application/json"));
}
