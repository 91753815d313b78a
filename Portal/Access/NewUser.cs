using Portal.Core.Access;

namespace Portal.Access;

/// <summary>An account about to be made; <c>UserManager.CreateAsync</c> adds the password's hash and normalises the address.</summary>
public static class NewUser
{
    /// <summary>With this address and role.</summary>
    public static PortalUser Named(string email, PortalRole role, TimeProvider clock) =>
        new() { Email = email.Trim(), NormalizedEmail = "", Role = role, CreatedAt = clock.GetUtcNow() };
}
