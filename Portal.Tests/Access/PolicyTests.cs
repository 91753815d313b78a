using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Core.Access;
using Xunit;

namespace Portal.Tests.Access;

public sealed class PolicyTests(ProbedHost host) : IClassFixture<ProbedHost>
{
    public static TheoryData<PortalRole, string, bool> Matrix { get; } = new()
    {
        { PortalRole.Administrator, Policies.Administer, true },
        { PortalRole.Administrator, Policies.ManageMoney, true },
        { PortalRole.Administrator, Policies.Operate, true },
        { PortalRole.Administrator, Policies.View, true },
        { PortalRole.Finance, Policies.Administer, false },
        { PortalRole.Finance, Policies.ManageMoney, true },
        { PortalRole.Finance, Policies.Operate, true },
        { PortalRole.Finance, Policies.View, true },
        { PortalRole.Operator, Policies.Administer, false },
        { PortalRole.Operator, Policies.ManageMoney, false },
        { PortalRole.Operator, Policies.Operate, true },
        { PortalRole.Operator, Policies.View, true },
        { PortalRole.Viewer, Policies.Administer, false },
        { PortalRole.Viewer, Policies.ManageMoney, false },
        { PortalRole.Viewer, Policies.Operate, false },
        { PortalRole.Viewer, Policies.View, true },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Each_role_may_what_it_may_and_no_more(PortalRole role, string policy, bool allowed)
    {
        var person = PortalClaims.Of(await host.UserAsync(role));

        var verdict = await host.Services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(person, null, policy);

        Assert.Equal(allowed, verdict.Succeeded);
    }

    [Fact]
    public async Task An_endpoint_that_says_nothing_is_closed()
    {
        var stranger = await host.CreateVisitor().GetAsync("/probe/forgotten");
        Assert.Equal("/account/sign-in", stranger.Headers.Location?.AbsolutePath);
        Assert.Equal("?returnUrl=%2Fprobe%2Fforgotten", stranger.Headers.Location?.Query);

        var person = await host.CreateSignedInClientAsync(PortalRole.Viewer);
        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync("/probe/forgotten")).StatusCode);
    }

    [Fact]
    public async Task Who_may_not_is_told_so()
    {
        var viewer = await host.CreateSignedInClientAsync(PortalRole.Viewer);
        var administrator = await host.CreateSignedInClientAsync(PortalRole.Administrator);

        Assert.Equal("/account/denied", (await viewer.GetAsync("/probe/administer")).Headers.Location?.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, (await administrator.GetAsync("/probe/administer")).StatusCode);
    }

    [Fact]
    public async Task A_session_opens_no_api_and_a_token_opens_no_page()
    {
        var person = await host.CreateSignedInClientAsync(PortalRole.Administrator);
        var program = await host.CreateApiClientAsync(Portal.Core.PortalEnvironment.Sandbox);

        Assert.Equal(HttpStatusCode.Unauthorized, (await person.GetAsync("/api/sandbox/probe")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await program.GetAsync("/probe/forgotten")).StatusCode);
    }

    [Fact]
    public void Every_open_door_of_this_room_is_meant_to_be_open()
    {
        _ = host.CreateVisitor();
        var open = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(e => e.RoutePattern.RawText!.TrimStart('/'))
            .Where(path => path.StartsWith("account", StringComparison.Ordinal) || path.StartsWith("api", StringComparison.Ordinal) || path.StartsWith("healthz", StringComparison.Ordinal))
            .Where(path => !path.EndsWith("/broken", StringComparison.Ordinal)).Distinct().Order();

        Assert.Subset(
            new HashSet<string>(["account/code", "account/denied", "account/refused", "account/setup", "account/sign-in", "account/sign-out", "api/{environment}/token", "healthz/live", "healthz/ready"]),
            open.ToHashSet());
    }
}
