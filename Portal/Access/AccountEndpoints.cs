using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Access;

/// <summary>Where a person's session begins and ends.</summary>
public static class AccountPaths
{
    /// <summary>Page and form.</summary>
    public const string SignIn = "/account/sign-in";

    /// <summary>Page and form: the second step of signing in, for who has a second factor.</summary>
    public const string Code = "/account/code";

    /// <summary>One's own account: password, second factor.</summary>
    public const string Own = "/account";

    /// <summary>Asked by the page now and then while somebody works in it, so that the session does not fall asleep.</summary>
    public const string Here = "/account/here";

    /// <summary>Form only.</summary>
    public const string SignOut = "/account/sign-out";

    /// <summary>Page and form, while <see cref="SetupGate.IsOpen"/>.</summary>
    public const string Setup = "/account/setup";

    /// <summary>The page that says that one may not.</summary>
    public const string Denied = "/account/denied";
}

/// <summary>
/// The forms' targets. Each answers with a redirect: onwards, or back with a word in <c>?error=</c> that the page explains:
/// <c>credentials</c>, <c>locked</c>, <c>expired</c> (the form is too old), <c>code</c>, <c>secondFactor</c>, <c>email</c>, <c>passwordTooShort</c>,
/// <c>passwordTooLong</c>, <c>passwordTooCommon</c>, <c>passwordIsEmail</c>.
/// </summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        // Before the pages of the same path, which take the form's method too.
        routes.MapPost(AccountPaths.SignIn, SignInAsync).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).WithOrder(-1).ExcludeFromDescription();
        routes.MapPost(AccountPaths.Setup, SetUpAsync).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).WithOrder(-1).ExcludeFromDescription();
        routes.MapPost(AccountPaths.Code, GiveCodeAsync).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).WithOrder(-1).ExcludeFromDescription();
        routes.MapGet(AccountPaths.Here, () => TypedResults.NoContent()).RequireAuthorization(Policies.View).ExcludeFromDescription();
        routes.MapPost(AccountPaths.SignOut, SignOutAsync).AllowAnonymous().WithOrder(-1).ExcludeFromDescription();
    }

    private static async Task<RedirectHttpResult> SignInAsync(HttpContext context, IAntiforgery antiforgery, SignInDesk desk, SecondFactors factors, CancellationToken ct)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return Back(AccountPaths.SignIn, "expired", null);
        var form = await context.Request.ReadFormAsync(ct);
        var returnUrl = form["returnUrl"].ToString();
        var checkedIn = await desk.CheckAsync(form["email"], form["password"], PeerOf(context), ct);
        if (!checkedIn.TryGet(out var user, out var problem)) return Back(AccountPaths.SignIn, problem.Code, returnUrl);
        if ((await factors.FindAsync(user.Id, ct)).Since is null) return await EnterAsync(context, user, confirmed: false, returnUrl, ct);
        await context.SignInAsync(Schemes.HalfWay, PortalClaims.Of(user));
        return TypedResults.LocalRedirect(With(AccountPaths.Code, ("returnUrl", returnUrl)));
    }

    private static async Task<RedirectHttpResult> GiveCodeAsync(
        HttpContext context, IAntiforgery antiforgery, UserManager<PortalUser> users, SecondFactors factors, CancellationToken ct)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return Back(AccountPaths.SignIn, "expired", null);
        var form = await context.Request.ReadFormAsync(ct);
        var returnUrl = form["returnUrl"].ToString();
        var halfWay = (await context.AuthenticateAsync(Schemes.HalfWay)).Principal;
        var user = halfWay is null ? null : await users.FindByIdAsync(halfWay.FindFirstValue(ClaimTypes.NameIdentifier) ?? "");
        if (user is null || user.SecurityStamp != halfWay!.FindFirstValue(PortalClaims.Stamp)) return Back(AccountPaths.SignIn, "expired", returnUrl);
        if (await factors.CheckAsync(user.Id, form["code"], PeerOf(context) with { Name = user.Email }, ct) is { } problem)
            return Back(AccountPaths.Code, problem.Code, returnUrl);
        await context.SignOutAsync(Schemes.HalfWay);
        return await EnterAsync(context, user, confirmed: true, returnUrl, ct);
    }

    private static async Task<RedirectHttpResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, PersonSessions sessions, CurrentActor current, CancellationToken ct)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return TypedResults.LocalRedirect("/");
        if (context.User.FindFirstValue(PortalClaims.Session) is { } session) await sessions.EndAsync(session, current.Actor, ct);
        await context.SignOutAsync(Schemes.Session);
        return TypedResults.LocalRedirect(AccountPaths.SignIn);
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> SetUpAsync(
        HttpContext context, IAntiforgery antiforgery, SetupGate gate, UserManager<PortalUser> users, PortalStore store,
        TimeProvider clock, CancellationToken ct)
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
        return await EnterAsync(context, user, confirmed: false, null, ct);
    }

    /// <summary>Begins a new session, whatever there was before.</summary>
    private static async Task<RedirectHttpResult> EnterAsync(HttpContext context, PortalUser user, bool confirmed, string? returnUrl, CancellationToken ct)
    {
        var session = await context.RequestServices.GetRequiredService<PersonSessions>().BeginAsync(user.Id, confirmed, ct);
        await context.RequestServices.GetRequiredService<SignInDesk>().NoteAsync(user, PeerOf(context), ct);
        await context.SignInAsync(Schemes.Session, PortalClaims.Of(user, session));
        return TypedResults.LocalRedirect(RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl! : "/");
    }

    private static Actor PeerOf(HttpContext context) => new(CurrentActor.Anonymous, context.Connection.RemoteIpAddress?.ToString());

    /// <summary>Identity's own codes begin with a capital; what is left to them once ours are checked is the address.</summary>
    private static string ErrorWord(IdentityResult? made) => made?.Errors.Select(e => e.Code).FirstOrDefault(code => char.IsLower(code[0])) ?? "email";

    private static RedirectHttpResult Back(string path, string error, string? returnUrl) =>
        TypedResults.LocalRedirect(With(path, ("error", error), ("returnUrl", returnUrl)));

    private static string With(string path, params (string Name, string? Value)[] parameters) => QueryHelpers.AddQueryString(path, parameters
        .Where(p => p.Name != "returnUrl" || RedirectHttpResult.IsLocalUrl(p.Value)).Select(p => KeyValuePair.Create(p.Name, p.Value)));
}
