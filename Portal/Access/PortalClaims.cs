using System.Globalization;
using System.Security.Claims;
using Portal.Core.Access;
using Portal.Core.Data;

namespace Portal.Access;

/// <summary>What a session says about the person: id, address, role, and by what it can be ended.</summary>
internal static class PortalClaims
{
    public const string Scope = "scope";
    public const string Stamp = "stamp";
    public const string Session = "session";

    /// <summary>Of a session, by its name.</summary>
    public static ClaimsPrincipal Of(PortalUser user, string? session = null) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, user.Id.ToString(CultureInfo.InvariantCulture)),
            new(ClaimTypes.Name, user.Email),
            new(ClaimTypes.Role, user.Role.Word()),
            new(Stamp, user.SecurityStamp),
            .. session is null ? (Claim[])[] : [new(Session, session)],
        ], Schemes.Session));

    /// <summary>The account's id.</summary>
    public static long? IdOf(ClaimsPrincipal? person) =>
        long.TryParse(person?.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
