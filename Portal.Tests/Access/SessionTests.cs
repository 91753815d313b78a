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
        var person = await new PortalClaims(_host.Clock).CreateAsync(await _host.UserAsync(PortalRole.Administrator));
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
