using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Core.Access;
using Xunit;

namespace Portal.Tests.Access;

public sealed class SessionTests : IAsyncLifetime
{
    private readonly PortalHost _host = new() { MoreServices = ProbeEndpoints.AddTo };

    [Fact]
    public async Task A_copy_of_the_cookie_is_worthless_after_sign_out_even_after_a_restart()
    {
        var client = await _host.CreateSignedInClientAsync(PortalRole.Administrator);
        var cookie = _host.CookiesOf(client)["portal"]!.Value;
        Assert.Equal(HttpStatusCode.OK, await TryAsync(_host, cookie));

        await SignOutAsync(client);

        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(_host, cookie));
        await _host.KeepDirectory().DisposeAsync();
        await using var again = new PortalHost { DataDirectory = _host.DataDirectory, MoreServices = ProbeEndpoints.AddTo };
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(again, cookie));
    }

    [Fact]
    public async Task A_session_outlives_a_restart()
    {
        var client = await _host.CreateSignedInClientAsync(PortalRole.Administrator);
        var cookie = _host.CookiesOf(client)["portal"]!.Value;

        await _host.KeepDirectory().DisposeAsync();

        await using var again = new PortalHost { DataDirectory = _host.DataDirectory, MoreServices = ProbeEndpoints.AddTo };
        Assert.Equal(HttpStatusCode.OK, await TryAsync(again, cookie));
    }

    [Fact]
    public async Task An_idle_session_ends_after_half_an_hour()
    {
        var client = await _host.CreateSignedInClientAsync(PortalRole.Viewer);

        _host.Clock.Pass(TimeSpan.FromMinutes(31));

        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/probe/actor")).StatusCode);
    }

    [Fact]
    public async Task A_busy_session_ends_after_twelve_hours()
    {
        var client = await _host.CreateSignedInClientAsync(PortalRole.Viewer);
        for (var i = 0; i < 35; i++)
        {
            _host.Clock.Pass(TimeSpan.FromMinutes(20));
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/probe/actor")).StatusCode);
        }

        _host.Clock.Pass(TimeSpan.FromMinutes(21));

        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/probe/actor")).StatusCode);
    }

    [Fact]
    public async Task A_new_role_or_password_ends_the_sessions_that_were_opened_before()
    {
        var client = await _host.CreateSignedInClientAsync(PortalRole.Operator);
        await using var scope = _host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var user = await _host.UserAsync(PortalRole.Operator);

        user.Role = PortalRole.Viewer;
        Assert.True((await users.UpdateAsync(user)).Succeeded);
        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/probe/actor")).StatusCode);

        await _host.SignInAsync(client, user.Email, PortalHost.Password);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/probe/actor")).StatusCode);
        Assert.True((await users.ChangePasswordAsync((await users.FindByEmailAsync(user.Email))!, PortalHost.Password, "another heron 43")).Succeeded);
        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/probe/actor")).StatusCode);
    }

    [Fact]
    public async Task Of_twenty_copies_of_a_cookie_none_works_once_its_session_ended_and_an_open_page_learns_of_it()
    {
        var client = await _host.CreateSignedInClientAsync(PortalRole.Administrator);
        var cookie = _host.CookiesOf(client)["portal"]!.Value;
        var (guard, sessions) = (_host.Services.GetRequiredService<SessionGuard>(), _host.Services.GetRequiredService<PersonSessions>());
        var user = await _host.UserAsync(PortalRole.Administrator);
        var name = await sessions.BeginAsync(user.Id, confirmed: false, default);
        var person = PortalClaims.Of(user, name);
        Assert.NotNull(await guard.FindAsync(person, default));

        await SignOutAsync(client);
        await sessions.EndAsync(name, Core.Audit.Actor.System, default);   // at another instance

        Assert.Equal(20, (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TryAsync(_host, cookie)))).Count(status => status == HttpStatusCode.Redirect));
        Assert.Null(await guard.FindAsync(person, default));   // what an open page asks twice a minute
    }

    [Fact]
    public async Task An_open_page_without_a_sign_of_the_person_ends_too()
    {
        var sessions = _host.Services.GetRequiredService<PersonSessions>();
        var user = await _host.UserAsync(PortalRole.Viewer);
        var person = PortalClaims.Of(user, await sessions.BeginAsync(user.Id, confirmed: false, default));
        var guard = _host.Services.GetRequiredService<SessionGuard>();

        _host.Clock.Pass(TimeSpan.FromMinutes(20));
        Assert.NotNull(await guard.SeeAsync(person, default));
        _host.Clock.Pass(TimeSpan.FromMinutes(20));
        Assert.NotNull(await guard.FindAsync(person, default));   // looking is no sign
        _host.Clock.Pass(TimeSpan.FromMinutes(11));

        Assert.Null(await guard.FindAsync(person, default));
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var user = await _host.UserAsync(PortalRole.Administrator);

        user.Role = PortalRole.Viewer;

        Assert.Equal("lastAdministrator", Assert.Single((await users.UpdateAsync(user)).Errors).Code);
        Assert.Equal("lastAdministrator", Assert.Single((await users.DeleteAsync(user)).Errors).Code);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        if (Directory.Exists(_host.DataDirectory)) Directory.Delete(_host.DataDirectory, recursive: true);
    }

    private async Task SignOutAsync(HttpClient client)
    {
        var person = PortalClaims.Of(await _host.UserAsync(PortalRole.Administrator));
        var answer = await _host.PostFormAsync(client, AccountPaths.SignOut, person);
        Assert.Equal(AccountPaths.SignIn, answer.Headers.Location?.OriginalString);
    }

    private static async Task<HttpStatusCode> TryAsync(PortalHost host, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/probe/actor");
        request.Headers.Add("Cookie", $"portal={cookie}");
        return (await host.CreateDefaultClient().SendAsync(request)).StatusCode;
    }
}
