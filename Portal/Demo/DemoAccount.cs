using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Portal.Access;
using Portal.Core.Access;

namespace Portal.Demo;

/// <summary>Who looks at the demo: one administrator, with another password at every start, so that none is ever stored.</summary>
/// <param name="password">Shown once, on the console.</param>
internal sealed class DemoAccount(string password)
{
    /// <summary>By which to sign in.</summary>
    public const string Email = "demo@example.com";

    private const string Unmistakable = "abcdefghjkmnpqrstuvwxyz23456789";   // no l, o, i, 0, 1: it is read from a screen

    /// <summary>With which to sign in.</summary>
    public string Password => password;

    /// <summary>An account whose password nobody knows yet.</summary>
    public static DemoAccount WithFreshPassword() =>
        new(string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Unmistakable, 4))));

    /// <summary>Makes the account, or gives it this start's password.</summary>
    public async Task EnsureAsync(UserManager<PortalUser> users, TimeProvider clock)
    {
        if (await users.FindByEmailAsync(Email) is not { } user)
        {
            Demand(await users.CreateAsync(NewUser.Named(Email, PortalRole.Administrator, clock), password));
            return;
        }
        if (await users.CheckPasswordAsync(user, password)) return;   // the first start made it just now
        Demand(await users.RemovePasswordAsync(user));
        Demand(await users.AddPasswordAsync(user, password));
    }

    private static void Demand(IdentityResult result)
    {
        if (!result.Succeeded) throw new InvalidOperationException($"The demo's account could not be made: {result}");
    }
}
