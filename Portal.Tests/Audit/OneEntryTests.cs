using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Xunit;

namespace Portal.Tests.Audit;

/// <summary>Each deed of a person at the portal's doors leaves exactly one entry, and the chain holds after all of them.</summary>
public sealed class OneEntryTests : IAsyncLifetime
{
    private static readonly Actor Ann = new("ann@example.com", "192.0.2.1");

    private readonly PortalHost _host = new();
    private readonly List<string> _wrong = [];
    private int _deeds;

    [Fact]
    public async Task Each_deed_leaves_one_entry()
    {
        var (secrets, keys, sessions, factors) = (Get<SigningSecrets>(), Get<AccessKeys>(), Get<PersonSessions>(), Get<SecondFactors>());
        await using var scope = _host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();

        foreach (var environment in PortalEnvironments.All)
        {
            await OneAsync("signingSecret.added", () => secrets.AddAsync(environment, "whsec_first_0123456789", Ann, default));
            await OneAsync("signingSecret.rolled", () => secrets.RollAsync(environment, "whsec_second_0123456789", TimeSpan.FromHours(1), Ann, default));
            var newest = (await secrets.ListAsync(environment, default))[0].Id;
            await OneAsync("signingSecret.revoked", () => secrets.RevokeAsync(environment, newest, Ann, default));
            await OneAsync(null, () => secrets.RevokeAsync(environment, newest, Ann, default));   // nothing done, nothing noted
            var key = await OneAsync("accessKey.created", () => keys.CreateAsync(environment, Ann, default));
            await OneAsync("accessKey.revoked", () => keys.RevokeAsync(environment, key.Id, Ann, default));
        }

        await OneAsync("user.created", () => users.CreateAsync(NewUser.Named("ben@example.com", PortalRole.Viewer, _host.Clock), PortalHost.Password));
        await OneAsync("user.roleChanged", async () =>
        {
            var ben = await BenAsync(users);
            ben.Role = PortalRole.Operator;
            return await users.UpdateAsync(ben);
        });
        await OneAsync("user.passwordChanged", async () => await users.ChangePasswordAsync(await BenAsync(users), PortalHost.Password, "another heron 43"));
        await OneAsync("session.refused", () => _host.SignInAsync(_host.CreateVisitor(), "ben@example.com", "wrong wrong wrong"));
        var client = _host.CreateVisitor();
        await OneAsync("session.signedIn", () => _host.SignInAsync(client, "ben@example.com", "another heron 43"));
        var user = await BenAsync(users);
        await OneAsync("session.signedOut", () => _host.PostFormAsync(client, AccountPaths.SignOut, PortalClaims.Of(user)));
        var secret = Unspell(await factors.BeginAsync(user.Id, default));
        await OneAsync("secondFactor.refused", async () => { await factors.SetUpAsync(user.Id, CodeNow(secret), Ann, default); return await factors.CheckAsync(user.Id, "000000", Ann, default); }, and: "secondFactor.added");
        await OneAsync("secondFactor.removed", () => factors.RemoveAsync(user.Id, Ann, default));
        var session = await sessions.BeginAsync(user.Id, confirmed: false, default);
        await OneAsync("session.signedOut", async () => { await sessions.EndAsync(session, Ann, default); return true; });
        await OneAsync(null, async () => { await sessions.EndAsync(session, Ann, default); return true; });
        await OneAsync("user.removed", async () => await users.DeleteAsync(await BenAsync(users)));

        Assert.Empty(_wrong);
        Assert.Equal(23, _deeds);
        Assert.True((await Get<AuditSearch>().VerifyAsync(default)).Holds);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    private static async Task<PortalUser> BenAsync(UserManager<PortalUser> users) => (await users.FindByEmailAsync("ben@example.com"))!;

    private string CodeNow(byte[] secret) => TimeCodes.Of(secret, TimeCodes.StepOf(_host.Clock.GetUtcNow()));

    private static byte[] Unspell(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(b => b.Length == 8).Select(b => Convert.ToByte(new string(b), 2))];
    }

    private async Task<T> OneAsync<T>(string? action, Func<Task<T>> deed, string? and = null)
    {
        var before = await LastAsync();
        var done = await deed();
        await using var db = _host.Store.OpenRead();
        var left = await db.AuditLog.Where(a => a.Id > before).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync();
        string[] expected = [.. new[] { and, action }.OfType<string>()];
        if (!left.SequenceEqual(expected)) _wrong.Add($"{string.Join(", ", expected)}: {string.Join(", ", left)}");
        _deeds++;
        return done;
    }

    private async Task<long> LastAsync()
    {
        await using var db = _host.Store.OpenRead();
        return await db.AuditLog.MaxAsync(a => (long?)a.Id) ?? 0;
    }
}
