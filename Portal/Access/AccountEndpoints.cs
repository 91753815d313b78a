using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Access;

/// <summary>Where a person's session begins and ends.</summary>
public static class AccountPaths
{
    /// <summary>Page and form.</summary>
    public const string SignIn = "/account/sign-in";

    /// <summary>Form only.</summary>
    public const string SignOut = "/account/sign-out";

    /// <summary>Page and form, while <see cref="SetupGate.IsOpen"/>.</summary>
    public const string Setup = "/account/setup";

    /// <summary>The page that says that one may not.</summary>
    public const string Denied = "/account/denied";
}

/// <summary>
/// The forms' targets. Each answers with a redirect: onwards, or back with a word in <c>?error=</c> that the page explains:
/// <c>credentials</c>, <c>locked</c>, <c>expired</c> (the form is too old), <c>code</c>, <c>email</c>, <c>passwordTooShort</c>,
/// <c>passwordTooLong</c>, <c>passwordTooCommon</c>, <c>passwordIsEmail</c>.
/// </summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        // Before the pages of the same path, which take the form's method too.
        routes.MapPost(AccountPaths.SignIn, SignInAsync).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).WithOrder(-1).ExcludeFromDescription();
        routes.MapPost(AccountPaths.Setup, SetUpAsync).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).WithOrder(-1).ExcludeFromDescription();
        routes.MapPost(AccountPaths.SignOut, SignOutAsync).AllowAnonymous().WithOrder(-1).ExcludeFromDescription();
    }

    private static async Task<RedirectHttpResult> SignInAsync(HttpContext context, IAntiforgery antiforgery, SignInDesk desk, IUserClaimsPrincipalFactory<PortalUser> claims, CancellationToken ct)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return Back(AccountPaths.SignIn, "expired", null);
        var form = await context.Request.ReadFormAsync(ct);
        var returnUrl = form["returnUrl"].ToString();
        var checkedIn = await desk.CheckAsync(form["email"], form["password"], PeerOf(context), ct);
        if (!checkedIn.TryGet(out var user, out var problem)) return Back(AccountPaths.SignIn, problem.Code, returnUrl);
        await BeginSessionAsync(context, await claims.CreateAsync(user));
        return TypedResults.LocalRedirect(RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl : "/");
    }

    private static async Task<RedirectHttpResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, EndedSessions ended, CurrentActor current, CancellationToken ct)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return TypedResults.LocalRedirect("/");
        await ended.EndAsync(context.User, current.Actor, ct);
        await context.SignOutAsync(Schemes.Session);
        return TypedResults.LocalRedirect(AccountPaths.SignIn);
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> SetUpAsync(
        HttpContext context, IAntiforgery antiforgery, SetupGate gate, UserManager<PortalUser> users, PortalStore store,
        IUserClaimsPrincipalFactory<PortalUser> claims, TimeProvider clock, CancellationToken ct)
    {
        if (!gate.IsOpen) return TypedResults.NotFound();
        if (!await antiforgery.IsRequestValidAsync(context)) return Back(AccountPaths.Setup, "expired", null);
        var form = await context.Request.ReadFormAsync(ct);
        var (email, password) = (form["email"].ToString().Trim(), form["password"].ToString());
        if (!EmailAddress.IsWellFormed(email)) return Back(AccountPaths.Setup, "email", null);

        var user = NewUser.Named(email, PortalRole.Administrator, clock);
        IdentityResult? made = null;
        var passed = await gate.TryPassAsync(form["code"], async () => (made = await users.CreateAsync(user, password)).Succeeded);
        if (!passed) return gate.IsOpen ? Back(AccountPaths.Setup, "code", null) : TypedResults.NotFound();
        if (made is not { Succeeded: true }) return Back(AccountPaths.Setup, ErrorWord(made), null);
        await store.WriteAsync(db => db.Audit(PeerOf(context), clock.GetUtcNow(), null, "setup.completed", email), ct);
        await BeginSessionAsync(context, await claims.CreateAsync(user));
        return TypedResults.LocalRedirect("/");
    }

    private static Task BeginSessionAsync(HttpContext context, ClaimsPrincipal person) => context.SignInAsync(Schemes.Session, person);

    private static Actor PeerOf(HttpContext context) => new(CurrentActor.Anonymous, context.Connection.RemoteIpAddress?.ToString());

    /// <summary>Identity's own codes begin with a capital; what is left to them once ours are checked is the address.</summary>
    private static string ErrorWord(IdentityResult? made) => made?.Errors.Select(e => e.Code).FirstOrDefault(code => char.IsLower(code[0])) ?? "email";

    private static RedirectHttpResult Back(string path, string error, string? returnUrl) => TypedResults.LocalRedirect(
        string.IsNullOrEmpty(returnUrl) || !RedirectHttpResult.IsLocalUrl(returnUrl)
            ? $"{path}?error={error}"
            : $"{path}?error={error}&returnUrl={Uri.EscapeDataString(returnUrl)}");
}
