using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Hosting;

namespace Portal.Access;

/// <summary>The session's cookie: for this host only, out of scripts' reach, checked against the store each time it comes.</summary>
internal sealed class SessionCookie(IOptions<PortalOptions> portal, TimeProvider clock) :
    IConfigureNamedOptions<CookieAuthenticationOptions>, IConfigureOptions<AntiforgeryOptions>
{
    private static readonly TimeSpan TimeForCode = TimeSpan.FromMinutes(10);

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        if (name is not (Schemes.Session or Schemes.HalfWay)) return;
        options.Cookie.Name = Name(name == Schemes.Session ? "portal" : "portal-half-way");
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = Secure;
        options.TimeProvider = clock;
        if (name == Schemes.HalfWay)
        {
            options.ExpireTimeSpan = TimeForCode;
            options.SlidingExpiration = false;
            return;
        }
        options.ExpireTimeSpan = PersonSessions.Idle;
        options.SlidingExpiration = true;
        options.LoginPath = AccountPaths.SignIn;
        options.AccessDeniedPath = AccountPaths.Denied;
        options.ReturnUrlParameter = "returnUrl";
        options.Events = new CookieAuthenticationEvents
        {
            OnValidatePrincipal = ValidateAsync,
            OnRedirectToLogin = context => RedirectPeople(context, StatusCodes.Status401Unauthorized),
            OnRedirectToAccessDenied = context => RedirectPeople(context, StatusCodes.Status403Forbidden),
        };
    }

    public void Configure(CookieAuthenticationOptions options) => Configure(Options.DefaultName, options);

    public void Configure(AntiforgeryOptions options)
    {
        options.Cookie.Name = Name("portal-form");
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = Secure;
        options.SuppressXFrameOptionsHeader = true;   // frame-ancestors says it already
    }

    private CookieSecurePolicy Secure => portal.Value.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    /// <summary>The prefix makes the browser refuse the cookie unless it came by https from this very host.</summary>
    private string Name(string name) => portal.Value.IsHttps ? $"__Host-{name}" : name;

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var guard = context.HttpContext.RequestServices.GetRequiredService<SessionGuard>();
        if (await guard.SeeAsync(context.Principal, context.HttpContext.RequestAborted) is { } standing)
        {
            context.HttpContext.Features.Set(standing);
            return;
        }
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Schemes.Session);
    }

    private static Task RedirectPeople(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (Faults.IsForMachines(context.Request.Path)) context.Response.StatusCode = status;
        else context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }
}
