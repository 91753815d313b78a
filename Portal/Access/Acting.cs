using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Portal.Core.Access;
using Portal.Core.Audit;

namespace Portal.Access;

/// <summary>Fills in the <see cref="CurrentActor"/> of each request and each circuit.</summary>
internal static class Acting
{
    public static void UseCurrentActor(this WebApplication app) => app.Use((context, next) =>
    {
        context.RequestServices.GetRequiredService<CurrentActor>().Become(Of(context.User, context));
        return next(context);
    });

    public static Actor Of(ClaimsPrincipal person, HttpContext? context) =>
        new(person.Identity is { IsAuthenticated: true, Name: { } name } ? name : CurrentActor.Anonymous, context?.Connection.RemoteIpAddress?.ToString());
}

/// <summary>The same for an open page, which outlives the request that opened it.</summary>
internal sealed class CircuitActor(CurrentActor current, AuthenticationStateProvider authentication, IHttpContextAccessor http) : CircuitHandler
{
    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken) =>
        current.Become(Acting.Of((await authentication.GetAuthenticationStateAsync()).User, http.HttpContext));
}

/// <summary>Ends the rights of an open page within half a minute of its session's end.</summary>
internal sealed class CircuitSession(ILoggerFactory loggers, SessionGuard guard) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        await guard.FindAsync(authenticationState.User, cancellationToken) is not null;
}
