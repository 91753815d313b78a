using System.Diagnostics;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Portal.Hosting;

/// <summary>What every answer tells the browser about itself, and who may open a socket.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'; connect-src 'self'";

    /// <summary>Set when the answer begins, so that an error page has them too.</summary>
    public static void UseSecurityHeaders(this WebApplication app)
    {
        var isHttps = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.IsHttps;
        app.Use((context, next) =>
        {
            var requestId = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;   // by which the logs and traces know it
            context.Response.OnStarting(() => Set(context, isHttps, requestId));
            return next(context);
        });
    }

    private static Task Set(HttpContext context, bool isHttps, string requestId)
    {
        var headers = context.Response.Headers;
        headers["X-Request-Id"] = requestId;
        var socket = context.Request.IsHttps || isHttps ? "wss" : "ws";
        headers.ContentSecurityPolicy = $"{Policy} {socket}://{context.Request.Host}";   // older browsers do not take sockets for 'self'
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        return Task.CompletedTask;
    }

    /// <summary>
    /// Other sites open no sockets here (browsers do not keep them from it), send no forms and start no downloads. Programs come
    /// with a signature or a token of their own, which no browser adds by itself.
    /// </summary>
    public static void UseSameOrigin(this WebApplication app)
    {
        var own = new Uri(app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.PublicUrl!).Authority;
        app.Use((context, next) =>
        {
            if (!IsGuarded(context.Request) || !IsForeign(context.Request, own)) return next(context);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        });
    }

    private static bool IsGuarded(HttpRequest request) =>
        request.Path.StartsWithSegments("/_blazor")
        || (!Faults.IsForMachines(request.Path)
            && (!(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) || request.Path.Value!.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)));

    private static bool IsForeign(HttpRequest request, string own)
    {
        if (request.Headers["Sec-Fetch-Site"] == "cross-site") return true;
        if (request.Headers.Origin is not [{ } origin]) return false;
        return !Uri.TryCreate(origin, UriKind.Absolute, out var uri) || !(Same(uri.Authority, request.Host.Value) || Same(uri.Authority, own));

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
