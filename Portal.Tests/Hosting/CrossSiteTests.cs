using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Payouts;
using Xunit;

namespace Portal.Tests.Hosting;

/// <summary>Another site sends what it likes from the browser of somebody who is signed in here: nothing comes of it.</summary>
public sealed class CrossSiteTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();

    [Fact]
    public async Task No_attempt_from_another_site_at_any_endpoint_that_changes_something_has_an_effect()
    {
        var client = await _host.CreateSignedInClientAsync(PortalRole.Administrator);
        var before = await StateAsync();
        var (attempts, wrong) = (0, new List<string>());

        foreach (var (method, path) in Changing())
        {
            foreach (var (origin, site) in ((string?, string?)[])[("https://evil.example", "cross-site"), ("null", "cross-site"), ("https://evil.example", null)])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                request.Headers.TryAddWithoutValidation("Origin", origin);
                if (site is not null) request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", site);
                if (method != "GET") request.Content = new FormUrlEncodedContent([new("email", PortalHost.AdminEmail), new("password", PortalHost.Password), new("code", "1")]);
                using var answer = await client.SendAsync(request);
                attempts++;
                if (answer.IsSuccessStatusCode || answer.Headers.Contains("Set-Cookie")) wrong.Add($"{method} {path}: {(int)answer.StatusCode}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(attempts >= 30, $"{attempts} attempts");
        Assert.Equal(before, await StateAsync());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/sandbox/events")).StatusCode);   // nor was anybody signed out
    }

    [Fact]
    public async Task A_link_from_another_site_takes_no_file()
    {
        var client = await _host.CreateSignedInClientAsync(PortalRole.Finance);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/sandbox/ledger.csv");
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");

        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(foreign)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/sandbox/ledger.csv")).StatusCode);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>Every path of the route table that takes anything but GET, with the pages, which take forms; the provider's own comes signed and is left out.</summary>
    private IEnumerable<(string Method, string Path)> Changing()
    {
        _ = _host.CreateVisitor();
        foreach (var endpoint in _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var path = "/" + System.Text.RegularExpressions.Regex.Replace(endpoint.RoutePattern.RawText!.TrimStart('/'), @"\{\*{0,2}(\w+)[^}]*\}", m => m.Groups[1].Value.StartsWith("environment", StringComparison.Ordinal) ? "sandbox" : "1");
            var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];
            if (path.StartsWith("/webhooks/sandbox", StringComparison.Ordinal) || path.StartsWith("/_framework", StringComparison.Ordinal) || path == "/api/sandbox/token") continue;
            foreach (var method in methods.Where(m => m is not ("GET" or "HEAD"))) yield return (method, path);
            if (path.EndsWith("payout.csv", StringComparison.Ordinal)) yield return ("GET", path + "?id=1");
        }
    }

    private async Task<string> StateAsync()
    {
        await using var db = _host.Store.OpenRead();
        return $"{await db.AuditLog.CountAsync()} entries, {await db.Users.CountAsync()} users, {await db.Payouts.CountAsync()} payouts, {await db.AccessKeys.CountAsync()} keys";
    }
}
