using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Core.Access;
using Portal.Core.Audit;
using Xunit;

namespace Portal.Tests.Access;

public sealed partial class SecondFactorTests : IAsyncLifetime
{
    private readonly PortalHost _host = new() { MoreServices = ProbeEndpoints.AddTo };

    [Fact]
    public async Task Once_set_up_it_is_asked_for_at_sign_in_and_a_code_works_once()
    {
        var (secret, _) = await SetUpAsync(await _host.CreateSignedInClientAsync(PortalRole.Administrator), PortalRole.Administrator);
        _host.Clock.Pass(TimeSpan.FromMinutes(1));
        var client = _host.CreateVisitor();

        Assert.Equal("/account/code?returnUrl=%2Fsandbox%2Fevents", await WhereAsync(_host.SignInAsync(client, PortalHost.AdminEmail, PortalHost.Password, "/sandbox/events")));
        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/probe/actor")).StatusCode);   // half way in is not in
        Assert.Equal("/account/code?error=secondFactor", await GiveAsync(client, "000000"));
        var code = CodeNow(secret);
        Assert.Equal("/", await GiveAsync(client, code));
        Assert.Equal(PortalHost.AdminEmail, await client.GetStringAsync("/probe/actor"));

        var another = _host.CreateVisitor();
        await _host.SignInAsync(another, PortalHost.AdminEmail, PortalHost.Password);
        Assert.Equal("/account/code?error=secondFactor", await GiveAsync(another, code));
    }

    [Fact]
    public async Task A_recovery_code_signs_in_once()
    {
        var (_, recovery) = await SetUpAsync(await _host.CreateSignedInClientAsync(PortalRole.Administrator), PortalRole.Administrator);
        Assert.Equal(10, recovery.Count);

        Assert.Equal("/", await ComeInAsync(recovery[3].ToLowerInvariant()));
        Assert.Equal("/account/code?error=secondFactor", await ComeInAsync(recovery[3]));
        Assert.Equal("/", await ComeInAsync(recovery[4]));
        Assert.False(Disk.Holds(_host.DataDirectory, recovery[5]));
    }

    [Fact]
    public async Task Codes_cannot_be_guessed()
    {
        var (secret, _) = await SetUpAsync(await _host.CreateSignedInClientAsync(PortalRole.Administrator), PortalRole.Administrator);
        _host.Clock.Pass(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 5; i++) Assert.EndsWith("secondFactor", await ComeInAsync("123456"), StringComparison.Ordinal);

        Assert.Equal("/account/code?error=locked", await ComeInAsync(CodeNow(secret)));
        _host.Clock.Pass(TimeSpan.FromMinutes(11));
        Assert.Equal("/", await ComeInAsync(CodeNow(secret)));
    }

    [Fact]
    public async Task Without_the_password_there_is_nothing_to_give_a_code_to() =>
        Assert.Equal("/account/sign-in?error=expired", await GiveAsync(_host.CreateVisitor(), "123456"));

    [Fact]
    public async Task A_code_is_fresh_for_a_quarter_of_an_hour_and_can_be_given_again()
    {
        var session = _host.Services.GetRequiredService<PersonSessions>();
        var user = await _host.UserAsync(PortalRole.Finance);
        var person = PortalClaims.Of(user, await session.BeginAsync(user.Id, confirmed: false, default));
        await using var scope = _host.Services.CreateAsyncScope();
        var fresh = scope.ServiceProvider.GetRequiredService<FreshCode>();
        Assert.False(await fresh.IsNeededAsync(person, default));   // there is no second factor to ask for

        var (secret, _) = await SetUpAsync(await _host.CreateSignedInClientAsync(PortalRole.Finance), PortalRole.Finance);
        Assert.True(await fresh.IsNeededAsync(person, default));
        Assert.NotNull(await fresh.GiveAsync(person, "123456", default));
        _host.Clock.Pass(TimeSpan.FromMinutes(1));
        Assert.Null(await fresh.GiveAsync(person, CodeNow(secret), default));
        Assert.False(await fresh.IsNeededAsync(person, default));
        _host.Clock.Pass(TimeSpan.FromMinutes(15.1));
        Assert.True(await fresh.IsNeededAsync(person, default));
    }

    [Fact]
    public async Task Where_everybody_must_have_one_nothing_opens_before_it_is_set_up()
    {
        await using var host = new PortalHost { MoreServices = ProbeEndpoints.AddTo, Settings = { ["Portal:RequireSecondFactor"] = "true" } };
        var client = await host.CreateSignedInClientAsync(PortalRole.Viewer);

        Assert.Equal("/account?needed=true", (await client.GetAsync("/sandbox/events")).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/_blazor/negotiate?negotiateVersion=1", null)).StatusCode);
        await SetUpAsync(client, PortalRole.Viewer, host);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/sandbox/events")).StatusCode);
    }

    [Fact]
    public async Task Each_deed_with_it_is_in_the_audit_log_once_and_its_secret_nowhere()
    {
        var client = await _host.CreateSignedInClientAsync(PortalRole.Administrator);
        var (secret, recovery) = await SetUpAsync(client, PortalRole.Administrator);
        await ComeInAsync(recovery[0]);
        Assert.Contains("With a second factor", await SubmitAsync(_host, client, PortalRole.Administrator, "remove", recovery[1]), StringComparison.Ordinal);

        await using var db = _host.Store.OpenRead();
        var log = await db.AuditLog.Where(a => a.Action.StartsWith("secondFactor.")).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync();
        Assert.Equal(["secondFactor.added", "secondFactor.recoveryCodeUsed", "secondFactor.recoveryCodeUsed", "secondFactor.removed"], log);
        Assert.False(Disk.Holds(_host.DataDirectory, TimeCodes.Spell(secret)));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private string CodeNow(byte[] secret) => TimeCodes.Of(secret, TimeCodes.StepOf(_host.Clock.GetUtcNow()));

    private async Task<string> ComeInAsync(string code)
    {
        var client = _host.CreateVisitor();
        await _host.SignInAsync(client, PortalHost.AdminEmail, PortalHost.Password);
        return await GiveAsync(client, code);
    }

    private Task<string> GiveAsync(HttpClient client, string code) => WhereAsync(_host.PostFormAsync(client, AccountPaths.Code, null, ("code", code)));

    private static async Task<string> WhereAsync(Task<HttpResponseMessage> answer) => (await answer).Headers.Location?.OriginalString ?? "";

    private async Task<(byte[] Secret, List<string> Recovery)> SetUpAsync(HttpClient client, PortalRole role, PortalHost? host = null)
    {
        host ??= _host;
        var page = await client.GetStringAsync(AccountPaths.Own);
        var secret = Unspell(Key().Match(page).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal));
        var done = await SubmitAsync(host, client, role, "setUp", TimeCodes.Of(secret, TimeCodes.StepOf(host.Clock.GetUtcNow())));
        return (secret, [.. RecoveryCode().Matches(done).Select(m => m.Groups[1].Value)]);
    }

    private static async Task<string> SubmitAsync(PortalHost host, HttpClient client, PortalRole role, string form, string code)
    {
        var answer = await host.PostFormAsync(client, AccountPaths.Own, PortalClaims.Of(await host.UserAsync(role)), ("_handler", form), ("code", code));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private static byte[] Unspell(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(b => b.Length == 8).Select(b => Convert.ToByte(new string(b), 2))];
    }

    [GeneratedRegex("id=\"factor-key\">([A-Z2-7 ]+)<")]
    private static partial Regex Key();

    [GeneratedRegex("<li>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</li>")]
    private static partial Regex RecoveryCode();
}
