using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Xunit;

namespace Portal.Tests.Access;

/// <summary>Who may ask what: every endpoint of the route table, asked by everybody, answered as its policy says.</summary>
public sealed partial class MatrixTests : IAsyncLifetime
{
    /// <summary>Of the framework's own endpoints, which know no policies and fall under the rule that whatever says nothing asks for a signed-in person.</summary>
    private static readonly string[] Framework = ["_blazor", "_framework/opaque-redirect", "{**path:file}"];

    private readonly PortalHost _host = new();

    [Fact]
    public void Every_endpoint_says_who_may()
    {
        _ = _host.CreateVisitor();

        Assert.Empty(Endpoints().Where(e => Policy(e) is null && !IsOpen(e) && !IsFramework(e)).Select(e => e.RoutePattern.RawText));
    }

    [Fact]
    public async Task Every_cell_of_the_matrix_is_answered_as_the_policy_says()
    {
        var callers = new Dictionary<string, HttpClient> { ["nobody"] = _host.CreateVisitor(), ["token"] = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox) };
        foreach (var role in Enum.GetValues<PortalRole>()) callers[$"{role}"] = await _host.CreateSignedInClientAsync(role);
        var (wrong, cells) = (new List<string>(), 0);

        foreach (var endpoint in Endpoints().Where(e => !IsAsset(e)))
        {
            foreach (var method in Methods(endpoint))
            {
                foreach (var (name, client) in callers)
                {
                    var path = PathOf(endpoint);
                    using var request = new HttpRequestMessage(new HttpMethod(method), path);
                    using var answer = await client.SendAsync(request);
                    cells++;
                    if (IsLetIn(answer) != May(name, endpoint)) wrong.Add($"{name} {method} {path}: {(int)answer.StatusCode} {answer.Headers.Location}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(cells > 600, $"{cells} cells");
        foreach (var (name, client) in callers.Where(c => Enum.TryParse<PortalRole>(c.Key, out _)))
            Assert.True((await client.GetAsync("/sandbox/events")).StatusCode == HttpStatusCode.OK, $"{name} is still signed in");
    }

    [Fact]
    public async Task A_token_of_the_other_environment_opens_nothing()
    {
        var production = await _host.CreateApiClientAsync(PortalEnvironment.Production);

        foreach (var endpoint in Endpoints().Where(e => Policy(e) is Policies.ManageApi or Policies.UseProductApi))
        {
            using var request = new HttpRequestMessage(new HttpMethod(Methods(endpoint)[0]), PathOf(endpoint));
            Assert.Equal(HttpStatusCode.Unauthorized, (await production.SendAsync(request)).StatusCode);
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private static bool May(string caller, RouteEndpoint endpoint) => (IsOpen(endpoint), Policy(endpoint)) switch
    {
        (true, _) => true,
        (_, Policies.ManageApi or Policies.UseProductApi) => caller == "token",
        (_, Policies.ReadMetrics) => false,   // by a token of its own, or from this machine: here nobody is
        (_, { } policy) => Enum.TryParse<PortalRole>(caller, out var role) && role <= Policies.LeastRole[policy],
        _ => Enum.TryParse<PortalRole>(caller, out _),
    };

    private static bool IsLetIn(HttpResponseMessage answer) =>
        answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        && !(answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location is { } to && IsDoor(to.IsAbsoluteUri ? to.AbsolutePath : to.OriginalString, to.OriginalString));

    /// <summary>Led to the door with the way back, or told that one may not; the forms' own answers have neither.</summary>
    private static bool IsDoor(string path, string whole) =>
        path == AccountPaths.Denied || whole.StartsWith(AccountPaths.Denied, StringComparison.Ordinal) || whole.Contains("returnUrl=", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<RouteEndpoint> Endpoints() => _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static string[] Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? [.. methods.Where(m => m is not "HEAD")] : ["GET"];

    private static string? Policy(RouteEndpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>()
        .Select(a => a.Policy).OfType<string>().OrderBy(p => Policies.LeastRole.TryGetValue(p, out var role) ? role : PortalRole.Administrator).FirstOrDefault();

    private static bool IsOpen(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static bool IsFramework(RouteEndpoint endpoint) => Array.Exists(Framework, f => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith(f, StringComparison.Ordinal));

    /// <summary>The files of the pages, open to anybody: thousands of cells that say the same.</summary>
    private static bool IsAsset(RouteEndpoint endpoint) => IsOpen(endpoint) && AssetName().IsMatch(endpoint.RoutePattern.RawText!);

    private static string PathOf(RouteEndpoint endpoint) => "/" + Parameter().Replace(endpoint.RoutePattern.RawText!.TrimStart('/'), parameter => parameter.Groups[1].Value switch
    {
        "environment" or "environmentSlug" => "sandbox",
        "kind" => "invoice",
        var name when name.Contains("from", StringComparison.OrdinalIgnoreCase) || name.Contains("to", StringComparison.OrdinalIgnoreCase) => "USD",
        _ => "999999",
    });

    [GeneratedRegex(@"\{\*{0,2}(\w+)[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\.(js|css|gz|br|woff2?|svg|map|ico)$")]
    private static partial Regex AssetName();
}
