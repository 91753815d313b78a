using System.Buffers.Binary;
using System.Net;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Cryptography.KeyDerivation;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Core.Access;
using Portal.Core.Audit;
using Xunit;

namespace Portal.Tests.Access;

public sealed class SignInTests : IAsyncLifetime
{
    private readonly PortalHost _host = new() { MoreServices = ProbeEndpoints.AddTo };

    [Fact]
    public async Task The_right_password_opens_a_session_and_leads_where_one_was_going()
    {
        var client = _host.CreateVisitor();

        var answer = await _host.SignInAsync(client, PortalHost.AdminEmail, PortalHost.Password, "/events?status=error");

        Assert.Equal("/events?status=error", answer.Headers.Location?.OriginalString);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("portal=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(PortalHost.AdminEmail, await client.GetStringAsync("/probe/actor"));
    }

    [Fact]
    public async Task A_stored_password_costs_whoever_guesses_at_it_210_000_rounds_of_SHA_512()
    {
        await using var host = new PortalHost { HashesInEarnest = true };

        var hash = Convert.FromBase64String((await host.UserAsync(PortalRole.Administrator)).PasswordHash!);

        // https://github.com/dotnet/aspnetcore/blob/main/src/Identity/Extensions.Core/src/PasswordHasher.cs: version, pseudo-random function, rounds, length of the salt
        Assert.Equal((1, (uint)KeyDerivationPrf.HMACSHA512, 210_000u, 16u),
            (hash[0], BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)), BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)), BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(9))));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task A_return_url_elsewhere_is_not_followed(string returnUrl)
    {
        var answer = await _host.SignInAsync(_host.CreateVisitor(), PortalHost.AdminEmail, PortalHost.Password, returnUrl);

        Assert.Equal("/", answer.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData(PortalHost.AdminEmail)]
    [InlineData("nobody@example.com")]   // an unknown address is told nothing else
    public async Task Five_wrong_passwords_lock_the_account_for_ten_minutes(string email)
    {
        var client = _host.CreateVisitor();
        for (var i = 0; i < 5; i++) Assert.EndsWith("?error=credentials", await WhereAsync(client, email, "wrong wrong wrong"), StringComparison.Ordinal);

        Assert.EndsWith("?error=locked", await WhereAsync(client, email, PortalHost.Password), StringComparison.Ordinal);
        _host.Clock.Pass(TimeSpan.FromMinutes(10.1));
        Assert.Equal(email == PortalHost.AdminEmail ? "/" : "/account/sign-in?error=credentials", await WhereAsync(client, email, PortalHost.Password));
    }

    [Fact]
    public async Task Guesses_at_the_same_instant_get_no_more_looks_than_guesses_in_turn()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => WhereAsync(_host.CreateVisitor(), PortalHost.AdminEmail, "wrong wrong wrong")));

        Assert.Equal(5, answers.Count(a => a.EndsWith("credentials", StringComparison.Ordinal)));
        Assert.Equal(15, answers.Count(a => a.EndsWith("locked", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_happens_at_the_door_is_in_the_audit_log_without_the_full_address_of_who_failed()
    {
        var client = _host.CreateVisitor();
        await WhereAsync(client, "somebody\r\nforged@example.com", "wrong wrong wrong");
        await WhereAsync(client, PortalHost.AdminEmail, PortalHost.Password);

        await using var db = _host.Store.OpenRead();
        var log = await db.AuditLog.Where(a => a.Action.StartsWith("session.")).OrderBy(a => a.Id).ToListAsync();
        Assert.Equal([("session.refused", "so…@example.com"), ("session.signedIn", PortalHost.AdminEmail)], log.Select(a => (a.Action, a.Target)));
    }

    [Fact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        var client = _host.CreateVisitor();
        using var form = new FormUrlEncodedContent([new("email", PortalHost.AdminEmail), new("password", PortalHost.Password)]);

        var answer = await client.PostAsync("/account/sign-in", form);

        Assert.Equal("/account/sign-in?error=expired", answer.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/probe/actor")).StatusCode);
    }

    [Fact]
    public async Task By_https_the_cookie_is_bound_to_the_host()
    {
        await using var host = new PortalHost { Settings = { ["Portal:PublicUrl"] = "https://portal.example" } };

        var cookie = host.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(Schemes.Session).Cookie;

        Assert.Equal(("__Host-portal", CookieSecurePolicy.Always, "/"), (cookie.Name, cookie.SecurePolicy, cookie.Path));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private async Task<string> WhereAsync(HttpClient client, string email, string password) =>
        (await _host.SignInAsync(client, email, password)).Headers.Location?.OriginalString ?? "";
}
