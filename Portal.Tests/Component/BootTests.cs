using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Erasure;
using Portal.Core.Products;
using Portal.Core.Referrers;
using Xunit;

namespace Portal.Tests.Component;

/// <summary>The component's calls over HTTP: who is let in, and what a boot leaves behind.</summary>
public sealed class BootTests : IAsyncLifetime
{
    private static readonly Actor Tester = new("tester@example.com", null);

    private readonly PortalHost _host = new PortalHost().WithProduct();

    [Fact]
    public async Task The_first_boot_makes_a_referrer_and_a_later_one_learns_another_name_but_no_other_address()
    {
        var (status, body) = await _host.BootAsync("user-1", new { productUserDetails = new { email = "mara@example.com", fullName = "Mara Lind-Berg Olsen" }, language = "de-AT" });
        Assert.Equal(HttpStatusCode.OK, status);
        var code = body.GetProperty("ucc").GetString()!;
        Assert.Equal(11, code.Length);
        Assert.EndsWith($"/r/{code}", body.GetProperty("link").GetString(), StringComparison.Ordinal);
        Assert.Equal("de", body.GetProperty("language").GetString());
        var first = await ReferrerAsync("user-1");
        Assert.Equal(("mara@example.com", "Mara", "Lind-Berg Olsen"), (first.Email, first.FirstName, first.LastName));
        Assert.NotNull(first.BootedAt);

        var (_, again) = await _host.BootAsync("user-1", new { productUserDetails = new { email = "mara@new.example", firstName = "Marita" }, language = "xx" });
        Assert.Equal((code, "en"), (again.GetProperty("ucc").GetString(), again.GetProperty("language").GetString()));
        var later = await ReferrerAsync("user-1");
        Assert.Equal(("mara@example.com", "Marita", first.BootedAt), (later.Email, later.FirstName, later.BootedAt));
    }

    [Fact]
    public async Task Many_first_boots_at_once_make_one_referrer()
    {
        var body = new { productUserDetails = new { email = "bo@example.com", firstName = "Bo", lastName = "Ek" } };
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _host.BootAsync("user-bo", body)));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.Status));
        Assert.Single(answers.Select(a => a.Body.GetProperty("ucc").GetString()).Distinct());

        await using var db = _host.Store.OpenRead();
        Assert.Equal(1, await db.AuditLog.CountAsync(a => a.Action == "referrer.created" && a.Target == "user-bo" && a.Actor == "referrer:user-bo"));
        var written = (await db.Referrers.AsNoTracking().SingleAsync(r => r.ProductUserId == "user-bo")).BootedAt;
        _host.Clock.Pass(TimeSpan.FromMinutes(1));
        await _host.BootAsync("user-bo", body);
        Assert.Equal(written, (await db.Referrers.AsNoTracking().SingleAsync(r => r.ProductUserId == "user-bo")).BootedAt);
    }

    [Fact]
    public async Task The_campaign_is_told_as_numbers_a_page_can_show()
    {
        var api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await api.SendAsync("campaigns/default/revisions", new
        {
            effectiveFrom = "2020-01-01T00:00:00Z", currency = "USD", @base = "netOfTax", capPerReferral = new { amount = 10_050, currency = "USD" },
            rules = new object[] { new { kind = "purchase", percent = "12.5" }, new { kind = "signup", flat = new { amount = 500, currency = "USD" } } },
            newUserReward = new { percentage = 10, intervalCount = 6 },
        });

        var (_, body) = await _host.BootAsync("user-1");

        Assert.Equal("""{"primaryCurrency":"USD","revenuePercentage":0.125,"rewardCap":100.50,"newSignupBonus":5.00,"newPurchaseBonus":null,"newUserDiscountMonth":6,"newUserDiscountPercentage":0.1}""", body.GetProperty("campaign").GetRawText());
    }

    [Fact]
    public async Task Whoever_has_no_right_token_is_told_why_and_the_portal_counts_it()
    {
        (string? Token, string Code)[] wrong =
        [
            (null, "tokenMissing"), ("abc", "tokenMalformed"), (_host.Token("u", secret: "another-secret-0123456789"), "tokenSignature"),
            (_host.Token("u", productId: "prd_other"), "tokenProduct"), (ComponentClient.Sign("""{"productId":"prd_orbit","productUserId":7,"iat":1}"""), "tokenUser"),
            (_host.Token("u", age: TimeSpan.FromHours(-1)), "tokenIssuedAt"),
        ];
        foreach (var (token, code) in wrong)
        {
            foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Post, "boot"), (HttpMethod.Get, "rewards"), (HttpMethod.Get, "payout-details"), (HttpMethod.Put, "payout-details"), (HttpMethod.Post, "activity")])
            {
                var answer = await _host.CallAsync(method, path, token, method == HttpMethod.Get ? null : new { });
                Assert.Equal((HttpStatusCode.Unauthorized, code), (answer.Status, answer.Code()));
                Assert.StartsWith("User is not authorized: ", answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
            }
        }
        await using var db = _host.Store.OpenRead();
        Assert.False(await db.Referrers.AnyAsync());
        Assert.NotNull((await db.ScriptCalls.SingleAsync(c => c.Environment == PortalEnvironment.Sandbox && c.Script == ScriptNames.Component)).LastRefusal);
    }

    [Fact]
    public async Task A_product_that_is_not_here_is_not_found_and_a_token_of_one_environment_opens_no_other()
    {
        Assert.Equal((HttpStatusCode.NotFound, "unknownProduct"), Of(await _host.CallAsync(HttpMethod.Post, "boot", _host.Token("u"), new { }, "prd_none")));
        var production = (await _host.Services.GetRequiredService<ProductRegister>().GetAsync(PortalEnvironment.Production, default)).ProductId;
        Assert.Equal((HttpStatusCode.Unauthorized, "tokenSignature"), Of(await _host.CallAsync(HttpMethod.Post, "boot", _host.Token("u", productId: production), new { }, production)));
    }

    [Fact]
    public async Task Two_secrets_are_taken_while_one_replaces_the_other()
    {
        var secrets = _host.Services.GetRequiredService<ProductSecrets>();
        Assert.Equal(HttpStatusCode.OK, (await _host.BootAsync("u")).Status);
        await secrets.RollAsync(PortalEnvironment.Sandbox, "the-next-secret-0123456789", TimeSpan.FromHours(1), Tester, default);

        Assert.Equal(HttpStatusCode.OK, (await _host.BootAsync("u")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _host.CallAsync(HttpMethod.Post, "boot", _host.Token("u", "the-next-secret-0123456789"), new { })).Status);
        _host.Clock.Pass(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _host.BootAsync("u")).Status);
    }

    [Fact]
    public async Task Origins_countries_and_the_age_of_tokens_are_kept_to_where_they_are_set()
    {
        Assert.Equal(HttpStatusCode.OK, (await _host.CallAsync(HttpMethod.Post, "boot", _host.Token("u", age: TimeSpan.FromDays(900)), new { country = "KP" }, origin: "https://anywhere.example")).Status);
        await SetAsync(s => s with { Origins = ["https://app.example.com"], PayoutCountries = ["DE", "AT"], TokenHours = 24 });

        Assert.Equal((HttpStatusCode.Forbidden, "originNotAllowed"), Of(await _host.CallAsync(HttpMethod.Post, "boot", _host.Token("u"), new { }, origin: "https://anywhere.example")));
        Assert.Equal(HttpStatusCode.OK, (await _host.CallAsync(HttpMethod.Post, "boot", _host.Token("u"), new { country = "at" }, origin: "https://app.example.com")).Status);
        Assert.Equal((HttpStatusCode.Forbidden, "countryNotSupported"), Of(await _host.BootAsync("u", new { country = "KP" })));
        Assert.Equal((HttpStatusCode.BadRequest, "invalidField"), Of(await _host.BootAsync("u", new { country = "Germany" })));
        Assert.Equal((HttpStatusCode.Unauthorized, "tokenExpired"), Of(await _host.CallAsync(HttpMethod.Post, "boot", _host.Token("u", age: TimeSpan.FromHours(25)), new { })));
        await using var db = _host.Store.OpenRead();
        Assert.True((await db.ScriptCalls.SingleAsync(c => c.Script == ScriptNames.Component)).Calls >= 1);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("no json")]
    [InlineData("""{"country":1}""")]
    [InlineData("""{"country":"DE","country":"AT"}""")]
    [InlineData("""{"productUserDetails":{"email":"no address"}}""")]
    [InlineData("""{"productUserDetails":{"firstName":"\ud800"}}""")]
    public async Task A_body_that_is_wrong_is_refused_with_the_reason(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.CallAsync(HttpMethod.Post, "boot", _host.Token("u"), body)).Status);

    [Fact]
    public async Task Control_characters_do_not_reach_the_database()
    {
        Assert.Equal(HttpStatusCode.OK, (await _host.BootAsync("u", """{"productUserDetails":{"firstName":"A\u0000nn\u0007"}}""")).Status);
        Assert.Equal("Ann", (await ReferrerAsync("u")).FirstName);
    }

    [Fact]
    public async Task A_person_who_was_erased_boots_and_leaves_nothing_personal()
    {
        await _host.BootAsync("u", new { productUserDetails = new { email = "u@example.com", firstName = "Una" } });
        await _host.CallAsync(HttpMethod.Put, "payout-details", _host.Token("u"), new { method = "paypal", account = "u@example.com" });
        var erased = await _host.Services.GetRequiredService<PersonEraser>().RunAsync(PortalEnvironment.Sandbox, new ErasureRequest("u", null, null, "Ticket 7", false), Tester, default);
        Assert.True(erased.TryGet(out _, out _));

        Assert.Equal(HttpStatusCode.OK, (await _host.BootAsync("u", new { productUserDetails = new { email = "u@example.com", firstName = "Una" } })).Status);

        var left = await ReferrerAsync("u");
        Assert.Equal((null, null), (left.Email, left.FirstName));
        Assert.Equal((HttpStatusCode.Conflict, "personErased"), Of(await _host.CallAsync(HttpMethod.Put, "payout-details", _host.Token("u"), new { method = "paypal", account = "u@example.com" })));
        await using var db = _host.Store.OpenRead();
        Assert.False(await db.PayoutDetails.AnyAsync());
    }

    [Fact]
    public async Task Opening_and_sharing_are_noted_once()
    {
        Assert.Equal((HttpStatusCode.NotFound, "notBooted"), Of(await _host.CallAsync(HttpMethod.Post, "activity", _host.Token("u"), new { activity = "opened" })));
        await _host.BootAsync("u");
        foreach (var _ in (int[])[1, 2])
        {
            Assert.Equal(HttpStatusCode.NoContent, (await _host.CallAsync(HttpMethod.Post, "activity", _host.Token("u"), new { activity = "opened" })).Status);
            Assert.Equal(HttpStatusCode.NoContent, (await _host.CallAsync(HttpMethod.Post, "activity", _host.Token("u"), new { activity = "shared", channel = "whatsapp" })).Status);
            var seen = await ReferrerAsync("u");
            _host.Clock.Pass(TimeSpan.FromMinutes(1));
            Assert.True(seen.OpenedAt < _host.Clock.GetUtcNow().AddSeconds(-30) && seen.SharedAt is not null);
        }
        Assert.Equal((HttpStatusCode.BadRequest, "invalidField"), Of(await _host.CallAsync(HttpMethod.Post, "activity", _host.Token("u"), new { activity = "shared", channel = "fax" })));
    }

    [Fact]
    public async Task A_browser_that_asks_first_is_told_that_it_may()
    {
        using var client = _host.CreateVisitor();
        using var request = new HttpRequestMessage(HttpMethod.Options, $"/component/{ComponentClient.ProductId}/boot");
        request.Headers.Add("Origin", "https://app.example.com");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        using var answer = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.NoContent, "*", "Authorization, Content-Type"),
            (answer.StatusCode, answer.Headers.GetValues("Access-Control-Allow-Origin").Single(), answer.Headers.GetValues("Access-Control-Allow-Headers").Single()));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private static (HttpStatusCode, string?) Of((HttpStatusCode Status, JsonElement Body) answer) => (answer.Status, answer.Code());

    private async Task SetAsync(Func<ProductSettings, ProductSettings> change) =>
        Assert.True((await _host.Services.GetRequiredService<ProductRegister>().ChangeAsync(PortalEnvironment.Sandbox, null, change, Tester, default)).TryGet(out _, out _));

    private async Task<Referrer> ReferrerAsync(string userId)
    {
        await using var db = _host.Store.OpenRead();
        return await db.Referrers.AsNoTracking().SingleAsync(r => r.ProductUserId == userId);
    }
}
