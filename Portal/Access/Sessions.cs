using System.Security.Claims;
using Portal.Core.Access;
using Portal.Core.Data;

namespace Portal.Access;

/// <summary>Whether a session still holds: asked for each request with a cookie, and twice a minute for each open page.</summary>
public sealed class SessionGuard(PersonSessions sessions)
{
    /// <summary>Where the session stands; null when it has ended, or the account has another role or password since it began.</summary>
    internal async Task<SessionStanding?> FindAsync(ClaimsPrincipal? person, CancellationToken ct)
    {
        if (person?.FindFirstValue(PortalClaims.Session) is not { } name || PortalClaims.IdOf(person) is not { } id) return null;
        return await sessions.FindAsync(name, id, ct) is { } standing
            && standing.User.SecurityStamp == person.FindFirstValue(PortalClaims.Stamp)
            && standing.User.Role.Word() == person.FindFirstValue(ClaimTypes.Role)
            ? standing
            : null;
    }

    /// <summary>The same for a request, which is a sign of the person.</summary>
    internal async Task<SessionStanding?> SeeAsync(ClaimsPrincipal? person, CancellationToken ct)
    {
        if (await FindAsync(person, ct) is not { } standing) return null;
        await sessions.SeeAsync(person!.FindFirstValue(PortalClaims.Session)!, standing, ct);
        return standing;
    }
}
