using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Portal.Core;
using Portal.Core.Access;
using Portal.Hosting;

namespace Portal.Access;

/// <summary>
/// Whether a person who has a second factor gave a code of it lately: asked before what pays money or opens Production. Who has
/// none is not asked; whether one must have one is <see cref="PortalOptions.RequireSecondFactor"/>.
/// </summary>
public sealed class FreshCode(SessionGuard guard, PersonSessions sessions, SecondFactors factors, CurrentActor current, TimeProvider clock)
{
    /// <summary>Whether a code must be asked for first.</summary>
    public async Task<bool> IsNeededAsync(ClaimsPrincipal person, CancellationToken ct) => await guard.FindAsync(person, ct) switch
    {
        null => true,   // the session has ended: no code will do either
        { HasSecondFactor: false } => false,
        var standing => standing.ConfirmedAt is null || standing.ConfirmedAt <= clock.GetUtcNow() - SecondFactors.Fresh,
    };

    /// <summary>Takes a code; null when it is right.</summary>
    public async Task<Problem?> GiveAsync(ClaimsPrincipal person, string? code, CancellationToken ct)
    {
        if (await guard.FindAsync(person, ct) is not { } standing) return new Problem("denied", "The session has ended. Sign in again.");
        if (await factors.CheckAsync(standing.User.Id, code, current.Actor, ct) is { } problem) return problem;
        await sessions.ConfirmAsync(person.FindFirstValue(PortalClaims.Session)!, ct);
        return null;
    }
}

internal static class DemandedSecondFactor
{
    /// <summary>Where everybody must have a second factor, who has none is led to where it is set up, and nowhere else.</summary>
    public static void UseDemandedSecondFactor(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.RequireSecondFactor) return;
        app.Use((context, next) =>
        {
            if (context.Features.Get<SessionStanding>() is not { HasSecondFactor: false }
                || context.Request.Path == AccountPaths.Own
                || context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null) return next(context);
            if (HttpMethods.IsGet(context.Request.Method) && !Faults.IsForMachines(context.Request.Path)) context.Response.Redirect($"{AccountPaths.Own}?needed=true");
            else context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        });
    }
}
