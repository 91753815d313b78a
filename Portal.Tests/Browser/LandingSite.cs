using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Tests.Browser;

/// <summary>
/// A product's own site, on a host and port of its own: every page of it has two forms and embeds the attribution script as the documentation
/// says, under a policy that allows nothing but what the documentation names. The browser finds any host below <c>shop.example</c> here.
/// </summary>
internal sealed class LandingSite : IAsyncDisposable
{
    /// <summary>The stub, as a file because the policy takes no inline script, and a question asked before the script is there.</summary>
    private const string Stub = """
        window.CelloAttribution = window.CelloAttribution || ((command, ...args) => new Promise((resolve, reject) => {
          (window.CelloAttributionCmd = window.CelloAttributionCmd || []).push({ command, args, resolve, reject });
        }));
        window.early = window.CelloAttribution('getUcc');
        """;

    private readonly WebApplication _app;

    private LandingSite(WebApplication app) => _app = app;

    public int Port { get; private set; }

    /// <summary>The value of <c>data-product-id</c>; null for a tag without.</summary>
    public string? ProductId { get; set; }

    /// <summary>More of the script's tag.</summary>
    public string Options { get; set; } = "";

    /// <summary>The page's language.</summary>
    public string Language { get; set; } = "en";

    public string Url(string path, string host = "www.shop.example") => string.Create(CultureInfo.InvariantCulture, $"http://{host}:{Port}{path}");

    public static async Task<LandingSite> StartAsync(Uri portal)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var site = new LandingSite(app);
        var origin = portal.GetLeftPart(UriPartial.Authority);
        app.Run(async context =>
        {
            context.Response.Headers.ContentSecurityPolicy =
                $"default-src 'none'; script-src 'self' {origin}; connect-src {origin}; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
            context.Response.ContentType = context.Request.Path == "/stub.js" ? "text/javascript" : "text/html; charset=utf-8";
            await context.Response.WriteAsync(context.Request.Path == "/stub.js" ? Stub : site.Page(origin));
        });
        await app.StartAsync();
        site.Port = new Uri(app.Urls.First()).Port;
        return site;
    }

    public string Page(string origin) => $"""
        <!DOCTYPE html><html lang="{Language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Acme</title><link rel="icon" href="data:,">
        <script src="/stub.js"></script>
        <script type="module" async src="{origin}/assets/attribution/latest/cello-attribution.js"{(ProductId is null ? "" : $" data-product-id=\"{ProductId}\"")} {Options}></script></head>
        <body><main><h1>Acme</h1><p>Everything for road runners.</p>
        <form id="signup"><label>E-mail <input name="email"></label><button>Sign up</button></form>
        <form id="own"><label>Code <input name="ucc" value="mine"></label></form>
        <form id="empty"><input type="hidden" name="ucc"></form>
        <form id="search" data-cello="off"><label>Search <input name="q"></label></form></main></body></html>
        """;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
