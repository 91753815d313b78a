using System.Net;
using Portal.Core;
using Portal.Core.Access;
using Xunit;

namespace Portal.Tests.Api;

public sealed class PayoutsApiTests : IAsyncLifetime
{
    private static readonly string[] OnlyAnn = ["=ann"];
    private readonly PortalHost _host = new();
    private HttpClient _api = null!;

    public async Task InitializeAsync()
    {
        _api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await _api.SendAsync("referrers", new { productUserId = "=ann", ucc = SmallWorld.Ann, email = "ann@example.com", firstName = "+Ann", lastName = "O'Hara, \"A\"" });
        await _api.SendAsync("campaigns/default/revisions", new
        {
            effectiveFrom = "2020-01-01T00:00:00Z", currency = "USD", @base = "netOfTax", rules = new[] { new { kind = "purchase", percent = "20", maxMonths = 12 } },
        });
        await _api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_payout_goes_from_draft_to_file_to_ledger()
    {
        var (created, draft) = await _api.SendAsync("payouts", new { currency = "usd", minimum = 100, note = "May", referrers = OnlyAnn });
        Assert.Equal((HttpStatusCode.Created, "draft", "USD", 2_000L), (created, draft.Text("state"), draft.Text("currency"), draft.Number("due")));
        Assert.Equal(("=ann", 2_000L, "in_1"), (draft.GetProperty("shares")[0].Text("referrer"), draft.GetProperty("shares")[0].Number("amount"), draft.GetProperty("shares")[0].GetProperty("lines")[0].Text("invoiceId")));
        var path = $"payouts/{draft.Text("id")}";
        Assert.Equal((HttpStatusCode.Conflict, "notApproved"), await RefusedAsync($"{path}/settle"));
        Assert.Equal((HttpStatusCode.Conflict, "notApproved"), await RefusedAsync($"{path}/export"));
        Assert.Equal((HttpStatusCode.Conflict, "nothingToPay"), await RefusedAsync("payouts", new { currency = "USD" }));

        Assert.Equal("approved", (await _api.SendAsync($"{path}/approve", new { })).Body.Text("state"));
        using var file = await _api.PostAsync(new Uri($"/api/sandbox/v1/{path}/export", UriKind.Relative), null);
        Assert.Equal("text/csv", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"referrerId,name,email,amount,currency,payoutId,lines,payoutMethod,payoutAccount\r\n'=ann,\"'+Ann O'Hara, \"\"A\"\"\",ann@example.com,20.00,USD,{draft.Text("id")},1,,\r\n", await file.Content.ReadAsStringAsync());

        Assert.Equal((HttpStatusCode.Conflict, "amountsChanged"), await RefusedAsync($"{path}/settle", new { total = 1_999 }));
        var (settled, paid) = await _api.SendAsync($"{path}/settle", new { total = 2_000 });
        Assert.Equal((HttpStatusCode.OK, "settled", 2_000L, 2_000L), (settled, paid.Text("state"), paid.Number("paid"), paid.Number("exportedAmount")));
        Assert.Equal("key:key-sandbox", paid.GetProperty("ended").Text("by"));
        Assert.Equal((await _api.ReadAsync(path)).ToString(), (await _api.SendAsync($"{path}/settle", new { })).Body.ToString());   // once more: the same, and nothing happens
        Assert.Equal((HttpStatusCode.Conflict, "payoutEnded"), await RefusedAsync($"{path}/cancel"));

        Assert.Equal(2_000, (await _api.ListAsync("ledger/balances"))[0].Number("paid"));
        var set = Assert.Single(await _api.ListAsync("ledger/entries?causeKind=payout"));
        Assert.Equal(("paid", draft.Text("id")), (set.Text("kind"), set.Text("causeId")));
        Assert.Equal("paid", (await _api.ListAsync("rewards"))[0].Text("state"));
        Assert.Equal(draft.Text("id"), Assert.Single(await _api.ListAsync("payouts?state=settled")).Text("id"));
        Assert.Empty(await _api.ListAsync("payouts?state=draft"));
        Assert.Equal("settled", (await _api.ReadAsync(path)).Text("state"));
    }

    [Theory]
    [InlineData("""{}""", "currency")]
    [InlineData("""{"currency":"USDX"}""", "currency")]
    [InlineData("""{"currency":"USD","minimum":-1}""", "minimum")]
    [InlineData("""{"currency":"USD","minimum":1.5}""", "minimum")]
    [InlineData("""{"currency":"USD","asOf":"2999-01-01T00:00:00Z"}""", "asOf")]
    [InlineData("""{"currency":"USD","referrers":["=ann","nobody"]}""", "referrers")]
    [InlineData("""{"currency":"USD","referrers":[]}""", "referrers")]
    [InlineData("""{"currency":"USD","minimun":1}""", "minimun")]
    public async Task A_wrong_field_is_named(string body, string field)
    {
        var (status, problem) = await _api.SendAsync("payouts", body);
        Assert.Equal((HttpStatusCode.BadRequest, "invalidField", field), (status, problem.Text("title"), problem.Text("field")));
    }

    [Fact]
    public async Task Only_what_was_past_its_hold_by_then_is_paid() =>
        Assert.Equal((HttpStatusCode.Conflict, "nothingToPay"), await RefusedAsync("payouts", new { currency = "USD", asOf = StripeSamples.Noon.AddDays(20) }));

    [Fact]
    public async Task The_file_is_for_finance_and_each_environment_has_its_own()
    {
        var (_, draft) = await _api.SendAsync("payouts", new { currency = "USD" });
        await _api.SendAsync($"payouts/{draft.Text("id")}/approve", new { });
        var production = await _host.CreateApiClientAsync(PortalEnvironment.Production);
        foreach (var step in new[] { "approve", "export", "settle", "cancel" })
            Assert.Equal(HttpStatusCode.NotFound, (await production.PostAsync(new Uri($"/api/production/v1/payouts/{draft.Text("id")}/{step}", UriKind.Relative), null)).StatusCode);
        var file = new Uri($"/sandbox/payout.csv?id={draft.Text("id")}", UriKind.Relative);
        Assert.Equal(HttpStatusCode.OK, (await (await _host.CreateSignedInClientAsync(PortalRole.Finance)).GetAsync(file)).StatusCode);
        var refused = await (await _host.CreateSignedInClientAsync(PortalRole.Operator)).GetAsync(file);
        Assert.NotEqual("text/csv", refused.Content.Headers.ContentType?.MediaType);
    }

    private async Task<(HttpStatusCode, string?)> RefusedAsync(string path, object? body = null) =>
        await _api.SendAsync(path, body ?? new { }) is var (status, problem) ? (status, problem.Text("title")) : default;
}
