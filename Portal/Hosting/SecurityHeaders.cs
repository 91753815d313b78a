using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Portal.Hosting;

/// <summary>What every answer tells the browser about itself, and who may open a socket.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; " +
        "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";

    /// <summary>Set when the answer begins, so that an error page has them too.</summary>
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
            if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            return Task.CompletedTask;
        }, context);
        return next(context);
    });

    /// <summary>Browsers do not keep other sites from opening sockets; the portal does.</summary>
    public static void UseSameOriginSockets(this WebApplication app)
    {
        var own = new Uri(app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.PublicUrl!).Authority;
        app.Use((context, next) =>
        {
            if (!context.Request.Path.StartsWithSegments("/_blazor") || context.Request.Headers.Origin is not [{ } origin] || IsOwn(origin)) return next(context);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;

            bool IsOwn(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri)
                && (Same(uri.Authority, context.Request.Host.Value) || Same(uri.Authority, own));
        });

        static bool Same(string a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Believes forwarded addresses from the configured proxies, and from nobody else.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.TrustedProxies;
        if (proxies.Length == 0) return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in proxies)
        {
            if (PortalOptionsRules.TryParseNetwork(proxy, out var network)) options.KnownIPNetworks.Add(network);
        }
        app.UseForwardedHeaders(options);
    }
}
