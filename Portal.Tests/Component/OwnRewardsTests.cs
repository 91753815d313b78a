using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Inbox;
using Portal.Core.Products;
using Portal.Core.Rebuild;
using Portal.Core.Referrers;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Component;

/// <summary>What a referrer sees of the rewards, and says of where to be paid.</summary>
public sealed class OwnRewardsTests : IAsyncLifetime
{
    private readonly PortalHost _host = new PortalHost().WithProduct();

    [Fact]
    public async Task The_own_rewards_are_listed_part_by_part_with_balances_and_nobody_else_in_them()
    {
        var api = await WithRevisionAsync();
        var code = (await _host.BootAsync("ann")).Body.GetProperty("ucc").GetString()!;
        await _host.BootAsync(code);   // somebody whose id is ann's code
        var now = _host.Clock.GetUtcNow();
        await api.TellAsync(StripeSamples.Customer(customer: "cus_secret", ucc: code, newUserId: "secret-user", email: "secret@example.com"),
            StripeSamples.InvoicePaid("cus_secret", "in_secret1", 5_000, 5_000, 5_000, paidAt: now, at: now), StripeSamples.InvoicePaid("cus_secret", "in_secret2", 2_550, 2_550, 2_550, paidAt: now, at: now));

        var (status, first) = await _host.CallAsync(HttpMethod.Get, "rewards?limit=1", _host.Token("ann"));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""[{"currency":"USD","pending":"15.10","payable":"0.00","paid":"0.00","owedBack":"0.00"}]""", first.GetProperty("balances").GetRawText());
        var reward = Assert.Single(first.GetProperty("items").EnumerateArray());
        Assert.Equal(["state", "amount", "earned", "currency", "date", "payableAt"], reward.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("pending", "5.10", "USD"), (reward.GetProperty("state").GetString(), reward.GetProperty("amount").GetString(), reward.GetProperty("currency").GetString()));
        var (_, second) = await _host.CallAsync(HttpMethod.Get, $"rewards?limit=1&cursor={first.GetProperty("nextCursor").GetString()}", _host.Token("ann"));
        Assert.Equal("10.00", Assert.Single(second.GetProperty("items").EnumerateArray()).GetProperty("amount").GetString());
        Assert.DoesNotContain("secret", first.GetRawText() + second.GetRawText(), StringComparison.Ordinal);

        var (_, other) = await _host.CallAsync(HttpMethod.Get, "rewards", _host.Token(code));
        Assert.Equal(0, other.GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await _host.CallAsync(HttpMethod.Get, "rewards", _host.Token("nobody"))).Status);
        Assert.NotEqual(System.Text.Json.JsonValueKind.Null, (await _host.BootAsync("ann")).Body.GetProperty("news").ValueKind);
    }

    [Fact]
    public async Task Before_the_launch_nothing_is_seen_and_afterwards_nothing_of_before()
    {
        var api = await WithRevisionAsync();
        var products = _host.Services.GetRequiredService<ProductRegister>();
        var code = (await _host.BootAsync("ann")).Body.GetProperty("ucc").GetString()!;
        var now = _host.Clock.GetUtcNow();
        await api.TellAsync(StripeSamples.Customer(ucc: code), StripeSamples.InvoicePaid(invoice: "in_test", amountPaid: 5_000, total: 5_000, totalExcludingTax: 5_000, paidAt: now.AddDays(-2), at: now),
            StripeSamples.InvoicePaid(invoice: "in_real", amountPaid: 2_550, total: 2_550, totalExcludingTax: 2_550, paidAt: now, at: now));

        await products.ChangeAsync(PortalEnvironment.Sandbox, null, s => s with { PreLaunch = true }, Actor.System, default);
        var (_, before) = await _host.CallAsync(HttpMethod.Get, "rewards", _host.Token("ann"));
        Assert.Equal((0, 0), (before.GetProperty("items").GetArrayLength(), before.GetProperty("balances").GetArrayLength()));

        await products.ChangeAsync(PortalEnvironment.Sandbox, null, s => s with { PreLaunch = false, LaunchedAt = now.AddDays(-1) }, Actor.System, default);
        var (_, after) = await _host.CallAsync(HttpMethod.Get, "rewards", _host.Token("ann"));
        Assert.Equal("5.10", Assert.Single(after.GetProperty("items").EnumerateArray()).GetProperty("amount").GetString());
        Assert.Equal("""[{"currency":"USD","pending":"5.10","payable":"0.00","paid":"0.00","owedBack":"0.00"}]""", after.GetProperty("balances").GetRawText());
    }

    [Theory]
    [InlineData("paypal", "mara@example.com", "m…@example.com")]
    [InlineData("venmo", "@mara-lind", "@ma…")]
    [InlineData("bank", "de89 3704 0044 0532 0130 00", "DE…3000")]
    [InlineData("other", "Kontonummer 4711 bei der Sparkasse", "…")]
    public async Task Where_to_be_paid_is_kept_encrypted_and_given_back_as_a_hint(string method, string account, string hint)
    {
        await _host.BootAsync("ann");

        var (status, body) = await _host.CallAsync(HttpMethod.Put, "payout-details", _host.Token("ann"), new { method, account });

        Assert.Equal((HttpStatusCode.OK, method, hint), (status, body.GetProperty("method").GetString(), body.GetProperty("hint").GetString()));
        var (_, read) = await _host.CallAsync(HttpMethod.Get, "payout-details", _host.Token("ann"));
        Assert.Equal((method, hint), (read.GetProperty("method").GetString(), read.GetProperty("hint").GetString()));
        await using var db = _host.Store.OpenRead();
        var kept = await db.PayoutDetails.SingleAsync();
        var noted = await db.AuditLog.SingleAsync(a => a.Action == "payoutDetails.changed");
        Assert.Equal(("referrer:ann", "ann", null, method), (noted.Actor, noted.Target, noted.Before, noted.After));
        foreach (var part in account.Split(' ', '@', '-').Where(p => p.Length > 3 && !hint.Contains(p, StringComparison.Ordinal)))
            Assert.DoesNotContain(part, kept.ProtectedAccount + kept.Hint + noted.After + noted.RemoteAddress, StringComparison.OrdinalIgnoreCase);
        var revealed = await _host.Services.GetRequiredService<PayoutDetailsBook>().RevealAsync([kept.ReferrerId], default);
        Assert.Equal(method switch { "bank" => "DE89370400440532013000", "venmo" => "mara-lind", _ => account }, revealed[kept.ReferrerId].Account);
    }

    [Theory]
    [InlineData("paypal", "mara")]
    [InlineData("paypal", "mara@example")]
    [InlineData("venmo", "ma")]
    [InlineData("bank", "DE89370400440532013001")]
    [InlineData("bank", "1234567")]
    [InlineData("other", " ")]
    [InlineData("cheque", "Mara")]
    [InlineData(null, null)]
    public async Task What_cannot_be_an_account_is_refused(string? method, string? account)
    {
        await _host.BootAsync("ann");
        var answer = await _host.CallAsync(HttpMethod.Put, "payout-details", _host.Token("ann"), new { method, account });
        Assert.Equal((HttpStatusCode.BadRequest, "invalidField"), (answer.Status, answer.Code()));
    }

    [Fact]
    public async Task A_row_that_was_moved_to_another_referrer_is_not_decrypted()
    {
        await _host.BootAsync("ann");
        await _host.BootAsync("bo");
        await _host.CallAsync(HttpMethod.Put, "payout-details", _host.Token("ann"), new { method = "paypal", account = "ann@example.com" });
        await _host.CallAsync(HttpMethod.Put, "payout-details", _host.Token("bo"), new { method = "paypal", account = "bo@example.com" });
        await _host.Store.WriteAsync(db =>
        {
            var (first, second) = (db.PayoutDetails.OrderBy(d => d.ReferrerId).First(), db.PayoutDetails.OrderBy(d => d.ReferrerId).Last());
            second.ProtectedAccount = first.ProtectedAccount;
        }, default);

        await using var db = _host.Store.OpenRead();
        var ids = await db.PayoutDetails.OrderBy(d => d.ReferrerId).Select(d => d.ReferrerId).ToListAsync();
        var revealed = await _host.Services.GetRequiredService<PayoutDetailsBook>().RevealAsync(ids, default);

        Assert.Equal(("ann@example.com", null), (revealed[ids[0]].Account, revealed[ids[1]].Account));
    }

    [Fact]
    public async Task The_payout_file_names_the_account_and_only_who_manages_money_gets_it()
    {
        var api = await WithRevisionAsync();
        var code = (await _host.BootAsync("ann")).Body.GetProperty("ucc").GetString()!;
        await _host.CallAsync(HttpMethod.Put, "payout-details", _host.Token("ann"), new { method = "venmo", account = "@ann-lind" });
        await api.TellAsync(StripeSamples.Customer(ucc: code), StripeSamples.InvoicePaid(amountPaid: 10_000, total: 10_000, totalExcludingTax: 10_000));
        _host.Clock.Pass(TimeSpan.FromDays(400));
        api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        var (_, draft) = await api.SendAsync("payouts", new { currency = "USD" });
        await api.SendAsync($"payouts/{draft.Text("id")}/approve", new { });

        using var file = await (await _host.CreateSignedInClientAsync(PortalRole.Finance)).GetAsync($"/sandbox/payout.csv?id={draft.Text("id")}");
        using var denied = await (await _host.CreateSignedInClientAsync(PortalRole.Operator)).GetAsync($"/sandbox/payout.csv?id={draft.Text("id")}");

        Assert.EndsWith(",1,venmo,ann-lind\r\n", await file.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, denied.StatusCode);
        await using var db = _host.Store.OpenRead();
        Assert.True(await db.AuditLog.AnyAsync(a => a.Action == "payout.exported" && a.Actor == "finance@example.com"));
        var page = await (await _host.CreateSignedInClientAsync(PortalRole.Viewer)).GetStringAsync("/sandbox/referrers/ann");
        Assert.Contains("@an…", System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("ann-lind", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cookie_of_an_invite_link_is_a_signup_once_where_that_is_set()
    {
        var api = await WithRevisionAsync();
        var ann = (await _host.BootAsync("ann")).Body.GetProperty("ucc").GetString()!;
        await _host.BootAsync("early", new { referral = new { ucc = ann } });   // not set yet
        await _host.Services.GetRequiredService<ProductRegister>().ChangeAsync(PortalEnvironment.Sandbox, null, s => s with { AutoAttribution = true }, new Actor("t", null), default);

        await _host.BootAsync("early", new { referral = new { ucc = ann } });   // no first boot any more
        await api.SendAsync("referrers", new { productUserId = "self", ucc = "codeOfSelf1" });
        await _host.BootAsync("self", new { referral = new { ucc = "codeOfSelf1" } });
        await _host.BootAsync("lost", new { referral = new { ucc = "nobodysCode" } });
        await _host.BootAsync("odd", new { referral = new { ucc = "' or 1=1" } });
        var own = new { productUserDetails = new { email = "new@example.com", fullName = "New User" }, referral = new { ucc = ann } };
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _host.BootAsync("new", own)));
        await api.UntilAsync("inbox", inbox => inbox.GetProperty("pending").GetInt64() == 0);

        await using var db = _host.Store.OpenRead();
        var told = await db.Events.AsNoTracking().SingleAsync(e => e.Source == "auto");
        Assert.Equal(("Attributed Signup", "new", "new@example.com"), (told.Type, told.CustomerId, told.Email));
        var referral = Assert.Single(await api.ListAsync("referrals"));
        Assert.Equal(("new", ann), (referral.Text("newUserId"), referral.Text("ucc")));

        // What its payments earn waits seven days longer, and a rebuild finds it all again.
        await api.TellAsync(StripeSamples.Customer(customer: "cus_new", ucc: null, newUserId: "new", at: DateTimeOffset.UtcNow),
            StripeSamples.InvoicePaid("cus_new", "in_new", 10_000, 10_000, 10_000, paidAt: DateTimeOffset.UtcNow, at: DateTimeOffset.UtcNow));
        var reward = await db.Rewards.AsNoTracking().SingleAsync(r => r.InvoiceId == "in_new");
        Assert.Equal(37, Math.Round((reward.HoldUntil - reward.PaidAt).TotalDays));
        Assert.Contains("7 of them because only a cookie showed the code", reward.Explanation, StringComparison.Ordinal);
        Assert.Empty((await new LedgerRebuild(_host.Store, PortalEnvironment.Sandbox).RunAsync(_ => Task.CompletedTask, default)).Differences);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private async Task<HttpClient> WithRevisionAsync()
    {
        var api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await api.SendAsync("campaigns/default/revisions", new { effectiveFrom = "2020-01-01T00:00:00Z", currency = "USD", @base = "netOfTax", rules = new[] { new { kind = "purchase", percent = "20" } } });
        return api;
    }
}
