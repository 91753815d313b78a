using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Portal.Core.Access;
using Portal.Core.Data;

namespace Portal.Access;

/// <summary>What a session says about the person: id, address, role, and by what it can be ended.</summary>
internal sealed class PortalClaims(TimeProvider clock) : IUserClaimsPrincipalFactory<PortalUser>
{
    public const string Scope = "scope";
    public const string Stamp = "stamp";
    public const string Session = "session";
    public const string Issued = "issued";

    public Task<ClaimsPrincipal> CreateAsync(PortalUser user) => Task.FromResult(new ClaimsPrincipal(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, user.Id.ToString(CultureInfo.InvariantCulture)),
            new(ClaimTypes.Name, user.Email),
            new(ClaimTypes.Role, user.Role.Word()),
            new(Stamp, user.SecurityStamp),
            new(Session, RandomNumberGenerator.GetHexString(32, lowercase: true)),   // a new one at each sign-in
            new(Issued, clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ], Schemes.Session)));
}
