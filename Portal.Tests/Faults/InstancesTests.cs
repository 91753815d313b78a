using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Faults;

/// <summary>Two portals on one PostgreSQL are one portal to everybody outside.</summary>
[Trait("Database", "Postgres")]
public sealed class InstancesTests : IAsyncLifetime
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private readonly PortalHost _one = new();
    private PortalHost _two = null!;

    public Task InitializeAsync()
    {
        _ = _one.Services;
        _two = new PortalHost { Of = _one };
        foreach (var (key, value) in _one.Settings) _two.Settings[key] = value;
        CopyMasterKey();
        _ = _two.Services;
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _two.DisposeAsync();
        await _one.DisposeAsync();
    }

    [Fact]
    public async Task Who_is_signed_in_at_one_is_signed_in_at_both_and_signed_out_of_both()
    {
        using var there = await _one.CreateSignedInClientAsync(PortalRole.Administrator);
        using var here = _two.CreateVisitorWithCookiesOf(_one, there);
        using (var page = await here.GetAsync("/jobs")) Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        using (await _one.PostFormAsync(there, AccountPaths.SignOut, PortalClaims.Of(await _one.UserAsync(PortalRole.Administrator)))) { }
        using var after = await here.GetAsync("/jobs");
        Assert.NotEqual(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task A_token_of_one_is_good_at_the_other()
    {
        using var api = await _one.CreateApiClientAsync(Sandbox);
        using var other = _two.CreateVisitor();
        other.DefaultRequestHeaders.Authorization = api.DefaultRequestHeaders.Authorization;
        using var answer = await other.GetAsync("/api/sandbox/v1/inbox");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_secret_that_is_added_at_one_is_accepted_at_the_other_at_once()
    {
        using var client = _two.CreateVisitor();
        using (var before = await client.PostStripeAsync(StripeSamples.Customer(eventId: "evt_1"))) Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        var added = await _one.Services.GetRequiredService<SigningSecrets>().RollAsync(Sandbox, "whsec_of_tomorrow_0123456789", TimeSpan.FromHours(1), new Actor("admin@example.com", "127.0.0.1"), default);
        Assert.True(added.TryGet(out _, out _));
        foreach (var (secret, id) in new[] { ("whsec_of_tomorrow_0123456789", "evt_2"), (PortalHost.SigningSecret(Sandbox), "evt_3") })
        {
            using var answer = await client.PostStripeAsync(StripeSamples.Customer(eventId: id), secret: secret);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Events_spread_over_both_are_processed_once_and_the_books_agree()
    {
        using var api = await _one.CreateApiClientAsync(Sandbox);
        await api.SendAsync("referrers", new { productUserId = "ann", ucc = SmallWorld.Ann });
        await api.SendAsync("campaigns/default/revisions", """{"effectiveFrom":"2020-01-01T00:00:00Z","rules":[{"kind":"purchase","percentTiers":{"by":"referral","steps":[{"from":1,"percent":"10"},{"from":11,"percent":"20"}]}}]}""");
        HttpClient[] clients = [_one.CreateVisitor(), _two.CreateVisitor()];
        var bodies = Enumerable.Range(0, 30).SelectMany(n => new[]
        {
            StripeSamples.InvoicePaid($"cus_{n}", $"in_{n}", paidAt: StripeSamples.Noon.AddMinutes(n), eventId: $"evt_p{n}"),
            StripeSamples.Customer(customer: $"cus_{n}", ucc: SmallWorld.Ann, newUserId: $"user-{n}", eventId: $"evt_c{n}"),
        });
        var answers = await Task.WhenAll(bodies.SelectMany(b => clients.Select(async c => (await c.PostStripeAsync(b)).StatusCode)));
        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        await api.UntilAsync("inbox", inbox => inbox.Number("pending") == 0);

        await using var db = _two.Store.OpenRead();
        Assert.Equal(60, await db.Events.CountAsync());
        Assert.Equal(30, await db.Rewards.CountAsync(r => r.Earned - r.Reversed > 0));
        // Ten at 10 % and twenty at 20 % of 100.00, whoever of them is counted first.
        Assert.Equal(10 * 1_000 + 20 * 2_000, await db.Rewards.SumAsync(r => r.Earned - r.Reversed));
        Assert.Equal(0, await db.LedgerEntries.SumAsync(e => e.Amount));
        Assert.Equal(
            (await _one.Services.GetRequiredService<LedgerStatement>().HashAsync(Sandbox, default)).Hash,
            (await _two.Services.GetRequiredService<LedgerStatement>().HashAsync(Sandbox, default)).Hash);
    }

    [Fact]
    public async Task What_changes_at_one_wakes_the_pages_of_the_other()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = _two.Services.GetRequiredService<ChangeFeed>().Subscribe(Sandbox, () =>
        {
            heard.TrySetResult();
            return Task.CompletedTask;
        });
        using var client = _one.CreateVisitor();
        using (await client.PostStripeAsync(StripeSamples.Customer())) { }
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_name_that_one_owns_the_other_does_not_get_until_it_is_let_go()
    {
        await using (var own = await _one.Store.TryOwnAsync("a long piece of work", default))
        {
            Assert.NotNull(own);
            Assert.Null(await _two.Store.TryOwnAsync("a long piece of work", default));
        }
        await using var next = await _two.Store.TryOwnAsync("a long piece of work", default);
        Assert.NotNull(next);
    }

    private void CopyMasterKey()
    {
        Directory.CreateDirectory(_two.DataDirectory);
        File.Copy(Path.Combine(_one.DataDirectory, "master.key"), Path.Combine(_two.DataDirectory, "master.key"), overwrite: true);
    }
}
