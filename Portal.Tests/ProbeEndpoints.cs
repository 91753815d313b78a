using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Core.Access;

namespace Portal.Tests;

/// <summary>The portal with <see cref="ProbeEndpoints"/>, shared by tests that leave no trace.</summary>
public sealed class ProbedHost : PortalHost
{
    public ProbedHost() => MoreServices = ProbeEndpoints.AddTo;
}

/// <summary>Endpoints that only tests have, to try what guards the real ones.</summary>
internal sealed class ProbeEndpoints : IStartupFilter
{
    public static void AddTo(IServiceCollection services) => services.AddSingleton<IStartupFilter, ProbeEndpoints>();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        var routes = (IEndpointRouteBuilder)app.Properties["__EndpointRouteBuilder"]!;
        routes.MapGet("/probe/forgotten", () => "nobody said who may");
        routes.MapGet("/probe/administer", () => "administrators only").RequireAuthorization(Policies.Administer);
        routes.MapGet("/probe/broken", string () => throw new InvalidOperationException("secret detail")).AllowAnonymous();
        routes.MapGet("/probe/actor", (CurrentActor current) => current.Actor.Name);
        routes.MapGet("/api/{environment}/probe", (CurrentActor current) => current.Actor.Name).RequireAuthorization(Policies.ManageApi);
        routes.MapGet("/api/{environment}/broken", string () => throw new InvalidOperationException("secret detail")).AllowAnonymous();
    };
}
