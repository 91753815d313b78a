using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Core.Access;
using Xunit;

namespace Portal.Tests.Access;

public sealed class SetupTests : IAsyncLifetime
{
    private readonly PortalHost _host = new()
    {
        MoreServices = ProbeEndpoints.AddTo,
        Settings = { ["Bootstrap:Admin:Email"] = null, ["Bootstrap:Admin:Password"] = null },
    };

    [Fact]
    public async Task The_code_makes_the_first_administrator_once_and_then_there_is_no_such_page()
    {
        var gate = _host.Services.GetRequiredService<SetupGate>();
        var code = gate.Open();   // as at start; here we are who reads the log
        var client = _host.CreateVisitor();
        Assert.Equal("/account/setup", (await client.GetAsync("/")).Headers.Location?.OriginalString);

        Assert.Equal("/account/setup?error=code", await SetUpAsync(client, "0123", "first@example.com", PortalHost.Password));
        Assert.Equal("/account/setup?error=passwordTooShort", await SetUpAsync(client, code, "first@example.com", "short"));
        Assert.Equal("/account/setup?error=email", await SetUpAsync(client, code, "first", PortalHost.Password));
        Assert.Equal("/", await SetUpAsync(client, code, "first@example.com", PortalHost.Password));
        Assert.Equal("first@example.com", await client.GetStringAsync("/probe/actor"));

        Assert.False(gate.IsOpen);
        Assert.Null(await SetUpAsync(_host.CreateVisitor(), code, "second@example.com", PortalHost.Password));
        Assert.Equal(HttpStatusCode.NotFound, (await _host.CreateVisitor().GetAsync("/account/setup")).StatusCode);
        await using var db = _host.Store.OpenRead();
        Assert.Equal(["first@example.com"], await db.Users.Select(u => u.Email).ToListAsync());
    }

    [Fact]
    public async Task Of_many_who_have_the_code_at_once_one_gets_in()
    {
        var code = _host.Services.GetRequiredService<SetupGate>().Open();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SetUpAsync(_host.CreateVisitor(), code, $"user{i}@example.com", PortalHost.Password)));

        Assert.Single(answers, "/");
        Assert.Equal(7, answers.Count(a => a is null));
    }

    [Fact]
    public async Task With_an_administrator_there_is_no_such_page()
    {
        await using var host = new PortalHost();

        Assert.Equal(HttpStatusCode.NotFound, (await host.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false }).GetAsync("/account/setup")).StatusCode);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>Where it led; null for 404.</summary>
    private async Task<string?> SetUpAsync(HttpClient client, string code, string email, string password)
    {
        var answer = await _host.PostFormAsync(client, AccountPaths.Setup, null, ("code", code), ("email", email), ("password", password));
        return answer.StatusCode == HttpStatusCode.NotFound ? null : answer.Headers.Location?.OriginalString;
    }
}
